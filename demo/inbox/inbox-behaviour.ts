// Owns how the demo inbox misbehaves on request: refusals of either kind, slowness, silence. Not what it stores.
import type { ServerResponse } from 'node:http';

/** An answer instead of the usual one. */
export interface DemandedAnswer {
  readonly status: number;
  /** The whole body: of Slack a word like `no_service`. */
  readonly text: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** For so many calls; absent: until it is changed. */
  readonly times?: number;
}

export interface InboxBehaviour {
  readonly slack: DemandedAnswer | null;
  readonly webhook: DemandedAnswer | null;
  /** Wait before each call is looked at, milliseconds. */
  readonly latencyMs: number;
  /** `before`: calls wait unanswered before anything is stored; `after`: stored first, then never answered. */
  readonly hang: 'before' | 'after' | null;
}

export class BehaviourOnDemand {
  private now: InboxBehaviour = { slack: null, webhook: null, latencyMs: 0, hang: null };
  private readonly waiting = new Set<() => void>();

  /** Keeps what is not given. Calls that hang go on when the hanging ends. */
  change(given: Partial<InboxBehaviour>): void {
    this.now = { ...this.now, ...given };
    if (this.now.hang !== null) return;
    for (const goOn of this.waiting) goOn();
    this.waiting.clear();
  }

  get hang(): InboxBehaviour['hang'] {
    return this.now.hang;
  }

  /** Calls that hang at this moment, with their callers still there. */
  get waitingCalls(): number {
    return this.waiting.size;
  }

  /** What the next call of the kind is answered instead; counts it. */
  demanded(kind: 'slack' | 'webhook'): DemandedAnswer | null {
    const answer = this.now[kind];
    if (answer?.times !== undefined) {
      const left = answer.times - 1;
      this.now = { ...this.now, [kind]: left > 0 ? { ...answer, times: left } : null };
    }
    return answer;
  }

  async delay(): Promise<void> {
    const { latencyMs } = this.now;
    if (latencyMs > 0) await new Promise((resolve) => setTimeout(resolve, latencyMs));
  }

  /** True at once or when the hanging ends; false when the caller hangs up first. */
  untilAwake(response: ServerResponse, when: 'before' | 'after'): Promise<boolean> {
    if (response.closed) return Promise.resolve(false);
    if (this.now.hang !== when) return Promise.resolve(true);
    return new Promise((resolve) => {
      const goOn = (): void => resolve(true);
      this.waiting.add(goOn);
      response.once('close', () => {
        this.waiting.delete(goOn);
        resolve(false);
      });
    });
  }
}
