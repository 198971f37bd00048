// A launcher that starts nothing and keeps what it was told to start.
import type { LaunchedRun, RunLauncher } from '../../temporal/run-launcher';

export interface FakeLauncher extends RunLauncher {
  readonly started: LaunchedRun[];
  /** While true every start fails as if Temporal were away. */
  away: boolean;
}

export function fakeLauncher(): FakeLauncher {
  const started: LaunchedRun[] = [];
  return {
    started,
    away: false,
    async start(run) {
      if (this.away) throw new Error('14 UNAVAILABLE: connect ECONNREFUSED');
      if (!started.some((known) => known.workflowId === run.workflowId)) started.push(run);
    },
  };
}
