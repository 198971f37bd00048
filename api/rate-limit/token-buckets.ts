// Owns counting: a bucket for each caller that fills with time and is drawn on by requests. Knows neither HTTP nor routes.

/** What is left in a bucket after a draw. */
export interface Draw {
  readonly isAllowed: boolean;
  /** Whole requests that are left. */
  readonly remaining: number;
  /** Until one more request is there, seconds, rounded up; 0 when one is left. */
  readonly nextInSeconds: number;
  /** Until the bucket is full, seconds, rounded up. */
  readonly fullInSeconds: number;
}

interface Bucket {
  level: number;
  atMs: number;
}

const minuteMs = 60_000;

/** Buckets of one size. Those that have filled up again are forgotten, so that there are as many as busy callers. */
export class TokenBuckets {
  private readonly buckets = new Map<string, Bucket>();
  private sweptMs: number;

  /** `perMinute` is what a bucket holds, and what flows into it in a minute. */
  constructor(
    private readonly perMinute: number,
    private readonly nowMs: () => number = () => performance.now(),
  ) {
    this.sweptMs = nowMs();
  }

  /** Takes one request out of the caller's bucket, if there is one. */
  draw(caller: string): Draw {
    const atMs = this.nowMs();
    this.sweep(atMs);
    const level = this.levelOf(this.buckets.get(caller), atMs);
    const isAllowed = level >= 1;
    const left = isAllowed ? level - 1 : level;
    this.buckets.set(caller, { level: left, atMs });
    return {
      isAllowed,
      remaining: Math.floor(left),
      nextInSeconds: left >= 1 ? 0 : this.secondsUntil(1, left),
      fullInSeconds: this.secondsUntil(this.perMinute, left),
    };
  }

  /** Undoes the caller's last draw: what it was for has been refused by another limit. */
  giveBack(caller: string): void {
    const bucket = this.buckets.get(caller);
    if (bucket) bucket.level = Math.min(this.perMinute, bucket.level + 1);
  }

  /** How many callers are remembered. */
  get size(): number {
    return this.buckets.size;
  }

  private levelOf(bucket: Bucket | undefined, atMs: number): number {
    if (!bucket) return this.perMinute;
    const flown = ((atMs - bucket.atMs) / minuteMs) * this.perMinute;
    return Math.min(this.perMinute, bucket.level + flown);
  }

  private secondsUntil(level: number, from: number): number {
    return Math.ceil(((level - from) / this.perMinute) * (minuteMs / 1_000));
  }

  // Every bucket is full after a minute without a request.
  private sweep(atMs: number): void {
    if (atMs - this.sweptMs < minuteMs) return;
    this.sweptMs = atMs;
    for (const [caller, bucket] of this.buckets)
      if (this.levelOf(bucket, atMs) >= this.perMinute) this.buckets.delete(caller);
  }
}
