// Owns the end of a run: the only writer of a final status. One transaction moves snapshot, counters, status and lease.
import type { Knex } from 'knex';
import { type RunCounts, counterMismatch, zeroCounts } from '../../domain/counts';
import { type Failure, failureOf } from '../../domain/failure';
import { type EndingKind, type Verdict, verdictOf } from '../../domain/outcome';
import type { FinalStatus, RunKind, RunOutcome } from '../../domain/run';
import { judgementInsert } from '../alerts/judge/due-judgements';
import { isDatabaseTrouble } from '../database-error';
import { dropUnpublished } from '../ledger/journal-store';
import { keepIndexForRetries } from '../ledger/kept-index';
import { storeGroups } from '../ledger/row-error-groups';
import { predecessorsOf } from '../../domain/run-transitions';
import { appendRunDelta, loseSnapshot } from '../snapshot/snapshot-store';
import { type CountRow, countColumns, countRow, mapCounts } from './count-columns';
import { noteExecution, type ServingExecution } from './executions';
import { type LeaseHolder, admit, RunNotFoundError } from './lease';
import { openPhasesEnd } from './run-phases';
import { eventInsert, type RunEventPlace, writeEvent } from './run-events';
import { takeStock } from './take-stock';

/** How the work ended, as the workflow (or the reconciler) saw it; the ledger decides what it means. */
export interface RunEnding {
  readonly kind: EndingKind;
  /** Why, for a failed ending. */
  readonly failure: Failure | null;
  /** The Temporal execution that closes it; absent: somebody else does. */
  readonly execution?: ServingExecution;
}

export interface ClosedRun {
  readonly status: FinalStatus;
  readonly outcome: RunOutcome;
  readonly counts: RunCounts;
  readonly failure: Failure | null;
  /** The run that holds the lease now, to be told by signal; null when nobody waits. */
  readonly next: LeaseHolder | null;
}

interface OpenRun {
  workspace_id: string;
  sync_id: string;
  kind: RunKind;
  completed_at: Date | null;
  execution_run_id: string | null;
}

/** Closes the run, once; a repeated call returns what the first one wrote and the lease's present holder. */
export async function closeRun(knex: Knex, runId: string, ending: RunEnding): Promise<ClosedRun> {
  return knex.transaction(async (trx) => {
    const run = await lockRun(trx, runId);
    const place = { workspaceId: run.workspace_id, syncId: run.sync_id, runId };
    if (ending.execution && run.execution_run_id !== ending.execution.runId)
      await noteExecution(trx, runId, ending.execution);
    let end: RunEnd | null = null;
    if (!run.completed_at) {
      const { counts, planAnswered, hasBatches, hasSpool } = await takeStock(trx, runId);
      const verdict = verdictOf({ ending: ending.kind, kind: run.kind, planAnswered, counts });
      if (hasBatches) await appendRunDelta(trx, run.sync_id, runId);
      if (hasSpool) await dropLines(trx, runId);
      if (counts.failed > 0) await storeGroups(trx, runId);
      end = await writeEnd(trx, place, verdict, counts, ending.failure, marksEnd);
    }
    return withNext(trx, place, end ?? (await readEnd(trx, runId)));
  });
}

/**
 * The way out when closing fails whatever is tried, so that the sync's queue goes on: the run has failed as `internal`
 * with the cause kept. Counters and snapshot are moved where that works and left behind where it does not.
 */
export async function closeAsInternal(knex: Knex, runId: string, cause: string): Promise<ClosedRun> {
  return knex.transaction(async (trx) => {
    const run = await lockRun(trx, runId);
    const place = { workspaceId: run.workspace_id, syncId: run.sync_id, runId };
    let end: RunEnd | null = null;
    if (!run.completed_at) {
      const stock = await unlessItFails(trx, (step) => takeStock(step, runId));
      const counts = stock?.counts ?? { ...zeroCounts };
      const verdict = verdictOf({ ending: 'failed', kind: run.kind, planAnswered: false, counts });
      const isMoved =
        stock?.hasBatches === false ||
        (await unlessItFails(trx, (step) => appendRunDelta(step, run.sync_id, runId).then(() => true)));
      // Without what this run has changed the snapshot might call a row unchanged that the destination does not hold. A
      // lost one is made anew by the next run, which offers every row and deletes none.
      if (!isMoved) await loseSnapshot(trx, run.sync_id);
      const failure = failureOf('internal', 'the run could not be closed in order', cause);
      await unlessItFails(trx, (step) => dropLines(step, runId));
      await unlessItFails(trx, (step) => storeGroups(step, runId));
      await unlessItFails(trx, (step) => step.raw(`WITH ${marksEnd.join()} SELECT 1`, { runId }));
      const known = stock ? verdict : ({ ...verdict, outcome: 'partial' } as const);
      end = await writeEnd(trx, place, known, counts, failure, []);
    }
    return withNext(trx, place, end ?? (await readEnd(trx, runId)));
  });
}

/** Gives the lease on, in the transaction of the close. */
async function withNext(trx: Knex.Transaction, place: RunEventPlace, end: RunEnd): Promise<ClosedRun> {
  const next = await admit(trx, place.workspaceId, place.syncId);
  return { ...end, next: next?.runId === place.runId ? null : next };
}

/**
 * What the step gives; null when it fails, with everything it did undone and the transaction still good. Trouble of the
 * database that passes is thrown: the close comes again, and nothing is left behind for it.
 */
async function unlessItFails<Result>(
  trx: Knex.Transaction,
  step: (inner: Knex.Transaction) => Promise<Result>,
): Promise<Result | null> {
  try {
    return await trx.transaction(step);
  } catch (error) {
    if (isDatabaseTrouble(error)) throw error;
    // Asked, because a connection that is gone fails the whole transaction; all else is what the way out is for.
    await trx.raw('SELECT 1');
    return null;
  }
}

/**
 * Locks sync, lease and run. Only the holder's lease: a run that waits in the queue has written nothing to the ledger, and
 * would wait for whatever the holder is writing, with every trigger behind it.
 */
async function lockRun(trx: Knex.Transaction, runId: string): Promise<OpenRun> {
  const held = await lockInOrder(trx, runId, 1);
  if (held) return held;
  // A holder changes under the sync's lock alone, so that the answer stands once that is had. But a statement sees the
  // lease as it was before it waited for the sync: the run may have been given it meanwhile, and is looked for once more.
  await trx.raw(`SELECT 1 FROM syncs WHERE id = (SELECT sync_id FROM runs WHERE id = ?) FOR NO KEY UPDATE`, [
    runId,
  ]);
  const run = await lockInOrder(trx, runId, 0);
  if (!run) throw new RunNotFoundError(`run ${runId} does not exist`);
  return run;
}

/** Null where the run has fewer `leases` than that. */
async function lockInOrder(trx: Knex.Transaction, runId: string, leases: 0 | 1): Promise<OpenRun | null> {
  // Sync before lease before run, as everywhere: the queue locks in this order too. NO KEY leaves the key shares alone
  // that foreign keys take: a ledger write holds the lease and takes one of the sync with every event it writes.
  // Each part asks for the one before it, which makes the order.
  const { rows } = await trx.raw<{ rows: OpenRun[] }>(
    `WITH sync AS (
       SELECT id FROM syncs WHERE id = (SELECT sync_id FROM runs WHERE id = :runId) FOR NO KEY UPDATE),
     lease AS (
       SELECT sync_id FROM sync_leases WHERE sync_id = (SELECT id FROM sync) AND run_id = :runId FOR UPDATE)
     SELECT workspace_id, sync_id, kind, completed_at, execution_run_id FROM runs
     WHERE id = :runId AND (SELECT count(*) FROM lease) >= :leases FOR NO KEY UPDATE`,
    { runId, leases },
  );
  return rows[0] ?? null;
}

async function writeEnd(
  trx: Knex.Transaction,
  place: RunEventPlace,
  verdict: Verdict,
  counts: RunCounts,
  failure: Failure | null,
  further: readonly string[],
): Promise<RunEnd> {
  const mismatch = counterMismatch(counts);
  const unproven = failureOf('internal', 'the work ended without an answer for every row');
  const kept = verdict.status === 'failed' ? (failure ?? unproven) : null;
  if (mismatch !== 0) await writeEvent(trx, place, 'counter_mismatch', { difference: mismatch });
  const { rows } = await trx.raw<{ rows: EndRow[] }>(
    `WITH finalization AS (
       INSERT INTO run_phases (run_id, phase, workspace_id, started_at, ended_at)
       SELECT id, 'finalization', workspace_id, now(), clock_timestamp() FROM runs
       WHERE id = :runId AND started_at IS NOT NULL ON CONFLICT DO NOTHING),
     ended AS (${openPhasesEnd}),
     moved AS (
       -- Never before the start, even where a clock was set back: a run that cannot close would hold the queue for ever.
       UPDATE runs SET status = :status, outcome = :outcome, completed_at = greatest(clock_timestamp(), queued_at, started_at),
         ${countColumns.map((column) => `${column} = :${column}`).join(', ')}, counter_mismatch = :mismatch,
         failure_code = :failureCode, failure_message = :failureMessage, failure_cause = :failureCause
       WHERE id = :runId AND status = ANY (:predecessors) RETURNING workspace_id, sync_id, id AS run_id, ${endColumns}),
     told AS (${eventInsert(`run_${verdict.status}`, 'moved', ':told::jsonb')}),
     -- Alerts come after: nothing about them can hold up or fail a close, and no crash between loses one.
     judged AS (${judgementInsert('run_ended', 'moved')}),
     ${[...further, leaseEnd].join(',\n')}
     SELECT ${endColumns} FROM moved`,
    {
      runId: place.runId,
      syncId: place.syncId,
      status: verdict.status,
      outcome: verdict.outcome,
      ...countRow(counts),
      mismatch,
      failureCode: kept?.code ?? null,
      failureMessage: kept?.message ?? null,
      failureCause: kept?.cause ?? null,
      predecessors: predecessorsOf(verdict.status),
      told: JSON.stringify({ outcome: verdict.outcome, failure: kept?.message ?? null }),
    },
  );
  const [moved] = rows;
  if (!moved) throw new Error(`run ${place.runId} cannot move to ${verdict.status}`);
  return mapEnd(moved);
}

/**
 * Lines, marks and pulses are only needed while the run works; outcomes, row errors and what retries need of the journal's index
 * stay for the run's retention.
 */
async function dropLines(trx: Knex.Transaction, runId: string): Promise<void> {
  await dropUnpublished(trx, runId);
  await keepIndexForRetries(trx, runId);
}

/** Drops marks and pulses, and what batches have of row keys and errors: the snapshot and the row errors have them. Parts of a statement. */
const marksEnd = [
  'pulse AS (DELETE FROM run_pulses WHERE run_id = :runId)',
  'marks AS (UPDATE journals SET marks = NULL WHERE run_id = :runId AND marks IS NOT NULL)',
  `copies AS (
     UPDATE batches SET row_errors = NULL, row_keys = CASE WHEN row_keys IS NOT NULL THEN ''::bytea END
     WHERE run_id = :runId AND num_nonnulls(row_keys, row_errors) > 0)`,
] as const;

// A late call of a dead attempt may still land until the last open deadline: the next run may read, not write.
const leaseEnd = `released AS (
  UPDATE sync_leases SET run_id = NULL, epoch = epoch + 1,
    no_write_before = greatest(no_write_before, (
      SELECT max(greatest(late_until, CASE WHEN state = 'sent' THEN deadline_at END)) FROM batches WHERE run_id = :runId))
  WHERE sync_id = :syncId AND run_id = :runId)`;

type RunEnd = Omit<ClosedRun, 'next'>;

interface EndRow extends CountRow {
  status: FinalStatus;
  outcome: RunOutcome;
  failure_code: Failure['code'] | null;
  failure_message: string | null;
  failure_cause: string | null;
}

const endColumns = [
  'status',
  'outcome',
  ...countColumns,
  'failure_code',
  'failure_message',
  'failure_cause',
].join();

async function readEnd(trx: Knex.Transaction, runId: string): Promise<RunEnd> {
  const { rows } = await trx.raw<{ rows: EndRow[] }>(`SELECT ${endColumns} FROM runs WHERE id = ?`, [runId]);
  const row = rows[0];
  if (!row) throw new RunNotFoundError(`run ${runId} does not exist`);
  return mapEnd(row);
}

function mapEnd(row: EndRow): RunEnd {
  return {
    status: row.status,
    outcome: row.outcome,
    counts: mapCounts(row),
    failure:
      row.failure_code && row.failure_message
        ? { code: row.failure_code, message: row.failure_message, cause: row.failure_cause }
        : null,
  };
}
