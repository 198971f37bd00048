// A launcher that starts nothing and keeps what it was told: starts, cancels, hand-offs.
import type { LaunchedRun, RunLauncher } from '../../temporal/run-launcher';

export interface FakeLauncher extends RunLauncher {
  readonly started: LaunchedRun[];
  /** Workflows that were asked to cancel while open, once each. */
  readonly cancelled: string[];
  /** Workflows that were told they hold the lease. */
  readonly handedOff: string[];
  /** Workflows that have ended, as a test says. */
  readonly closed: Set<string>;
  /** While true every call fails as if Temporal were away. */
  away: boolean;
}

export function fakeLauncher(): FakeLauncher {
  const started: LaunchedRun[] = [];
  const cancelled: string[] = [];
  const handedOff: string[] = [];
  const closed = new Set<string>();
  const isOpen = (workflowId: string): boolean =>
    started.some((run) => run.workflowId === workflowId) && !closed.has(workflowId);
  const fake: FakeLauncher = {
    started,
    cancelled,
    handedOff,
    closed,
    away: false,
    async start(run) {
      answer();
      if (!started.some((known) => known.workflowId === run.workflowId)) started.push(run);
    },
    async cancel(workflowId) {
      answer();
      if (closed.has(workflowId)) return 'closed';
      if (!isOpen(workflowId)) return 'not_found';
      if (!cancelled.includes(workflowId)) cancelled.push(workflowId);
      return 'asked';
    },
    async handOff(workflowId) {
      answer();
      if (!isOpen(workflowId)) return false;
      handedOff.push(workflowId);
      return true;
    },
  };
  function answer(): void {
    if (fake.away) throw new Error('14 UNAVAILABLE: connect ECONNREFUSED');
  }
  return fake;
}
