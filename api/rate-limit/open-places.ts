// Owns how many answers that take long may be going on at once: for one token, for all of a workspace, and in all. Makes none.
import { ApiError } from '../errors';

export interface PlaceLimits {
  readonly mostPerToken: number;
  readonly mostPerWorkspace: number;
  readonly mostInAll: number;
}

/** Who is answered. */
export interface PlaceTaker {
  readonly tokenId: string;
  readonly workspaceId: string;
}

// The end of one, or of a reader, may free a place at any moment.
const retryAfterSeconds = '10';

export class OpenPlaces {
  private readonly byToken = new Map<string, number>();
  private readonly byWorkspace = new Map<string, number>();
  private taken = 0;

  /** `what`: as in "50 event streams open". */
  constructor(
    private readonly what: string,
    private readonly limits: PlaceLimits,
  ) {}

  /** Takes a place for the token and returns how to give it back. Throws 429 when there is none. */
  take({ tokenId, workspaceId }: PlaceTaker): () => void {
    const { mostPerToken, mostPerWorkspace, mostInAll } = this.limits;
    const isFull = (places: Map<string, number>, id: string, most: number) => (places.get(id) ?? 0) >= most;
    if (isFull(this.byToken, tokenId, mostPerToken)) {
      throw full(`This token has ${mostPerToken} ${this.what}, as many as it may.`);
    }
    if (isFull(this.byWorkspace, workspaceId, mostPerWorkspace)) {
      throw full(`This workspace has ${mostPerWorkspace} ${this.what}, as many as it may.`);
    }
    if (this.taken >= mostInAll) throw full(`This server has ${mostInAll} ${this.what}, as many as it may.`);
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
