// Owns the end of a run: the only writer of a final status. One transaction moves snapshot, counters, status and lease.
import type { Knex } from 'knex';
import { type RunCounts, counterMismatch, zeroCounts } from '../../domain/counts';
import { type Failure, failureOf } from '../../domain/failure';
import { type EndingKind, type Verdict, verdictOf } from '../../domain/outcome';
import type { FinalStatus, RunKind, RunOutcome } from '../../domain/run';
import { dropUnpublished } from '../ledger/journal-store';
import { keepIndexForRetries } from '../ledger/kept-index';
import { predecessorsOf } from '../../domain/run-transitions';
import { appendRunDelta, loseSnapshot } from '../snapshot/snapshot-store';
import { type CountRow, countColumns, countRow, mapCounts } from './count-columns';
import { noteExecution, type ServingExecution } from './executions';
import { type LeaseHolder, admit, RunNotFoundError } from './lease';
import { endOpenPhases } from './run-phases';
import { type RunEventPlace, writeEvent } from './run-events';
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
  id: string;
  workspace_id: string;
  sync_id: string;
  kind: RunKind;
  started_at: Date | null;
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
    if (!run.completed_at) {
      const { counts, planAnswered } = await takeStock(trx, runId);
      const verdict = verdictOf({ ending: ending.kind, kind: run.kind, planAnswered, counts });
      await appendRunDelta(trx, run.sync_id, runId);
      await writeEnd(trx, place, run, verdict, counts, ending.failure);
      await dropSpool(trx, runId);
      await releaseLease(trx, run.sync_id, runId);
    }
    const next = await admit(trx, run.workspace_id, run.sync_id);
    return { ...(await readEnd(trx, runId)), next: next?.runId === runId ? null : next };
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
    if (!run.completed_at) {
      const stock = await unlessItFails(trx, (step) => takeStock(step, runId));
      const counts = stock?.counts ?? { ...zeroCounts };
      const verdict = verdictOf({ ending: 'failed', kind: run.kind, planAnswered: false, counts });
      const isMoved = await unlessItFails(trx, (step) =>
        appendRunDelta(step, run.sync_id, runId).then(() => true),
      );
      // Without what this run has changed the snapshot might call a row unchanged that the destination does not hold. A
      // lost one is made anew by the next run, which offers every row and deletes none.
      if (!isMoved) await loseSnapshot(trx, run.sync_id);
      const failure = failureOf('internal', 'the run could not be closed in order', cause);
      await writeEnd(trx, place, run, stock ? verdict : { ...verdict, outcome: 'partial' }, counts, failure);
      await unlessItFails(trx, (step) => dropSpool(step, runId));
      await releaseLease(trx, run.sync_id, runId);
    }
    const next = await admit(trx, run.workspace_id, run.sync_id);
    return { ...(await readEnd(trx, runId)), next: next?.runId === runId ? null : next };
  });
}

/** What the step gives; null when it fails, with everything it did undone and the transaction still good. */
async function unlessItFails<Result>(
  trx: Knex.Transaction,
  step: (inner: Knex.Transaction) => Promise<Result>,
): Promise<Result | null> {
  try {
    return await trx.transaction(step);
  } catch {
    // Asked, because a connection that is gone fails the whole transaction; all else is what the way out is for.
    await trx.raw('SELECT 1');
    return null;
  }
}

async function lockRun(trx: Knex.Transaction, runId: string): Promise<OpenRun> {
  // Sync before lease before run, as everywhere: the queue locks in this order too. NO KEY leaves the key shares alone
  // that foreign keys take: a ledger write holds the lease and takes one of the sync with every event it writes.
  await trx.raw(`SELECT 1 FROM syncs WHERE id = (SELECT sync_id FROM runs WHERE id = ?) FOR NO KEY UPDATE`, [
    runId,
  ]);
  await trx.raw(
    `SELECT 1 FROM sync_leases WHERE sync_id = (SELECT sync_id FROM runs WHERE id = ?) FOR UPDATE`,
    [runId],
  );
  const { rows } = await trx.raw<{ rows: OpenRun[] }>(
    `SELECT id, workspace_id, sync_id, kind, started_at, completed_at, execution_run_id FROM runs WHERE id = ? FOR NO KEY UPDATE`,
    [runId],
  );
  const run = rows[0];
  if (!run) throw new RunNotFoundError(`run ${runId} does not exist`);
  return run;
}

async function writeEnd(
  trx: Knex.Transaction,
  place: RunEventPlace,
  run: OpenRun,
  verdict: Verdict,
  counts: RunCounts,
  failure: Failure | null,
): Promise<void> {
  const mismatch = counterMismatch(counts);
  const unproven = failureOf('internal', 'the work ended without an answer for every row');
  const kept = verdict.status === 'failed' ? (failure ?? unproven) : null;
  await endOpenPhases(trx, place.runId);
  if (run.started_at) {
    await trx.raw(
      `INSERT INTO run_phases (run_id, phase, workspace_id, started_at, ended_at)
       VALUES (?, 'finalization', ?, now(), clock_timestamp()) ON CONFLICT DO NOTHING`,
      [place.runId, place.workspaceId],
    );
  }
  const { rows: moved } = await trx.raw<{ rows: unknown[] }>(
    // Never before the start, even where a clock was set back: a run that cannot close would hold the queue for ever.
    `UPDATE runs SET status = ?, outcome = ?, completed_at = greatest(clock_timestamp(), queued_at, started_at),
       ${countColumns.map((column) => `${column} = ?`).join(', ')}, counter_mismatch = ?,
       failure_code = ?, failure_message = ?, failure_cause = ?
     WHERE id = ? AND status = ANY (?) RETURNING 1`,
    [
      verdict.status,
      verdict.outcome,
      ...Object.values(countRow(counts)),
      mismatch,
      kept?.code ?? null,
      kept?.message ?? null,
      kept?.cause ?? null,
      place.runId,
      predecessorsOf(verdict.status),
    ],
  );
  if (moved.length === 0) throw new Error(`run ${place.runId} cannot move to ${verdict.status}`);
  if (mismatch !== 0) await writeEvent(trx, place, 'counter_mismatch', { difference: mismatch });
  await writeEvent(trx, place, `run_${verdict.status}`, {
    outcome: verdict.outcome,
    failure: kept?.message ?? null,
  });
}

/**
 * Lines, marks and pulses are only needed while the run works; outcomes, row errors and what retries need of the journal's index
 * stay for the run's retention.
 */
async function dropSpool(trx: Knex.Transaction, runId: string): Promise<void> {
  await dropUnpublished(trx, runId);
  await keepIndexForRetries(trx, runId);
  await trx.raw(
    `WITH pulse AS (DELETE FROM run_pulses WHERE run_id = ?) UPDATE journals SET marks = NULL WHERE run_id = ?`,
    [runId, runId],
  );
}

async function releaseLease(trx: Knex.Transaction, syncId: string, runId: string): Promise<void> {
  // A late call of a dead attempt may still land until the last open deadline: the next run may read, not write.
  await trx.raw(
    `UPDATE sync_leases SET run_id = NULL, epoch = epoch + 1,
       no_write_before = greatest(no_write_before, (
         SELECT max(greatest(late_until, CASE WHEN state = 'sent' THEN deadline_at END)) FROM batches WHERE run_id = ?))
     WHERE sync_id = ? AND run_id = ?`,
    [runId, syncId, runId],
  );
}

interface EndRow extends CountRow {
  status: FinalStatus;
  outcome: RunOutcome;
  failure_code: Failure['code'] | null;
  failure_message: string | null;
  failure_cause: string | null;
}

async function readEnd(trx: Knex.Transaction, runId: string): Promise<Omit<ClosedRun, 'next'>> {
  const { rows } = await trx.raw<{ rows: EndRow[] }>(
    `SELECT status, outcome, ${countColumns.join(', ')}, failure_code, failure_message, failure_cause
     FROM runs WHERE id = ?`,
    [runId],
  );
  const row = rows[0];
  if (!row) throw new RunNotFoundError(`run ${runId} does not exist`);
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
