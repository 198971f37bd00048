// Owns reading the timeline of one run, oldest first: as it stands, or so that a reader can go on from where it was.
import type { Knex } from 'knex';
import type { RunOutcome, RunStatus } from '../../domain/run';

/** `detail` holds counts and reasons, never row data. */
export interface RunEventView {
  readonly id: number;
  readonly at: Date;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** Where a run is. */
export interface RunPlace {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly runId: string;
}

// A run has some tens of events; waits of a day-long run make hundreds. Beyond this it is no timeline any more.
export const mostEvents = 10_000;

const eventColumns = ['id', 'at', 'type', 'detail'] as const;

/** Whether that sync of that workspace has such a run. */
export async function hasRun(knex: Knex, { workspaceId, syncId, runId }: RunPlace): Promise<boolean> {
  const found = await knex('runs')
    .where({ workspace_id: workspaceId, sync_id: syncId, id: runId })
    .first<{ id: string } | undefined>('id');
  return found !== undefined;
}

/** Events of a run that can be seen now; the run itself is not checked. */
export async function runEvents(
  knex: Knex,
  workspaceId: string,
  runId: string,
  limit = mostEvents,
): Promise<RunEventView[]> {
  return knex('run_events')
    .where({ workspace_id: workspaceId, run_id: runId })
    .select<RunEventView[]>(eventColumns)
    .orderBy('id')
    .limit(limit);
}

/** Events of a run in their final order, and how the run stood before they were read. */
export interface SettledEvents {
  readonly events: readonly RunEventView[];
  /** False: there are more, or one is on its way that would come in between. */
  readonly isWhole: boolean;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
}

/**
 * Events with an id above `after` before which none will ever come: whoever goes on from the last of them misses nothing.
 * Ids are drawn when an event is written and seen when its transaction ends, so that a higher one can be seen first;
 * those wait here until the lower one is there or given up. Null when there is no such run. Not for a transaction: each
 * statement must see what was committed before it.
 */
export async function settledEvents(
  knex: Knex,
  { workspaceId, runId }: Pick<RunPlace, 'workspaceId' | 'runId'>,
  after: number,
  limit = mostEvents,
): Promise<SettledEvents | null> {
  interface BoundRow {
    status: RunStatus;
    outcome: RunOutcome | null;
    up_to: number;
    in_flight: boolean;
  }
  const { rows } = await knex.raw<{ rows: BoundRow[] }>(
    `SELECT r.status, r.outcome, settled.up_to, settled.in_flight
       FROM runs r CROSS JOIN LATERAL settled_run_events(r.id) AS settled
      WHERE r.workspace_id = ? AND r.id = ?`,
    [workspaceId, runId],
  );
  const [bound] = rows;
  if (!bound) return null;
  // A statement of its own: this one sees what had been committed when the bound was found.
  const events = await knex('run_events')
    .where({ workspace_id: workspaceId, run_id: runId })
    .where('id', '>', after)
    .where('id', '<=', bound.up_to)
    .select<RunEventView[]>(eventColumns)
    .orderBy('id')
    .limit(limit);
  const isWhole = !bound.in_flight && events.length < limit;
  return { events, isWhole, status: bound.status, outcome: bound.outcome };
}
