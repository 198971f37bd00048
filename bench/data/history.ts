// Owns a long history to measure and to plan over: runs, row errors and what stands beside them, made in the tables at once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { cutNextGroup } from '../../db/ledger/row-error-blocks';
import { foldRunTotals } from '../../db/runs/fold-run-totals';

export interface HistorySize {
  readonly runs: number;
  readonly rowErrors: number;
  /** How many of them are those of the worst run; default: a tenth. */
  readonly ofWorstRun?: number;
  /** Syncs that share them; the first has a fifth of all runs. */
  readonly syncs: number;
}

/** What to ask for. */
export interface History {
  /** A sync with a fifth of all runs, and one as most are. */
  readonly busySync: string;
  readonly usualSync: string;
  /** The run with most row errors, and one with as many as usual; both of the busy sync. */
  readonly worstRun: string;
  readonly usualRun: string;
}

// Every 20th run was refused rows.
const refusedEvery = 20;

/** Makes the history of copies of `syncId`. The runs ended a minute apart, the last a minute ago. */
export async function fillHistory(
  knex: Knex,
  syncId: string,
  { runs, rowErrors, ofWorstRun = rowErrors / 10, syncs }: HistorySize,
): Promise<History> {
  const share = Math.floor((rowErrors - ofWorstRun) / (runs / refusedEvery));
  const bound = { syncId, runs, syncs, share };
  await knex.transaction(async (trx) => {
    // References are right by construction; checking each would take longer than writing all.
    await trx.raw(`SET LOCAL session_replication_role = replica`);
    // A page is known as visible only when the commit that wrote it is on disk, and the vacuum comes right after it.
    await trx.raw(`SET LOCAL synchronous_commit = on`);
    for (const statement of [...syncStatements, ...runStatements]) await trx.raw(statement, bound);
    await trx.raw(rowErrorStatement, { ...bound, worst: rowErrors - share * (runs / refusedEvery) });
    await trx.raw(groupStatement);
  });
  // What a worker does within seconds of a run's end.
  while (await cutNextGroup(knex));
  while ((await foldRunTotals(knex)) > 0);
  // As autovacuum leaves them: statistics, and pages known to be visible to all.
  for (const table of tables) await vacuum(knex, table);
  return historyNames;
}

/** Every history has the same names: there is one in a database. */
export const historyNames: History = {
  busySync: syncName(1),
  usualSync: syncName(2),
  worstRun: runName(refusedEvery * 5),
  usualRun: runName(refusedEvery * 10),
};

const tables = [
  'syncs',
  'sync_versions',
  'sync_leases',
  'runs',
  'run_totals',
  'run_total_changes',
  'run_events',
  'run_phases',
  'journals',
  'journal_batches',
  'change_plans',
  'batches',
  'row_errors',
  'row_error_groups',
  'row_error_blocks',
];

function syncName(n: number): string {
  return `sync_h${String(n).padStart(8, '0')}`;
}

function runName(n: number): string {
  return `run_h${String(n).padStart(10, '0')}`;
}

const sync = (n: string): string => `'sync_h' || lpad((${n})::text, 8, '0')`;
const run = (n: string): string => `'run_h' || lpad((${n})::text, 10, '0')`;

// The sync, the place in its queue and the status of the n-th run.
const syncOf = sync(`CASE WHEN n % 5 = 0 THEN 1 ELSE 2 + n % (:syncs::integer - 1) END`);

const syncStatements = [
  `INSERT INTO syncs (id, workspace_id, name, model_id, destination_id, version, overlap_policy)
   SELECT ${sync('n')}, s.workspace_id, 'History ' || n, s.model_id, s.destination_id, s.version, s.overlap_policy
   FROM syncs s, generate_series(1, :syncs::integer) n WHERE s.id = :syncId`,
  `INSERT INTO sync_versions SELECT (jsonb_populate_record(v, jsonb_build_object('sync_id', ${sync('n')}))).*
   FROM sync_versions v, generate_series(1, :syncs::integer) n WHERE v.sync_id = :syncId`,
  `INSERT INTO sync_leases (sync_id, workspace_id)
   SELECT ${sync('n')}, s.workspace_id FROM syncs s, generate_series(1, :syncs::integer) n WHERE s.id = :syncId`,
];

const runStatements = [
  `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, outcome, sync_version, model_version, workflow_id,
     first_execution_run_id, execution_run_id, slot_at, queued_at, started_at, completed_at, rows_processed, rows_unchanged,
     rows_updated, rows_failed, failure_code, failure_message)
   SELECT ${run('n')}, s.workspace_id, ${syncOf}, n, CASE WHEN n % 3 = 0 THEN 'api' ELSE 'schedule' END,
     CASE WHEN n % 50 = 1 THEN 'failed' ELSE 'completed' END,
     CASE WHEN n % 50 = 1 THEN 'nothing_applied' WHEN n % ${refusedEvery} = 0 THEN 'with_row_errors' ELSE 'no_changes' END,
     1, 1, ${run('n')}, md5(n::text), md5(n::text), CASE WHEN n % 3 <> 0 THEN at.ended - interval '40 seconds' END,
     at.ended - interval '30 seconds', at.ended - interval '29 seconds', at.ended, 1000,
     CASE WHEN n % ${refusedEvery} = 0 THEN 900 ELSE 1000 END, CASE WHEN n % ${refusedEvery} = 0 THEN 90 ELSE 0 END,
     CASE WHEN n % ${refusedEvery} = 0 THEN 10 ELSE 0 END,
     CASE WHEN n % 50 = 1 THEN 'internal' END, CASE WHEN n % 50 = 1 THEN 'Internal error' END
   FROM syncs s, generate_series(1, :runs::integer) n,
     LATERAL (SELECT now() - (:runs::integer + 1 - n) * interval '1 minute' AS ended) at WHERE s.id = :syncId`,
  // No trigger has written it down.
  `INSERT INTO run_total_changes (workspace_id, sync_id, status, outcome, trigger, kind, has_errors, runs)
   SELECT workspace_id, sync_id, status, outcome, trigger, kind, rows_failed > 0, count(*)
   FROM runs WHERE id LIKE 'run\\_h%' GROUP BY 1, 2, 3, 4, 5, 6, 7`,
  `INSERT INTO run_events (workspace_id, sync_id, run_id, at, type)
   SELECT workspace_id, sync_id, id, completed_at, type FROM runs, unnest(ARRAY['run_queued', 'run_started', 'run_completed']) type
   WHERE id LIKE 'run\\_h%' ORDER BY queue_no`,
  `INSERT INTO run_phases (run_id, phase, workspace_id, started_at, ended_at)
   SELECT id, phase, workspace_id, started_at, completed_at FROM runs, unnest(ARRAY['query', 'finalization']) phase
   WHERE id LIKE 'run\\_h%' ORDER BY queue_no`,
  `INSERT INTO journals (run_id, attempt, workspace_id, published_at, columns, snapshot_version, snapshot_delta, snapshot_rows,
     lines_read, unchanged, skipped, journalled, unseen)
   SELECT id, 1, workspace_id, completed_at, '[]', 1, 0, 1000, 1000, rows_unchanged, 0, rows_updated, 0 FROM runs
   WHERE id LIKE 'run\\_h%' ORDER BY queue_no`,
  `INSERT INTO journal_batches (run_id, attempt, first_line, workspace_id, lines, data, row_index)
   SELECT id, 1, 0, workspace_id, 10, '', decode(repeat('00', 360), 'hex') FROM runs
   WHERE id LIKE 'run\\_h%' AND rows_failed > 0 ORDER BY queue_no`,
  `INSERT INTO change_plans (run_id, workspace_id, attempt, skipped, failed, planned_deletes, skipped_deletes, creates, updates, batches)
   SELECT id, workspace_id, 1, 0, 0, 0, 0, 0, rows_updated, least(rows_updated, 1) FROM runs
   WHERE id LIKE 'run\\_h%' ORDER BY queue_no`,
  `INSERT INTO batches (run_id, batch_no, workspace_id, kind, state, creates, updates, deletes, line_from, line_to, operations,
     entries, sent_operations, row_keys, deadline_at, outcomes, updated, failed, call_ms, sent_at, acked_at)
   SELECT id, 1, workspace_id, 'write', 'acked', 0, 100, 0, 0, 100, '', '', '', '', completed_at, '', 90, 10, '{12}',
     started_at, completed_at FROM runs WHERE id LIKE 'run\\_h%' AND rows_failed > 0 ORDER BY queue_no`,
];

// One for each field and code of a run; what is hashed is of no importance.
const groupHash = (run: string, field: string, code: string): string =>
  `hashtextextended(concat_ws(',', ${run}, ${field}, ${code}), 0) & ((1::bigint << 53) - 1)`;

const rowErrorStatement = `
  INSERT INTO row_errors (run_id, row_no, workspace_id, row_id, field, message, raw_value, code, origin, operation, group_id)
  SELECT e.*, ${groupHash('e.run_id', 'e.field', 'e.code')} FROM (
  SELECT r.id AS run_id, n, r.workspace_id, 'usr_' || n, CASE WHEN n % 3 = 0 THEN 'Email' ELSE 'Phone' END AS field,
    'The value ' || md5(n::text) || ' is not valid here', 'value ' || n, 'code_' || n % 7 AS code, 'destination', 'update'
  FROM runs r, LATERAL generate_series(1, :share::integer + CASE WHEN r.id = ${run(String(refusedEvery * 5))} THEN :worst::integer ELSE 0 END) n
  WHERE r.id LIKE 'run\\_h%' AND r.rows_failed > 0 ORDER BY r.queue_no, n) e`;

const groupStatement = `
  INSERT INTO row_error_groups (run_id, group_id, workspace_id, sync_id, queue_no, group_hash, field, code, origin, message,
    row_count, creates, updates, deletes, blocks)
  SELECT r.id, g.group_id, r.workspace_id, r.sync_id, r.queue_no, ${groupHash("''", 'g.field', 'g.code')}, g.field, g.code,
    'destination', 'The value <id> is not valid here', g.row_count, 0, g.row_count, 0,
    CASE WHEN r.id = ${run(String(refusedEvery * 5))} THEN 'due' ELSE 'none' END
  FROM (SELECT run_id, group_id, field, code, count(*) AS row_count FROM row_errors
        WHERE run_id LIKE 'run\\_h%' GROUP BY run_id, group_id, field, code) g
  JOIN runs r ON r.id = g.run_id ORDER BY r.queue_no`;

// A transaction that is open anywhere on the server keeps new rows from counting as visible to all, and without that an
// index alone answers nothing: tried again until it is over.
const vacuums = 50;

async function vacuum(knex: Knex, table: string): Promise<void> {
  for (let attempt = 1; attempt <= vacuums; attempt += 1) {
    await knex.raw(`VACUUM ANALYZE ${table}`);
    const { rows } = await knex.raw<{ rows: { pages: number; visible: number }[] }>(
      `SELECT relpages AS pages, relallvisible AS visible FROM pg_class WHERE oid = ?::regclass`,
      [table],
    );
    const [size] = rows;
    if (!size || size.visible >= size.pages * 0.99) return;
    await sleep(100);
  }
}
