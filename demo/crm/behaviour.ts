// Owns how the demo CRM misbehaves on request: slow, limited, silent, or with its key expired. Not what it stores.

import type { ServerResponse } from 'node:http';

/** How the CRM treats calls; what an admin call sets, and all of it off at the start. */
export interface Behaviour {
  /** Wait before each call is looked at, in milliseconds. */
  latency_ms: number;
  /** At most this many calls a second, the others are answered 429; null for no limit. 0 refuses all of them. */
  rate_limit: { per_second: number } | null;
  /** The API key is answered 401 until this is false again. */
  expire_key: boolean;
  /** `true`: calls wait unanswered before anything is stored; `after_write`: stored first, then never answered. */
  hang: boolean | 'after_write';
}

/** Behaviour of one CRM, with the count of calls in the current second. */
export class BehaviourSwitch {
  readonly now: Behaviour = { latency_ms: 0, rate_limit: null, expire_key: false, hang: false };
  private windowStart = 0;
  private callsInWindow = 0;
  private readonly waiting = new Set<() => void>();

  /** Applies the keys given and keeps the others. Returns what is wrong with the input, or null. */
  change(input: unknown): string | null {
    if (typeof input !== 'object' || input === null || Array.isArray(input))
      return 'the body must be an object';
    for (const [key, value] of Object.entries(input)) {
      const fault = faultOf(key, value);
      if (fault !== null) return fault;
    }
    Object.assign(this.now, input);
    if (this.now.hang !== true) this.release();
    return null;
  }

  /** True when one more call at this moment is above the limit. */
  isLimited(nowMs: number): boolean {
    if (this.now.rate_limit === null) return false;
    if (nowMs - this.windowStart >= 1000) {
      this.windowStart = nowMs;
      this.callsInWindow = 0;
    }
    return ++this.callsInWindow > this.now.rate_limit.per_second;
  }

  /** Calls that hang at this moment, with their callers still there. */
  get waitingCalls(): number {
    return this.waiting.size;
  }

  /** True at once, or when the hanging ends; false when the caller hangs up first. */
  untilAwake(response: ServerResponse): Promise<boolean> {
    if (response.closed) return Promise.resolve(false);
    if (this.now.hang !== true) return Promise.resolve(true);
    return new Promise((resolve) => {
      const goOn = (): void => resolve(true);
      this.waiting.add(goOn);
      response.once('close', () => {
        this.waiting.delete(goOn);
        resolve(false);
      });
    });
  }

  /** Lets every waiting call go on. */
  release(): void {
    for (const goOn of this.waiting) goOn();
    this.waiting.clear();
  }
}

function faultOf(key: string, value: unknown): string | null {
  switch (key) {
    case 'latency_ms':
      return isCount(value) ? null : 'latency_ms must be a number of milliseconds, 0 or more';
    case 'rate_limit': {
      const perSecond = (value as { per_second?: unknown } | null)?.per_second;
      return value === null || isCount(perSecond)
        ? null
        : 'rate_limit must be null or {"per_second": number}';
    }
    case 'expire_key':
      return typeof value === 'boolean' ? null : 'expire_key must be true or false';
    case 'hang':
      return typeof value === 'boolean' || value === 'after_write'
        ? null
        : 'hang must be true, false or "after_write"';
    default:
      return `${key} is not a known behaviour`;
  }
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && value >= 0 && Number.isFinite(value);
}
