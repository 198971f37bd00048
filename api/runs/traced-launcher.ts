// Owns the span that leads from a request to the run it starts. The run's own trace is the worker's.
import type { Tracing } from '../../telemetry/tracing';
import type { RunLauncher } from '../../temporal/run-launcher';

/** The same launcher; each start is a span of the request, linked to the run's trace. */
export function tracedLauncher(launcher: RunLauncher, tracing: Tracing): RunLauncher {
  if (!tracing.isOn) return launcher;
  return {
    ...launcher,
    start(run) {
      const { runId, syncId, workflowId } = run;
      const attributes = { 'signalsmith.run_id': runId, 'signalsmith.sync_id': syncId };
      const span = { name: 'start run', kind: 'producer', linkTo: { workflowId }, attributes } as const;
      return tracing.span(span, () => launcher.start(run));
    },
  };
}
