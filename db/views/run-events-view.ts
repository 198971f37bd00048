// Owns reading the timeline of one run, oldest first.
import type { Knex } from 'knex';

/** `detail` holds counts and reasons, never row data. */
export interface RunEventView {
  readonly id: number;
  readonly at: Date;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

// A run has some tens of events; waits of a day-long run make hundreds. Beyond this it is no timeline any more.
const mostEvents = 10_000;

/** Events of a run; the run itself is not checked. */
export async function runEvents(knex: Knex, workspaceId: string, runId: string): Promise<RunEventView[]> {
  return knex('run_events')
    .where({ workspace_id: workspaceId, run_id: runId })
    .select<RunEventView[]>('id', 'at', 'type', 'detail')
    .orderBy('id')
    .limit(mostEvents);
}
