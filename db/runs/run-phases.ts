// Owns the phases of a run as stored: when each began, ended, how often it was tried and how long it waited.
import type { Knex } from 'knex';
import type { Phase } from '../../domain/phase';
import { timeFromNow } from '../time-from-now';
import { noteExecution } from './executions';
import { epochRaise, type Fence, fencedStatement, whyNoLease } from './lease';
import { eventInsert, lastEvent } from './run-events';

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
export async function beginPhase(knex: Knex, runId: string, phase: Phase, tried: PhaseTry): Promise<Fence> {
  const fence = await begin(knex, runId, phase, tried, 'true');
  if (!fence) throw await whyNoLease(knex, runId);
  return fence;
}

// What a phase publishes when it is done; it is never made a second time.
const publications = {
  query: 'SELECT 1 FROM journals WHERE run_id = :runId AND published_at IS NOT NULL',
  change_detection: 'SELECT 1 FROM change_plans WHERE run_id = :runId',
} as const satisfies Partial<Record<Phase, string>>;

/**
 * `beginPhase`, unless the phase has published what it makes: then null, and nothing was touched. It may publish even
 * while this waits for the lease, so that whoever works on asks again.
 */
export async function beginUnpublished(
  knex: Knex,
  runId: string,
  phase: keyof typeof publications,
  tried: PhaseTry,
): Promise<Fence | null> {
  const published = publications[phase];
  const fence = await begin(knex, runId, phase, tried, `NOT EXISTS (${published})`);
  if (fence) return fence;
  const { rows } = await knex.raw<{ rows: unknown[] }>(published, { runId });
  if (rows.length === 0) throw await whyNoLease(knex, runId);
  return null;
}

interface BegunRow {
  workspace_id: string;
  sync_id: string;
  epoch: number;
  execution_run_id: string | null;
}

async function begin(
  knex: Knex,
  runId: string,
  phase: Phase,
  { retried, executionRunId }: PhaseTry,
  condition: string,
): Promise<Fence | null> {
  const { rows } = await knex.raw<{ rows: BegunRow[] }>(
    `WITH lease AS (${epochRaise} AND ${condition} RETURNING workspace_id, sync_id, epoch),
     begun AS (
       INSERT INTO run_phases (run_id, phase, workspace_id, started_at)
       SELECT :runId, :phase, workspace_id, clock_timestamp() FROM lease
       ON CONFLICT (run_id, phase) DO UPDATE SET attempts = run_phases.attempts + :more::integer, ended_at = NULL,
         waited_ms = run_phases.waited_ms + ${waitedMs}, waiting_since = NULL, waiting_until = NULL
       RETURNING run_id, attempts),
     retry AS (SELECT workspace_id, sync_id, run_id, attempts FROM begun CROSS JOIN lease WHERE :more::integer > 0),
     told AS (${eventInsert('phase_retried', 'retry', `jsonb_build_object('phase', :phase::text, 'attempt', attempts)`)})
     SELECT workspace_id, sync_id, epoch, (SELECT execution_run_id FROM runs WHERE id = :runId) AS execution_run_id
     FROM lease`,
    { runId, phase, more: retried ? 1 : 0 },
  );
  const [begun] = rows;
  if (!begun) return null;
  if (executionRunId !== undefined && begun.execution_run_id !== executionRunId)
    await noteExecution(knex, runId, { runId: executionRunId, continuedFrom: null });
  return { workspaceId: begun.workspace_id, syncId: begun.sync_id, runId, epoch: begun.epoch };
}

/**
 * Notes that the phase at hand is paused, for nobody knows how long; the next attempt, or the end, adds up how long it was.
 * Not fenced: Temporal tells of a pause only the attempt that it takes for the present one.
 */
export async function notePausedPhase(knex: Knex, runId: string): Promise<void> {
  await knex.raw(
    `UPDATE run_phases SET waiting_since = clock_timestamp(), waiting_until = NULL
     WHERE run_id = ? AND ended_at IS NULL`,
    [runId],
  );
}

/** Trouble, or late calls, that the run waits out: why, until when, and what the other side asked for. */
export interface Wait {
  readonly code: string;
  readonly reason: string;
  /** Null: nobody knows. */
  readonly forMs: number | null;
  /** Milliseconds the other side asked us to wait; null when it did not. */
  readonly askedMs: number | null;
  /** Which try of the stretch it follows; absent where nothing was tried. */
  readonly try?: number;
}

// Until `:until`; null is nobody knows.
const phaseWaits = `waits AS (
  UPDATE run_phases SET waiting_since = clock_timestamp(), waiting_until = :until::timestamptz
  FROM fence WHERE run_phases.run_id = fence.run_id AND ended_at IS NULL)`;

/**
 * Tells in the timeline why nothing moves, and notes that the phase waits; the next attempt, or the end, adds up how long.
 * Throws FencedError for an attempt that was overtaken: the phase is another one's, or has ended.
 */
export async function tellWaiting(knex: Knex, fence: Fence, wait: Wait): Promise<void> {
  const until = wait.forMs === null ? null : await timeFromNow(knex, wait.forMs);
  const told = {
    code: wait.code,
    reason: wait.reason,
    until: until && until.toISOString(),
    asked_ms: wait.askedMs,
    ...(wait.try === undefined ? {} : { try: wait.try }),
  };
  await fencedStatement(
    knex,
    fence,
    [`told AS (${eventInsert('waiting', 'fence', ':told::jsonb')})`, phaseWaits],
    { told: JSON.stringify(told), until },
  );
}

/** `tellWaiting` for a wait in pieces, by the same rules: without a second event where the run's last one says the same. */
export async function keepWaiting(knex: Knex, fence: Fence, wait: Wait): Promise<void> {
  const last = await lastEvent(knex, fence.runId);
  if (last?.type === 'waiting' && last.code === wait.code)
    await fencedStatement(knex, fence, [phaseWaits], { until: null });
  else await tellWaiting(knex, fence, wait);
}

/** The phase at hand goes on after all, in the same attempt; throws FencedError when that was overtaken. */
export async function endWaiting(knex: Knex, fence: Fence): Promise<void> {
  await fencedStatement(knex, fence, [
    `works AS (
       UPDATE run_phases SET waited_ms = waited_ms + ${waitedMs}, waiting_since = NULL, waiting_until = NULL
       FROM fence WHERE run_phases.run_id = fence.run_id AND ended_at IS NULL)`,
  ]);
}

/**
 * Ends whatever phase is still open when the run `:runId` closes, as a part of the statement that closes it; at the beginning
 * of its transaction, where finalization begins.
 */
export const openPhasesEnd = `UPDATE run_phases SET ${endedAt('now()')} WHERE run_id = :runId AND ended_at IS NULL`;

/** Ends a phase as a part of a fenced statement. */
export function phaseEnd(phase: Phase): string {
  return `UPDATE run_phases SET ${endedAt('clock_timestamp()')} FROM fence WHERE run_phases.run_id = fence.run_id AND phase = '${phase}'`;
}

/** Marks the end of a phase; the last call wins. */
export async function endPhase(trx: Knex, runId: string, phase: Phase): Promise<void> {
  await trx.raw(`UPDATE run_phases SET ${endedAt('clock_timestamp()')} WHERE run_id = ? AND phase = ?`, [
    runId,
    phase,
  ]);
}
