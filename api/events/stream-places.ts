// Owns how many streams may be open at once, for one token and in all. Opens none.
import { ApiError } from '../errors';

export interface StreamLimits {
  readonly mostPerToken: number;
  readonly mostInAll: number;
}

// The end of a run, or of a reader, may free a place at any moment.
const retryAfterSeconds = '10';

export class StreamPlaces {
  private readonly byToken = new Map<string, number>();
  private taken = 0;

  constructor(private readonly limits: StreamLimits) {}

  /** Takes a place for a stream of the token and returns how to give it back. Throws 429 when there is none. */
  take(tokenId: string): () => void {
    const own = this.byToken.get(tokenId) ?? 0;
    const { mostPerToken, mostInAll } = this.limits;
    if (own >= mostPerToken) throw full(`This token has ${own} event streams open, as many as it may.`);
    if (this.taken >= mostInAll) throw full('This server has as many event streams open as it may.');
    this.byToken.set(tokenId, own + 1);
    this.taken += 1;
    let isTaken = true;
    return () => {
      if (!isTaken) return;
      isTaken = false;
      this.taken -= 1;
      const left = (this.byToken.get(tokenId) ?? 1) - 1;
      if (left > 0) this.byToken.set(tokenId, left);
      else this.byToken.delete(tokenId);
    };
  }
}

function full(detail: string): ApiError {
  return new ApiError('too_many_requests', detail, [], { 'Retry-After': retryAfterSeconds });
}
