// Owns the move from queued to running: pins the configuration versions and starts the budget.
import type { Knex } from 'knex';
import { predecessorsOf } from '../../domain/run-transitions';
import { defaultSettings, type SyncSettings } from '../../domain/sync';
import { noteExecution, type ServingExecution } from './executions';
import { RunAlreadyClosedError, RunNotFoundError } from './lease';
import { writeEvent } from './run-events';

export interface StartedRun {
  /** End of the run's budget, milliseconds since 1970. */
  readonly budgetEndsAtMs: number;
  readonly patienceSeconds: number;
}

interface StartRow {
  workspace_id: string;
  sync_id: string;
  status: string;
  budget_ends_at: Date | null;
  completed_at: Date | null;
  execution_run_id: string | null;
  holds_lease: boolean;
  settings: Partial<SyncSettings>;
}

/**
 * Moves the run to running, once; a repeated call returns what the first one decided. Null when it is not the run's
 * turn: it does not hold its sync's lease.
 */
export async function startRun(
  knex: Knex,
  runId: string,
  execution: ServingExecution | null = null,
): Promise<StartedRun | null> {
  return knex.transaction(async (trx) => {
    const { rows } = await trx.raw<{ rows: StartRow[] }>(
      `SELECT r.workspace_id, r.sync_id, r.status, r.budget_ends_at, r.completed_at, r.execution_run_id, v.settings,
         EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = s.id AND l.run_id = r.id) AS holds_lease
       FROM runs r JOIN syncs s ON s.id = r.sync_id
       JOIN sync_versions v ON v.sync_id = s.id AND v.version = coalesce(r.sync_version, s.version)
       WHERE r.id = ? FOR NO KEY UPDATE OF r`,
      [runId],
    );
    const run = rows[0];
    if (!run) throw new RunNotFoundError(`run ${runId} does not exist`);
    if (run.completed_at) throw new RunAlreadyClosedError(`run ${runId} is already ${run.status}`);
    if (execution && run.execution_run_id !== execution.runId) await noteExecution(trx, runId, execution);
    if (!run.holds_lease) {
      await writeEvent(trx, { workspaceId: run.workspace_id, syncId: run.sync_id, runId }, 'signal_ignored', {
        reason: 'it is not the turn of this run',
      });
      return null;
    }
    const settings = { ...defaultSettings, ...run.settings };
    const endsAt = run.budget_ends_at ?? (await moveToRunning(trx, runId, settings.budgetSeconds));
    if (!run.budget_ends_at) {
      await writeEvent(trx, { workspaceId: run.workspace_id, syncId: run.sync_id, runId }, 'run_started');
    }
    return { budgetEndsAtMs: endsAt.getTime(), patienceSeconds: settings.patienceSeconds };
  });
}

async function moveToRunning(trx: Knex.Transaction, runId: string, budgetSeconds: number): Promise<Date> {
  const { rows } = await trx.raw<{ rows: { budget_ends_at: Date }[] }>(
    `UPDATE runs SET status = 'running', started_at = greatest(clock_timestamp(), queued_at),
       budget_ends_at = clock_timestamp() + make_interval(secs => ?),
       sync_version = s.version, model_version = m.version
     FROM syncs s JOIN models m ON m.id = s.model_id
     WHERE runs.id = ? AND runs.status = ANY (?) AND s.id = runs.sync_id
       AND EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = s.id AND l.run_id = runs.id)
     RETURNING budget_ends_at`,
    [budgetSeconds, runId, predecessorsOf('running')],
  );
  const moved = rows[0];
  if (!moved) throw new Error(`run ${runId} cannot start: it does not hold its sync's lease`);
  return moved.budget_ends_at;
}
