// Owns the rule by which a pause that was made in Temporal, or its end, is told from what we put there ourselves.
import type { FoundSchedule, SchedulePause } from './schedule';

/** What we know of a schedule's pause. */
export interface KnownPause {
  /** The sync's own. */
  readonly paused: SchedulePause;
  /** Temporal was given the newest form. */
  readonly isApplied: boolean;
  /** Forms up to this one do not know yet what was last said through us; 0: all do. */
  readonly unknownTo: number;
  /** What was last taken over, and the form it had been laid over; null: nothing yet. */
  readonly adopted: { readonly form: number; readonly paused: SchedulePause } | null;
}

/** The pause (null: its end) somebody made in Temporal that we are to take over; undefined: there is none. */
export function pauseMadeOutside(found: FoundSchedule, known: KnownPause): SchedulePause | undefined {
  const before = expectedPause(found, known);
  return before === undefined || isSamePause(before, found.paused) ? undefined : found.paused;
}

/** How the schedule in Temporal would stand if nobody had touched its pause there; undefined: that does not matter. */
function expectedPause({ form }: FoundSchedule, known: KnownPause): SchedulePause | undefined {
  // No form of ours to compare with. Ours wins while anything of ours is on its way.
  if (!form) return known.isApplied ? known.paused : undefined;
  // Somebody paused or resumed through us since: whose word is the newer nobody can tell, and ours has been answered.
  if (form.revision <= known.unknownTo) return undefined;
  return known.adopted?.form === form.revision ? known.adopted.paused : form.paused;
}

// A schedule that fires keeps the note of its last pause: it says nothing any more.
function isSamePause(one: SchedulePause, other: SchedulePause): boolean {
  return one && other ? one.note === other.note : one === other;
}
