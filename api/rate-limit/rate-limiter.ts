// Owns how many requests a token may make: which limit a route draws on, and how that is told in headers. Each process
// counts for itself: behind n of them a caller has n times as many.
import { tooManyRequests } from '../errors';
import type { Route } from '../route';
import { TokenBuckets } from './token-buckets';

/** Requests a minute for each token, and at most as many at once; 0: as many as it likes. */
export interface RateLimits {
  /** GET. */
  readonly reads: number;
  /** Everything else. */
  readonly writes: number;
  /** What makes a run. */
  readonly triggers: number;
}

type LimitName = keyof RateLimits;

export interface RateLimiter {
  /** Counts a request; returns the headers that tell how the limit stands. Throws 429 when it is used up. */
  draw(tokenId: string, route: Route): Readonly<Record<string, string>>;
}

/** `count` hears of every refusal. */
export function rateLimiter(
  limits: RateLimits,
  count: (limit: LimitName) => void = () => undefined,
  nowMs?: () => number,
): RateLimiter {
  const buckets = new Map(
    (Object.entries(limits) as [LimitName, number][])
      .filter(([, perMinute]) => perMinute > 0)
      .map(([limit, perMinute]) => [limit, new TokenBuckets(perMinute, nowMs)] as const),
  );
  return {
    draw(tokenId, route) {
      const limit = limitOf(route);
      const bucket = buckets.get(limit);
      if (!bucket) return {};
      const { isAllowed, remaining, nextInSeconds, fullInSeconds } = bucket.draw(tokenId);
      // Structured fields of draft-ietf-httpapi-ratelimit-headers-11: quota and window; what is left, until it is all there.
      const headers = {
        'RateLimit-Policy': `"${limit}";q=${limits[limit]};w=60`,
        RateLimit: `"${limit}";r=${remaining};t=${fullInSeconds}`,
      };
      if (isAllowed) return headers;
      count(limit);
      throw tooManyRequests(limit, limits[limit], nextInSeconds, headers);
    },
  };
}

function limitOf({ method, limit }: Route): LimitName {
  return limit ?? (method === 'GET' ? 'reads' : 'writes');
}
