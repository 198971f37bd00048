// Owns how many streams may be open at once: for one token, for all of a workspace, and in all. Opens none.
import { ApiError } from '../errors';

export interface StreamLimits {
  readonly mostPerToken: number;
  readonly mostPerWorkspace: number;
  readonly mostInAll: number;
}

/** Who opens a stream. */
export interface StreamReader {
  readonly tokenId: string;
  readonly workspaceId: string;
}

// The end of a run, or of a reader, may free a place at any moment.
const retryAfterSeconds = '10';

export class StreamPlaces {
  private readonly byToken = new Map<string, number>();
  private readonly byWorkspace = new Map<string, number>();
  private taken = 0;

  constructor(private readonly limits: StreamLimits) {}

  /** Takes a place for a stream of the token and returns how to give it back. Throws 429 when there is none. */
  take({ tokenId, workspaceId }: StreamReader): () => void {
    const { mostPerToken, mostPerWorkspace, mostInAll } = this.limits;
    const isFull = (places: Map<string, number>, id: string, most: number) => (places.get(id) ?? 0) >= most;
    if (isFull(this.byToken, tokenId, mostPerToken)) {
      throw full(`This token has ${mostPerToken} event streams open, as many as it may.`);
    }
    if (isFull(this.byWorkspace, workspaceId, mostPerWorkspace)) {
      throw full(`This workspace has ${mostPerWorkspace} event streams open, as many as it may.`);
    }
    if (this.taken >= mostInAll) throw full('This server has as many event streams open as it may.');
    this.count(tokenId, workspaceId, 1);
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.count(tokenId, workspaceId, -1);
    };
  }

  private count(tokenId: string, workspaceId: string, change: 1 | -1): void {
    this.taken += change;
    add(this.byToken, tokenId, change);
    add(this.byWorkspace, workspaceId, change);
  }
}

// Who has none is forgotten.
function add(places: Map<string, number>, id: string, change: 1 | -1): void {
  const left = (places.get(id) ?? 0) + change;
  if (left > 0) places.set(id, left);
  else places.delete(id);
}

function full(detail: string): ApiError {
  return new ApiError('too_many_requests', detail, [], { 'Retry-After': retryAfterSeconds });
}
