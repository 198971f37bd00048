// Owns finding the row errors that one row has in the runs of its sync. Changes none of them.
import type { Knex } from 'knex';
import type { RowErrorOperation, RowErrorOrigin } from '../../domain/row-error';
import type { KeyMatch } from '../../domain/sync';
import type { SyncPlace } from '../configuration/sync-lock';

// Looked at in some tenths of a second: no statement takes longer than the API lets one.
const lookedRows = 500_000;

/** A row error of the row, without what it says. */
export interface FoundError {
  run_id: string;
  row_no: number;
  group_id: number | null;
  field: string | null;
  code: string;
  origin: RowErrorOrigin;
  operation: RowErrorOperation;
}

/** All of them, whichever run has them. `mostLooked`: of row errors that no index tells apart, by one statement. */
export async function findRowErrors(
  trx: Knex.Transaction,
  place: SyncPlace,
  rowId: string,
  keyMatch: KeyMatch,
  mostLooked = lookedRows,
): Promise<FoundError[]> {
  // As it is stored.
  const storedId = rowId.replaceAll('\0', '\uFFFD');
  return keyMatch === 'lower'
    ? findInAnyCase(trx, place, storedId, mostLooked)
    : findByIndex(trx, place, storedId);
}

// A run that could not be closed in order has failed, and its counters may say nothing of its row errors.
const mayHaveErrors = `(r.rows_failed > 0 OR r.status = 'failed')`;
const columns = 'run_id, row_no, group_id, field, code, origin, operation';

/** By the beginning of the key, which the index has. */
async function findByIndex(
  trx: Knex.Transaction,
  { workspaceId, syncId }: SyncPlace,
  rowId: string,
): Promise<FoundError[]> {
  const { rows } = await trx.raw<{ rows: FoundError[] }>(
    `SELECT e.* FROM runs r CROSS JOIN LATERAL (
       SELECT ${columns} FROM row_errors
       WHERE run_id = r.id AND left(row_id, 100) COLLATE "C" = left(:rowId, 100) AND row_id = :rowId OFFSET 0) e
     WHERE r.workspace_id = :workspaceId AND r.sync_id = :syncId AND ${mayHaveErrors}`,
    { workspaceId, syncId, rowId },
  );
  return rows;
}

/** Where upper and lower case are the same: all row errors of the sync are looked at, part by part. */
async function findInAnyCase(
  trx: Knex.Transaction,
  place: SyncPlace,
  rowId: string,
  most: number,
): Promise<FoundError[]> {
  const found: FoundError[] = [];
  for await (const part of partsOf(trx, place, most)) {
    const { rows } = await trx.raw<{ rows: FoundError[] }>(
      `SELECT e.* FROM unnest(:runIds::text[]) AS run (id) CROSS JOIN LATERAL (
         SELECT ${columns} FROM row_errors
         WHERE run_id = run.id AND row_no > :after AND row_no <= :until AND lower(row_id) = lower(:rowId) OFFSET 0) e`,
      { ...part, rowId },
    );
    found.push(...rows);
  }
  return found;
}

/** Row errors of some runs: those past `after`, up to `until`. */
interface Part {
  readonly runIds: readonly string[];
  readonly after: number;
  readonly until: number;
}

const whole = { after: -1, until: Number.MAX_SAFE_INTEGER };

/** At most so many row errors at once: of small runs all of several, of a large one some. */
async function* partsOf(
  trx: Knex.Transaction,
  { workspaceId, syncId }: SyncPlace,
  most: number,
): AsyncGenerator<Part> {
  const { rows: runs } = await trx.raw<{ rows: { id: string; rows_failed: number }[] }>(
    `SELECT id, rows_failed FROM runs r WHERE workspace_id = ? AND sync_id = ? AND ${mayHaveErrors} ORDER BY queue_no`,
    [workspaceId, syncId],
  );
  let runIds: string[] = [];
  let rows = 0;
  for (const { id, rows_failed: failed } of runs) {
    if (failed > most) {
      yield* stretchesOf(trx, id, most);
      continue;
    }
    if (rows + failed > most) {
      yield { runIds, ...whole };
      [runIds, rows] = [[], 0];
    }
    runIds.push(id);
    rows += failed;
  }
  yield { runIds, ...whole };
}

async function* stretchesOf(trx: Knex.Transaction, runId: string, most: number): AsyncGenerator<Part> {
  for (let after = -1; ;) {
    // The index alone tells.
    const { rows } = await trx.raw<{ rows: { until: number | null }[] }>(
      `SELECT max(row_no) AS until FROM (
         SELECT row_no FROM row_errors WHERE run_id = ? AND row_no > ? ORDER BY row_no LIMIT ?) stretch`,
      [runId, after, most],
    );
    const until = rows[0]?.until ?? null;
    if (until === null) return;
    yield { runIds: [runId], after, until };
    after = until;
  }
}
