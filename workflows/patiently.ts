// Owns waiting out trouble: a phase is tried again after visible, cancellable pauses until its patience is over.
import { ApplicationFailure, sleep } from '@temporalio/workflow';
import { nextPause } from '../domain/patience';
import type { Setback } from '../domain/setback';

/** Runs `step` until it gives a result. Throws the setback's failure, by its code, when patience is over. */
export async function patiently<Result extends object>(
  patienceMs: number,
  step: () => Promise<Result | { setback: Setback }>,
): Promise<Result> {
  let sinceMs = Date.now();
  for (let attempt = 1; ; attempt += 1) {
    const result = await step();
    if (!('setback' in result)) return result;
    const { failure, askedMs, progressed } = result.setback;
    if (progressed || attempt === 1) {
      sinceMs = Date.now();
      attempt = 1;
    }
    const pauseMs = nextPause({ sinceMs, attempt }, Date.now(), patienceMs, Math.random(), askedMs ?? undefined);
    if (pauseMs === null) {
      throw ApplicationFailure.create({
        message: failure.message,
        type: failure.code,
        nonRetryable: true,
        details: [failure],
      });
    }
    await sleep(pauseMs, { summary: `Waiting: ${failure.message}` });
  }
}
