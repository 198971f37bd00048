// Owns waiting out trouble between tries of a step: visible, cancellable pauses. How long is the activity's to say.
import { ApplicationFailure, setCurrentDetails, sleep, workflowInfo } from '@temporalio/workflow';
import type { Failure } from '../domain/failure';
import type { Trouble } from '../domain/patience';
import type { Setback, Stretch } from '../domain/setback';

/** One stretch of trouble lasts from its first setback until something is achieved again. */
export class Patience {
  /** `trouble`: the stretch an earlier execution of the workflow was in. */
  constructor(
    private readonly patienceMs: number,
    public trouble: Trouble | null,
  ) {}

  /** What the next try is told. */
  get stretch(): Stretch {
    return { trouble: this.trouble, patienceMs: this.patienceMs };
  }

  /** Something was achieved: the next setback begins a new stretch. */
  renew(): void {
    this.trouble = null;
  }

  async waitOut({ failure, pauseMs, trouble }: Setback): Promise<void> {
    this.trouble = trouble;
    setCurrentDetails(
      `Waiting until ${new Date(Date.now() + pauseMs).toISOString()}: ${failure.message} (try ${trouble.attempt})`,
    );
    await sleep(pauseMs, { summary: `Waiting: ${failure.message}` });
  }

  /** Runs `step` until it gives a result; null when the history has grown too long to go on in this execution. */
  async until<Result extends object>(
    step: (stretch: Stretch) => Promise<Result | { setback: Setback }>,
  ): Promise<Result | null> {
    for (;;) {
      const result = await step(this.stretch);
      if (!('setback' in result)) {
        this.renew();
        return result;
      }
      await this.waitOut(result.setback);
      if (workflowInfo().continueAsNewSuggested) return null;
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
