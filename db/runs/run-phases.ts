// Owns the phases of a run as stored: when each began, ended, how often it was tried and how long it waited.
import type { Knex } from 'knex';
import type { Phase } from '../../domain/phase';
import { timeFromNow } from '../time-from-now';
import { noteExecution } from './executions';
import { type Fence, raiseEpoch } from './lease';
import { type RunEventPlace, writeEvent } from './run-events';

/** The try at a phase's activity that begins. */
export interface PhaseTry {
  /** Whether an earlier try at the same activity was lost or failed. */
  readonly retried: boolean;
  /** Temporal's id of the execution that asks; absent: nobody's business. */
  readonly executionRunId?: string;
}

// Whole milliseconds since the phase began to wait; 0 when it does not.
const waitedMs = `coalesce(extract(epoch FROM clock_timestamp() - run_phases.waiting_since) * 1000, 0)::bigint`;

// What ends a phase; what it still waited is added up.
const endedAt = (at: 'now()' | 'clock_timestamp()'): string =>
  `ended_at = greatest(${at}, started_at), waited_ms = waited_ms + ${waitedMs}, waiting_since = NULL, waiting_until = NULL`;

/** Begins an attempt at a phase: fences older attempts and counts this one when it is a retry. */
export async function beginPhase(
  trx: Knex.Transaction,
  runId: string,
  phase: Phase,
  { retried, executionRunId }: PhaseTry,
): Promise<Fence> {
  const fence = await raiseEpoch(trx, runId);
  const { rows } = await trx.raw<{ rows: { attempts: number; execution_run_id: string | null }[] }>(
    `INSERT INTO run_phases (run_id, phase, workspace_id, started_at) VALUES (?, ?, ?, clock_timestamp())
     ON CONFLICT (run_id, phase) DO UPDATE SET attempts = run_phases.attempts + ?, ended_at = NULL,
       waited_ms = run_phases.waited_ms + ${waitedMs}, waiting_since = NULL, waiting_until = NULL
     RETURNING attempts, (SELECT execution_run_id FROM runs WHERE id = run_phases.run_id) AS execution_run_id`,
    [runId, phase, fence.workspaceId, retried ? 1 : 0],
  );
  const begun = rows[0];
  if (retried) await writeEvent(trx, fence, 'phase_retried', { phase, attempt: begun?.attempts ?? null });
  if (executionRunId !== undefined && begun?.execution_run_id !== executionRunId)
    await noteExecution(trx, runId, { runId: executionRunId, continuedFrom: null });
  return fence;
}

/**
 * Notes that the phase waits from now on; the next attempt, or the end, adds up how long. `until` is null when nobody
 * knows how long it will be.
 */
export async function noteWaiting(knex: Knex, runId: string, until: Date | null): Promise<void> {
  await knex.raw(
    `UPDATE run_phases SET waiting_since = clock_timestamp(), waiting_until = ? WHERE run_id = ? AND ended_at IS NULL`,
    [until, runId],
  );
}

/** Trouble, or late calls, that the run waits out: why, until when, and what the other side asked for. */
export interface Wait {
  readonly code: string;
  readonly reason: string;
  readonly forMs: number;
  /** Milliseconds the other side asked us to wait; null when it did not. */
  readonly askedMs: number | null;
  /** Which try of the stretch it follows; absent where nothing was tried. */
  readonly try?: number;
}

/** Tells in the timeline why nothing moves, and notes that the phase waits. */
export async function tellWaiting(knex: Knex, place: RunEventPlace, wait: Wait): Promise<void> {
  const until = await timeFromNow(knex, wait.forMs);
  await writeEvent(knex, place, 'waiting', {
    code: wait.code,
    reason: wait.reason,
    until: until.toISOString(),
    asked_ms: wait.askedMs,
    ...(wait.try === undefined ? {} : { try: wait.try }),
  });
  await noteWaiting(knex, place.runId, until);
}

/** Ends whatever phase is still open when the run closes, at the beginning of the transaction: where finalization begins. */
export async function endOpenPhases(trx: Knex, runId: string): Promise<void> {
  await trx.raw(`UPDATE run_phases SET ${endedAt('now()')} WHERE run_id = ? AND ended_at IS NULL`, [runId]);
}

/** Marks the end of a phase; the last call wins. */
export async function endPhase(trx: Knex, runId: string, phase: Phase): Promise<void> {
  await trx.raw(`UPDATE run_phases SET ${endedAt('clock_timestamp()')} WHERE run_id = ? AND phase = ?`, [
    runId,
    phase,
  ]);
}
