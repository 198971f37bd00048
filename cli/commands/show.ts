// Owns `runs show`: everything about one run on one screen.
import type { RunDetail, RunPhase, Sync } from '../api/wire';
import { type ExitStatus, exitStatus } from '../exit-status';
import { findRunId, findSync } from '../find';
import { inert } from '../output/inert';
import type { Terminal } from '../output/terminal';
import { count, duration, rowsSoFar, seconds, state, time, waitWords, words } from '../output/words';
import type { Context } from './context';

export async function showRun(
  { client, terminal, json }: Context,
  syncName: string,
  wanted: string,
): Promise<ExitStatus> {
  const sync = await findSync(client, syncName);
  const run = await client.run(sync.id, await findRunId(client, sync, wanted));
  if (json) terminal.json(run);
  else showDetail(terminal, run, sync);
  return exitStatus.ok;
}

/** The run's summary, phases and failure. */
export function showDetail(terminal: Terminal, run: RunDetail, sync: Sync): void {
  terminal.facts([
    ['Sync', `${inert(sync.name)} (${inert(sync.id)})`],
    ['Run', inert(run.id)],
    ['Status', terminal.paintState(run, state(run))],
    ...(run.failure ? [['Failure', terminal.paint('red', inert(run.failure.message))] as const] : []),
    ['Trigger', run.kind === 'normal' ? words(run.trigger) : `${words(run.trigger)}, ${words(run.kind)}`],
    ...(run.note === null ? [] : [['Note', inert(run.note)] as const]),
    ...(run.retry_of === null ? [] : [['Retry of', inert(run.retry_of)] as const]),
    ['Queued', `${time(run.queued_at)} UTC`],
    ...(run.started_at === null ? [] : [['Started', `${time(run.started_at)} UTC`] as const]),
    ...(run.duration_seconds === null ? [] : [['Duration', seconds(run.duration_seconds)] as const]),
  ]);
  terminal.line();
  if (run.completed_at === null) terminal.facts(progressFacts(run));
  else terminal.facts(rowFacts(run).map(([name, rows]) => [name, count(rows).padStart(12)]));
  if (run.phases.length > 0) {
    terminal.line();
    showPhases(terminal, run);
  }
  if (run.links.temporal !== null) {
    terminal.line();
    terminal.facts([['Temporal', inert(run.links.temporal)]]);
  }
}

// Rows are counted when the run ends; until then, what there is to say is how far it is and what it waits for.
function progressFacts({ progress, queue }: RunDetail): [string, string][] {
  const ahead = queue?.holder_run_id;
  if (progress === null)
    return [['Progress', ahead ? `waits for ${inert(ahead)} to end` : 'waits to be started']];
  const { phase, waiting_for: wait } = progress;
  return [
    ['Progress', `${words(phase ?? 'starting')}, ${rowsSoFar(progress)}`],
    ...(wait === null ? [] : [['Waiting', waitWords(wait)] as [string, string]]),
  ];
}

// The page's metrics always; what is rarely anything only when it is.
function rowFacts(run: RunDetail): [string, number][] {
  const rare: [string, number][] = [
    ['Not attempted', run.rows_not_attempted],
    ['Unknown', run.rows_unknown],
  ];
  return [
    ['Total processed', run.rows_processed],
    ['Created', run.rows_created],
    ['Updated', run.rows_updated],
    ['Deleted', run.rows_deleted],
    ['Failed', run.rows_failed],
    ['Skipped', run.rows_skipped],
    ['Unchanged', run.rows_unchanged],
    ...rare.filter(([, rows]) => rows > 0),
  ];
}

function showPhases(terminal: Terminal, { phases, performance }: RunDetail): void {
  terminal.table<RunPhase>(
    [
      { head: 'PHASE', cell: ({ phase }) => words(phase) },
      { head: 'STARTED (UTC)', cell: (phase) => time(phase.started_at) },
      { head: 'DURATION', align: 'right', cell: (phase) => duration(phase.duration_ms) },
      {
        head: 'WAITED',
        align: 'right',
        cell: (phase) => (phase.waited_ms > 0 ? duration(phase.waited_ms) : ''),
      },
      { head: 'ATTEMPTS', align: 'right', cell: ({ attempts }) => count(attempts) },
    ],
    phases,
  );
  const { count: calls, p50, p95 } = performance.api_call_ms;
  const named = calls === 1 ? 'call' : 'calls';
  if (calls > 0)
    terminal.line(
      `${count(calls)} ${named} to the destination: half within ${count(p50)} ms, 95% within ${count(p95)} ms`,
    );
}
