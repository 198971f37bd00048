// Owns the phases of a run as stored: when each began, ended, how often it was tried and how long it waited.
import type { Knex } from 'knex';
import type { Phase } from '../../domain/phase';
import { type Fence, raiseEpoch } from './lease';

/** Begins an attempt at a phase: fences older attempts and counts this one when it is a retry. */
export async function beginPhase(
  trx: Knex.Transaction,
  runId: string,
  phase: Phase,
  retried: boolean,
): Promise<Fence> {
  const fence = await raiseEpoch(trx, runId);
  await trx.raw(
    `INSERT INTO run_phases (run_id, phase, workspace_id, started_at) VALUES (?, ?, ?, clock_timestamp())
     ON CONFLICT (run_id, phase) DO UPDATE SET attempts = run_phases.attempts + ?, ended_at = NULL`,
    [runId, phase, fence.workspaceId, retried ? 1 : 0],
  );
  return fence;
}

/** Marks the end of a phase; the last call wins. */
export async function endPhase(trx: Knex, runId: string, phase: Phase): Promise<void> {
  await trx.raw(`UPDATE run_phases SET ended_at = clock_timestamp() WHERE run_id = ? AND phase = ?`, [
    runId,
    phase,
  ]);
}
