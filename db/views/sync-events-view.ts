// Owns reading the timeline of a sync itself, newest first: pauses, changes of its schedule, slots that became no run.
import type { Knex } from 'knex';
import { offsetOf, type Page, type PageRequest } from '../page';
import type { RunEventView } from './run-events-view';

/** Events that belong to no run; the sync itself is not checked. */
export async function syncEvents(
  knex: Knex,
  workspaceId: string,
  syncId: string,
  page: PageRequest,
): Promise<Page<RunEventView>> {
  const matching = knex('run_events')
    .where({ workspace_id: workspaceId, sync_id: syncId })
    .whereNull('run_id');
  const [rows, counted] = await Promise.all([
    matching
      .clone()
      .select<RunEventView[]>('id', 'at', 'type', 'detail')
      .orderBy('id', 'desc')
      .limit(page.perPage)
      .offset(offsetOf(page)),
    matching.clone().count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows, total: counted[0]?.total ?? 0 };
}
