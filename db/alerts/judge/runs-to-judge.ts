// Owns reading what the rules ask of runs and of the syncs they are of. Judges nothing.
import type { Knex } from 'knex';
import type { SyncParts } from '../../../domain/alerts/causes';
import type { EndedRun } from '../../../domain/alerts/judge-run';
import type { RetryScope, RunKind } from '../../../domain/run';
import { runFactsColumns, type RunFactsRow, runFactsOf } from '../run-facts';

/** A run as the rules see it. */
export interface FoundRun {
  readonly run: EndedRun;
  /** Failed runs one after the other until this one; 0: it has not failed. */
  readonly failuresInARow: number;
  /** Null: it goes on. */
  readonly completedAt: Date | null;
  /** A later run of the sync has ended, and says what there is to say. */
  readonly isOvertaken: boolean;
}

interface RunRow extends RunFactsRow {
  kind: RunKind;
  retry_of: string | null;
  retry_scope: RetryScope | null;
  counter_mismatch: number;
  held_deletes: number;
  failures_in_a_row: number;
  is_overtaken: boolean;
}

// More than any rule asks for. A sync that has failed for a year need not be counted through.
const mostInARow = 1_000;
// Cancelled runs and dry ones neither fail nor end a row of failures.
const isCounted = `kind <> 'dry_run' AND status <> 'cancelled'`;

/** These runs by their ids; those that are gone are absent. */
export async function runsToJudge(knex: Knex, runIds: readonly string[]): Promise<Map<string, FoundRun>> {
  if (runIds.length === 0) return new Map();
  const { rows } = await knex.raw<{ rows: RunRow[] }>(
    `SELECT ${runFactsColumns}, kind, retry_of, retry_scope, counter_mismatch,
       coalesce((SELECT sum((detail ->> 'rows')::bigint) FROM run_events e
         WHERE e.run_id = r.id AND e.type = 'deletes_held'), 0)::bigint AS held_deletes,
       CASE WHEN status <> 'failed' THEN 0 ELSE (
         SELECT coalesce(min(place) FILTER (WHERE status = 'completed') - 1, count(*)) FROM (
           SELECT status, row_number() OVER (ORDER BY completed_at DESC) AS place FROM (
             SELECT status, completed_at FROM runs
             WHERE sync_id = r.sync_id AND completed_at <= r.completed_at AND ${isCounted}
             ORDER BY completed_at DESC LIMIT ${mostInARow}) newest) numbered) END AS failures_in_a_row,
       EXISTS (SELECT 1 FROM runs later
         WHERE later.sync_id = r.sync_id AND later.completed_at > r.completed_at AND ${isCounted}) AS is_overtaken
     FROM runs r WHERE id = ANY (?)`,
    [[...runIds]],
  );
  return new Map(rows.map((row) => [row.id, mapRun(row)]));
}

function mapRun(row: RunRow): FoundRun {
  return {
    run: {
      ...runFactsOf(row),
      kind: row.kind,
      retryOf: row.retry_of,
      retryScope: row.retry_scope,
      counterMismatch: row.counter_mismatch,
      heldDeletes: row.held_deletes,
    },
    failuresInARow: row.failures_in_a_row,
    completedAt: row.completed_at,
    isOvertaken: row.is_overtaken,
  };
}

interface SyncRow {
  id: string;
  name: string;
  source_id: string;
  source: string;
  model_id: string;
  model: string;
  destination_id: string;
  destination: string;
}

/** These syncs with what they are made of, by their ids; deleted ones are absent. */
export async function syncPartsOf(knex: Knex, syncIds: readonly string[]): Promise<Map<string, SyncParts>> {
  const { rows } = await knex.raw<{ rows: SyncRow[] }>(
    `SELECT s.id, s.name, c.id AS source_id, c.name AS source, m.id AS model_id, m.name AS model,
       d.id AS destination_id, d.name AS destination
     FROM syncs s JOIN models m ON m.id = s.model_id JOIN sources c ON c.id = m.source_id
     JOIN destinations d ON d.id = s.destination_id
     WHERE s.id = ANY (?) AND s.deleted_at IS NULL`,
    [[...syncIds]],
  );
  return new Map(
    rows.map((row) => [
      row.id,
      {
        id: row.id,
        name: row.name,
        source: { kind: 'source', id: row.source_id, name: row.source },
        model: { kind: 'model', id: row.model_id, name: row.model },
        destination: { kind: 'destination', id: row.destination_id, name: row.destination },
      },
    ]),
  );
}
