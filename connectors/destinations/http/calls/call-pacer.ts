// Owns the pace of calls to one destination across its lanes: configured limits, and pauses the destination asked for.
import { failureOf } from '../../../../domain/failure';
import { inlinePauseMs } from '../../../../domain/patience';
import { CallWithheld } from '../../../call-withheld';
import { ConnectorFailure } from '../../../connector-failure';
import type { Hold, SharedPace } from '../../../shared-pace';
import { pause } from './pause';

// A minute: what asks for more is a quota and no moment of haste, and ends when somebody raises it. Each run may ask.
const longestSharedHoldMs = 60_000;

/** Most rows and calls a second; null is no limit. */
export interface Pace {
  readonly rowsPerSecond: number | null;
  readonly requestsPerSecond: number | null;
}

export interface CallPacer {
  /**
   * Waits for the turn of a call with so many rows. Throws the failure of a hold that is too long to wait here, and
   * CallWithheld when the turn is further off than `mostMs`.
   */
  turn(rows: number, signal: AbortSignal, mostMs?: number): Promise<void>;
  /** Asks for a hold that another run was told of. Once is enough: later ones are met by a call or a turn. */
  listen(): Promise<void>;
  /** All lanes make no call for so long: one lane's Retry-After is the others' too, those of other runs included. */
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
export function callPacer(pace: Pace, shared: SharedPace): CallPacer {
  let held: { readonly failure: ConnectorFailure; readonly untilMs: number } | null = null;
  // Turns that were given up before they came: the next call takes one of them and nothing is lost.
  let spare: { readonly startMs: number; readonly ms: number }[] = [];
  let listening: Promise<void> | null = null;

  function note(failure: ConnectorFailure, forMs: number): void {
    const untilMs = performance.now() + forMs;
    if (held === null || untilMs > held.untilMs) held = { failure, untilMs };
  }

  function noteShared(hold: Hold | null): void {
    if (hold) note(new ConnectorFailure(failureOf(hold.code), hold.forMs, true), hold.forMs);
  }

  /** Waits until no hold is on. */
  async function pastHolds(signal: AbortSignal): Promise<void> {
    // Looped, for a hold may have been prolonged, or a stop come, meanwhile.
    for (;;) {
      const leftMs = held === null ? 0 : held.untilMs - performance.now();
      if (held === null || leftMs <= 0) return;
      if (leftMs > inlinePauseMs) {
        throw new ConnectorFailure(
          held.failure.failure,
          held.failure.retryable ? Math.ceil(leftMs) : undefined,
          true,
        );
      }
      await pause(leftMs, signal);
    }
  }

  /** When a call that takes up so much of the pace may begin, by performance.now(). */
  async function startOf(ms: number): Promise<number> {
    const nowMs = performance.now();
    spare = spare.filter((turn) => turn.startMs >= nowMs);
    const found = spare.find((turn) => turn.ms >= ms);
    if (found) {
      spare = spare.filter((turn) => turn !== found);
      return found.startMs;
    }
    const { startInMs, hold } = await shared.reserve(ms);
    noteShared(hold);
    return performance.now() + startInMs;
  }

  return {
    async turn(rows, signal, mostMs = Infinity) {
      const ms = slotMs(pace, rows);
      for (;;) {
        await pastHolds(signal);
        if (ms === 0) return;
        const startMs = await startOf(ms);
        try {
          // What was reserved may have told of a hold.
          await pastHolds(signal);
          const waitMs = startMs - performance.now();
          if (waitMs > mostMs) throw new CallWithheld(`its turn is ${Math.round(waitMs)} ms off`);
          if (waitMs > 0) await pause(waitMs, signal);
        } catch (error) {
          spare.push({ startMs, ms });
          throw error;
        }
        // A hold that came meanwhile has taken the turn away.
        if (held === null || held.untilMs <= performance.now()) return;
      }
    },
    listen() {
      listening ??= shared.held().then(noteShared);
      return listening;
    },
    hold(failure, forMs) {
      note(failure, forMs);
      // Not waited for, and no matter if it fails: the others would find out by a call of their own.
      if (forMs <= longestSharedHoldMs) {
        shared.hold({ code: failure.failure.code, forMs }).catch(() => undefined);
      }
    },
    stop(failure) {
      held = { failure, untilMs: Infinity };
    },
    resume() {
      if (held?.untilMs === Infinity) held = null;
    },
  };
}
