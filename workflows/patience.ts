// Owns waiting out trouble in one phase: visible, cancellable pauses until patience is over, then the failure.
import { ApplicationFailure, sleep } from '@temporalio/workflow';
import type { Failure } from '../domain/failure';
import { nextPause, type Trouble } from '../domain/patience';
import type { Setback } from '../domain/setback';

/** One stretch of trouble lasts from its first setback until something is achieved again. */
export class Patience {
  /** `trouble`: the stretch an earlier execution of the workflow was in. */
  constructor(
    private readonly patienceMs: number,
    public trouble: Trouble | null = null,
  ) {}

  /** Something was achieved: the next setback begins a new stretch. */
  renew(): void {
    this.trouble = null;
  }

  /** Sleeps as long as the setback deserves; throws its failure, by its code, when patience is over. */
  async waitOut({ failure, askedMs, progressed }: Setback): Promise<void> {
    if (progressed) this.renew();
    const { sinceMs, attempt } = this.trouble ?? { sinceMs: Date.now(), attempt: 0 };
    this.trouble = { sinceMs, attempt: attempt + 1 };
    const pauseMs = nextPause(this.trouble, Date.now(), this.patienceMs, Math.random(), askedMs ?? undefined);
    if (pauseMs === null) throw asFailure(failure);
    await sleep(pauseMs, { summary: `Waiting: ${failure.message}` });
  }

  /** Runs `step` until it gives a result. */
  async until<Result extends object>(step: () => Promise<Result | { setback: Setback }>): Promise<Result> {
    for (;;) {
      const result = await step();
      if (!('setback' in result)) {
        this.renew();
        return result;
      }
      await this.waitOut(result.setback);
    }
  }
}

/** A run failure as workflow code throws it. */
export function asFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.code,
    nonRetryable: true,
    details: [failure],
  });
}
