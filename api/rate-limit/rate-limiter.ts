// Owns how many requests a token, and all tokens of a workspace, may make: which limit a route draws on, and how that is
// told in headers. Each process counts for itself: behind n of them a caller has n times as many.
import { tooManyRequests } from '../errors';
import type { Route } from '../route';
import { type Draw, TokenBuckets } from './token-buckets';

/** Requests a minute for each token, and at most as many at once; 0: as many as it likes. */
export interface RateLimits {
  /** GET. */
  readonly reads: number;
  /** Everything else. */
  readonly writes: number;
  /** What makes a run. */
  readonly triggers: number;
}

/**
 * What a workspace may make, in tokens: five of them work as fast as they may beside each other, and whoever makes tokens by
 * the hundred has no more.
 */
export const tokensOfWorkspace = 5;

type LimitName = keyof RateLimits;

/** Who draws: a token, and with it its workspace. */
export interface Caller {
  readonly id: string;
  readonly workspaceId: string;
}

export interface RateLimiter {
  /** Counts a request; returns the headers that tell how the token's limit stands. Throws 429 when it or the workspace's is used up. */
  draw(token: Caller, route: Route): Readonly<Record<string, string>>;
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
      .map(([limit, perMinute]) => {
        const tokens = new TokenBuckets(perMinute, nowMs);
        return [
          limit,
          { tokens, workspaces: new TokenBuckets(perMinute * tokensOfWorkspace, nowMs) },
        ] as const;
      }),
  );
  return {
    draw(token, route) {
      const limit = limitOf(route);
      const all = buckets.get(limit);
      if (!all) return {};
      const own = all.tokens.draw(token.id);
      // A token that has used up its own costs the others nothing, and a workspace that has, its tokens nothing.
      const shared = own.isAllowed ? all.workspaces.draw(token.workspaceId) : null;
      if (shared?.isAllowed) return headersOf(limit, limits[limit], own);
      count(limit);
      if (!shared) {
        const headers = headersOf(limit, limits[limit], own);
        throw tooManyRequests('token', limit, limits[limit], own.nextInSeconds, headers);
      }
      all.tokens.giveBack(token.id);
      const perMinute = limits[limit] * tokensOfWorkspace;
      const headers = headersOf(`workspace_${limit}`, perMinute, shared);
      throw tooManyRequests('workspace', limit, perMinute, shared.nextInSeconds, headers);
    },
  };
}

// Structured fields of draft-ietf-httpapi-ratelimit-headers-11: quota and window; what is left, until it is all there.
function headersOf(policy: string, perMinute: number, { remaining, fullInSeconds }: Draw) {
  return {
    'RateLimit-Policy': `"${policy}";q=${perMinute};w=60`,
    RateLimit: `"${policy}";r=${remaining};t=${fullInSeconds}`,
  };
}

function limitOf({ method, limit }: Route): LimitName {
  return limit ?? (method === 'GET' ? 'reads' : 'writes');
}
