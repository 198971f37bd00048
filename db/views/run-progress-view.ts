// Owns how far an open run has come, as Postgres knows it: its place in the queue, or its phase, counts, rate and waits.
// Asks nobody else, so that looking at a run works through every outage but Postgres's own.
import type { Knex } from 'knex';
import { type Phase, phases } from '../../domain/phase';

/** What a run waits for, in the words of the failure it would become. `until` null: nobody knows. */
export interface WaitView {
  readonly reason: string;
  readonly since: Date;
  readonly until: Date | null;
}

/** How far a running run has come. */
export interface RunProgress {
  /** The phase it is in; null before the first. */
  readonly phase: Phase | null;
  /** Live while the model is read, to within two seconds; null before the first row is told. */
  readonly rowsRead: number | null;
  /** Rows to send; null until the changes are known. */
  readonly rowsPlanned: number | null;
  /** Rows sent that the destination has answered, whatever it said. */
  readonly rowsAnswered: number;
  /** Rows read, or answered, per second of this phase's work, its waits left out; null where there is nothing to count. */
  readonly rowsPerSecond: number | null;
  /** Null while the run works. */
  readonly waitingFor: WaitView | null;
  /** Last sign of life of work that takes longer than a moment. */
  readonly lastHeartbeatAt: Date | null;
}

/** Where a queued run stands. */
export interface QueuePlace {
  /** 1: next. 0: it is its turn, and a worker is about to begin. */
  readonly position: number;
  /** The run right before it; null when there is none. */
  readonly aheadRunId: string | null;
  /** The run all in the queue wait for; null when it is this run's turn. */
  readonly holderRunId: string | null;
}

interface ProgressRow {
  phase: Phase | null;
  /** Null until a second was worked: one batch in the first 50 ms says nothing of the speed. */
  worked_ms: number | null;
  rows_read: number | null;
  rows_planned: number | null;
  rows_answered: number;
  waiting_since: Date | null;
  waiting_until: Date | null;
  waiting_reason: string | null;
  heartbeat_at: Date | null;
}

/** What a running run's tables say of its progress. */
export async function runProgress(knex: Knex, runId: string): Promise<RunProgress> {
  return (await runsProgress(knex, [runId])).get(runId) as RunProgress;
}

/** `runProgress` of several runs in one statement, by id. */
export async function runsProgress(
  knex: Knex,
  runIds: readonly string[],
): Promise<ReadonlyMap<string, RunProgress>> {
  // sum() of integers is a bigint, of bigints a numeric that the driver would give as text: hence the cast.
  const { rows } = await knex.raw<{ rows: (ProgressRow & { run_id: string })[] }>(
    `SELECT run.id AS run_id, phase.phase,
            CASE WHEN worked_ms >= 1000 THEN worked_ms::bigint END AS worked_ms,
            coalesce((SELECT lines_read FROM journals WHERE run_id = run.id AND published_at IS NOT NULL),
                     pulse.rows_read) AS rows_read,
            (SELECT creates + updates + planned_deletes - skipped_deletes
               FROM change_plans WHERE run_id = run.id) AS rows_planned,
            (SELECT coalesce(sum(creates + updates + deletes), 0)::bigint
               FROM batches WHERE run_id = run.id AND state = 'acked') AS rows_answered,
            waiting_since, waiting_until,
            CASE WHEN waiting_since IS NOT NULL THEN
              (SELECT CASE type WHEN 'waiting' THEN detail ->> 'reason'
                 ELSE concat_ws(': ', 'Paused by an operator in Temporal', detail ->> 'note') END
               FROM run_events WHERE run_id = run.id AND type IN ('waiting', 'activity_paused')
               ORDER BY id DESC LIMIT 1) END AS waiting_reason,
            pulse.heartbeat_at
       FROM unnest(:runIds::text[]) AS run (id)
       LEFT JOIN LATERAL (
         SELECT phase, waiting_since, waiting_until,
                extract(epoch FROM coalesce(ended_at, waiting_since, clock_timestamp()) - started_at) * 1000
                  - waited_ms AS worked_ms
           FROM run_phases WHERE run_id = run.id ORDER BY array_position(:order::text[], phase) DESC LIMIT 1) phase ON true
       LEFT JOIN LATERAL (SELECT rows_read, heartbeat_at FROM run_pulses WHERE run_id = run.id LIMIT 1) pulse ON true`,
    { runIds: [...runIds], order: [...phases] },
  );
  return new Map(rows.map((row) => [row.run_id, progressOf(row)]));
}

function progressOf(row: ProgressRow): RunProgress {
  const counted = { query: row.rows_read, destination_writes: row.rows_answered }[row.phase as string];
  return {
    phase: row.phase,
    rowsRead: row.rows_read,
    rowsPlanned: row.rows_planned,
    rowsAnswered: row.rows_answered,
    rowsPerSecond:
      typeof counted === 'number' && row.worked_ms !== null ? rateOf(counted, row.worked_ms) : null,
    waitingFor: row.waiting_since && {
      reason: row.waiting_reason ?? 'unknown',
      since: row.waiting_since,
      until: row.waiting_until,
    },
    lastHeartbeatAt: row.heartbeat_at,
  };
}

/** Rows per second, to one decimal. */
function rateOf(rows: number, ms: number): number {
  return Math.round((rows / ms) * 10_000) / 10;
}

/** A queued run's place among the open runs of its sync. */
export async function queuePlace(knex: Knex, syncId: string, runId: string): Promise<QueuePlace> {
  interface PlaceRow {
    position: number;
    ahead_run_id: string | null;
    holder_run_id: string | null;
  }
  const { rows } = await knex.raw<{ rows: PlaceRow[] }>(
    `SELECT (SELECT count(*) FROM runs before
              WHERE before.sync_id = r.sync_id AND before.status IN ('queued', 'running')
                AND before.queue_no < r.queue_no AND before.id IS DISTINCT FROM l.run_id)
              + CASE WHEN l.run_id = r.id THEN 0 ELSE 1 END AS position,
            (SELECT id FROM runs before
              WHERE before.sync_id = r.sync_id AND before.status IN ('queued', 'running')
                AND before.queue_no < r.queue_no ORDER BY queue_no DESC LIMIT 1) AS ahead_run_id,
            nullif(l.run_id, r.id) AS holder_run_id
       FROM runs r LEFT JOIN sync_leases l ON l.sync_id = r.sync_id
      WHERE r.sync_id = ? AND r.id = ?`,
    [syncId, runId],
  );
  const [row] = rows;
  if (!row) throw new Error(`run ${runId} does not exist`);
  return { position: row.position, aheadRunId: row.ahead_run_id, holderRunId: row.holder_run_id };
}
