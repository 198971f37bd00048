// Owns the pace of calls to one destination across its lanes: configured limits, and pauses the destination asked for.
import { inlinePauseMs } from '../../../domain/patience';
import { ConnectorFailure } from '../../connector-failure';
import { pause } from './pause';

/** Most rows and calls a second; null is no limit. */
export interface Pace {
  readonly rowsPerSecond: number | null;
  readonly requestsPerSecond: number | null;
}

export interface CallPacer {
  /** Waits for the turn of a call with so many rows. Throws the failure of a hold that is too long to wait here. */
  turn(rows: number, signal: AbortSignal): Promise<void>;
  /** All lanes make no call for so long: one lane's Retry-After is the others' too. */
  hold(failure: ConnectorFailure, forMs: number): void;
  /** All lanes make no call any more: a key one lane was refused with is refused to the others too. */
  stop(failure: ConnectorFailure): void;
  /** Ends a stop: the destination is tried afresh. */
  resume(): void;
}

/** Milliseconds of the pace that one call with so many rows takes up. */
export function slotMs(pace: Pace, rows: number): number {
  const byRows = pace.rowsPerSecond === null ? 0 : rows / pace.rowsPerSecond;
  const byCalls = pace.requestsPerSecond === null ? 0 : 1 / pace.requestsPerSecond;
  return Math.max(byRows, byCalls) * 1000;
}

/** Calls evenly spaced: no burst is saved up, for limits of real APIs are counted over seconds and minutes alike. */
export function callPacer(pace: Pace): CallPacer {
  let freeAtMs = 0;
  let held: { readonly failure: ConnectorFailure; readonly untilMs: number } | null = null;

  return {
    async turn(rows, signal) {
      // Looped, for a pause may have been prolonged, or a stop come, meanwhile.
      for (;;) {
        const leftMs = held === null ? 0 : held.untilMs - performance.now();
        if (held === null || leftMs <= 0) break;
        if (leftMs > inlinePauseMs) {
          throw new ConnectorFailure(
            held.failure.failure,
            held.failure.retryable ? Math.ceil(leftMs) : undefined,
            true,
          );
        }
        await pause(leftMs, signal);
      }
      const startMs = Math.max(performance.now(), freeAtMs);
      freeAtMs = startMs + slotMs(pace, rows);
      if (startMs > performance.now()) await pause(startMs - performance.now(), signal);
    },
    hold(failure, forMs) {
      const untilMs = performance.now() + forMs;
      if (held === null || untilMs > held.untilMs) held = { failure, untilMs };
    },
    stop(failure) {
      held = { failure, untilMs: Infinity };
    },
    resume() {
      if (held?.untilMs === Infinity) held = null;
    },
  };
}
