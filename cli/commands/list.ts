// Owns `runs list`: the history of a sync, or of all of them.
import type { Paged, Run } from '../api/wire';
import { type ExitStatus, exitStatus } from '../exit-status';
import { findSync } from '../find';
import { inert } from '../output/inert';
import type { Column, Terminal } from '../output/terminal';
import { count, seconds, state, time, words } from '../output/words';
import type { Context } from './context';

export interface ListOptions {
  readonly status?: string;
  readonly outcome?: string;
  readonly trigger?: string;
  readonly kind?: string;
  readonly hasErrors?: true;
  readonly page?: string;
  readonly perPage?: string;
}

/** `sync` undefined: the runs of all syncs. */
export async function listRuns(
  { client, terminal, json }: Context,
  sync: string | undefined,
  options: ListOptions,
): Promise<ExitStatus> {
  const syncId = sync === undefined ? null : (await findSync(client, sync)).id;
  const found = await client.runs(syncId, {
    status: options.status,
    outcome: options.outcome,
    trigger: options.trigger,
    kind: options.kind,
    has_errors: options.hasErrors && 'true',
    page: options.page,
    per_page: options.perPage,
  });
  if (json) terminal.json(found);
  else show(terminal, found, syncId === null);
  return exitStatus.ok;
}

function show(terminal: Terminal, { data, pagination }: Paged<Run>, isOfAll: boolean): void {
  if (data.length > 0) terminal.table(columns(terminal, isOfAll), data);
  const { page, per_page: perPage, total } = pagination;
  const first = (page - 1) * perPage + 1;
  if (data.length === 0) terminal.note(total === 0 ? 'No runs.' : `No runs on page ${page}.`);
  else if (total > data.length)
    terminal.note(`${count(first)} to ${count(first + data.length - 1)} of ${count(total)} runs`);
}

function columns(terminal: Terminal, isOfAll: boolean): Column<Run>[] {
  const rows = (head: string, of: (run: Run) => number): Column<Run> => ({
    head,
    align: 'right',
    // They are counted when the run ends; before that nothing is known, which is not nothing.
    cell: (run) => count(run.completed_at === null ? null : of(run)),
  });
  return [
    { head: 'RUN', cell: ({ id }) => inert(id) },
    ...(isOfAll ? [{ head: 'SYNC', cell: (run: Run) => inert(run.sync_id) }] : []),
    { head: 'STATUS', cell: (run) => terminal.paintState(run, state(run)) },
    { head: 'TRIGGER', cell: ({ trigger }) => words(trigger) },
    { head: 'STARTED (UTC)', cell: (run) => time(run.started_at) },
    { head: 'DURATION', align: 'right', cell: (run) => seconds(run.duration_seconds) },
    rows('PROCESSED', (run) => run.rows_processed),
    rows('CREATED', (run) => run.rows_created),
    rows('UPDATED', (run) => run.rows_updated),
    rows('DELETED', (run) => run.rows_deleted),
    rows('FAILED', (run) => run.rows_failed),
  ];
}
