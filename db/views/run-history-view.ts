// Owns the run history of one sync: filtered, newest first, a page at a time.
import type { Knex } from 'knex';
import type { RunKind, RunOutcome, RunStatus, RunTrigger } from '../../domain/run';
import { offsetOf, type Page, type PageRequest } from '../page';
import { mapRunView, type RunView, type RunViewRow, runViewColumns } from './run-view';

/** Every filter given must hold; within a list one word must. */
export interface RunHistoryFilter {
  readonly statuses?: readonly RunStatus[] | undefined;
  readonly outcomes?: readonly RunOutcome[] | undefined;
  readonly triggers?: readonly RunTrigger[] | undefined;
  readonly kinds?: readonly RunKind[] | undefined;
  /** Whether any row was refused. */
  readonly hasErrors?: boolean | undefined;
  readonly startedAfter?: Date | undefined;
  readonly startedBefore?: Date | undefined;
}

/** Newest first means last in the sync's queue first: the order runs came in, whatever clocks say. */
export async function runHistory(
  knex: Knex,
  workspaceId: string,
  syncId: string,
  filter: RunHistoryFilter,
  page: PageRequest,
): Promise<Page<RunView>> {
  const matching = knex('runs').where({ workspace_id: workspaceId, sync_id: syncId });
  if (filter.statuses) void matching.whereIn('status', [...filter.statuses]);
  if (filter.outcomes) void matching.whereIn('outcome', [...filter.outcomes]);
  if (filter.triggers) void matching.whereIn('trigger', [...filter.triggers]);
  if (filter.kinds) void matching.whereIn('kind', [...filter.kinds]);
  if (filter.hasErrors !== undefined) void matching.where('rows_failed', filter.hasErrors ? '>' : '=', 0);
  if (filter.startedAfter) void matching.where('started_at', '>', filter.startedAfter);
  if (filter.startedBefore) void matching.where('started_at', '<', filter.startedBefore);
  // The index alone (runs_of_sync) tells which runs are on the page; a row is read of none that is not shown.
  const shown = matching
    .clone()
    .select('queue_no')
    .orderBy('queue_no', 'desc')
    .limit(page.perPage)
    .offset(offsetOf(page));
  const [rows, counted] = await Promise.all([
    knex('runs')
      .where({ sync_id: syncId })
      .whereIn('queue_no', shown)
      .select<RunViewRow[]>(runViewColumns)
      .orderBy('queue_no', 'desc'),
    matching.clone().count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapRunView), total: counted[0]?.total ?? 0 };
}

/** The sync's newest run, or null when it never ran. */
export async function lastRun(knex: Knex, workspaceId: string, syncId: string): Promise<RunView | null> {
  const page = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId })
    .orderBy('queue_no', 'desc')
    .first<RunViewRow | undefined>(runViewColumns);
  return page ? mapRunView(page) : null;
}
