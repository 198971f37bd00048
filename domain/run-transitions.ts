// Owns the status table of a run: which status may follow which, and who moves it. Postgres repeats it as CHECKs.
import type { RunStatus } from './run';

/** One legal move, and the function that is allowed to make it. */
export interface RunTransition {
  readonly from: RunStatus | 'none';
  readonly to: RunStatus;
  readonly by: 'queue-run' | 'start-run' | 'close-run';
}

/** The only truth about the lifecycle; `none` stands for a run that has no row yet. */
export const runTransitions: readonly RunTransition[] = [
  { from: 'none', to: 'queued', by: 'queue-run' },
  { from: 'queued', to: 'running', by: 'start-run' },
  { from: 'queued', to: 'failed', by: 'close-run' },
  { from: 'queued', to: 'cancelled', by: 'close-run' },
  { from: 'running', to: 'completed', by: 'close-run' },
  { from: 'running', to: 'failed', by: 'close-run' },
  { from: 'running', to: 'cancelled', by: 'close-run' },
];

export function canMove(from: RunTransition['from'], to: RunStatus): boolean {
  return runTransitions.some((move) => move.from === from && move.to === to);
}

/** The statuses a compare-and-set to `to` may find; empty when nothing leads there. */
export function predecessorsOf(to: RunStatus): RunStatus[] {
  return runTransitions.flatMap((move) => (move.to === to && move.from !== 'none' ? [move.from] : []));
}
