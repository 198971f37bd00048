// Owns the move from queued to running: pins the configuration versions and starts the budget.
import type { Knex } from 'knex';
import { predecessorsOf } from '../../domain/run-transitions';
import { defaultSettings, type SyncSettings } from '../../domain/sync';
import { noteExecution, type ServingExecution } from './executions';
import { RunAlreadyClosedError, RunNotFoundError } from './lease';
import { eventInsert, writeEvent } from './run-events';

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
  return (await startAtOnce(knex, runId, execution)) ?? startInOrder(knex, runId, execution);
}

/** The usual case as one statement: it is the run's turn, and this the execution it knows. Null: look closer. */
async function startAtOnce(
  knex: Knex,
  runId: string,
  execution: ServingExecution | null,
): Promise<StartedRun | null> {
  const { rows } = await knex.raw<{ rows: { budget_ends_at: Date; settings: Partial<SyncSettings> }[] }>(
    `WITH moved AS (
       UPDATE runs SET status = 'running', started_at = greatest(clock_timestamp(), queued_at),
         budget_ends_at = clock_timestamp()
           + make_interval(secs => coalesce((v.settings->>'budgetSeconds')::float8, :budgetSeconds::float8)),
         sync_version = s.version, model_version = m.version
       FROM syncs s JOIN models m ON m.id = s.model_id
       JOIN sync_versions v ON v.sync_id = s.id AND v.version = s.version
       WHERE runs.id = :runId AND runs.status = ANY (:predecessors) AND s.id = runs.sync_id
         AND runs.execution_run_id IS NOT DISTINCT FROM coalesce(:executionRunId, runs.execution_run_id)
         AND EXISTS (SELECT 1 FROM sync_leases l WHERE l.sync_id = s.id AND l.run_id = runs.id)
       RETURNING runs.id AS run_id, runs.workspace_id, runs.sync_id, budget_ends_at, v.settings),
     told AS (${eventInsert('run_started', 'moved')})
     SELECT budget_ends_at, settings FROM moved`,
    {
      runId,
      budgetSeconds: defaultSettings.budgetSeconds,
      predecessors: predecessorsOf('running'),
      executionRunId: execution?.runId ?? null,
    },
  );
  const [moved] = rows;
  return (
    (moved && {
      budgetEndsAtMs: moved.budget_ends_at.getTime(),
      patienceSeconds: { ...defaultSettings, ...moved.settings }.patienceSeconds,
    }) ??
    null
  );
}

async function startInOrder(
  knex: Knex,
  runId: string,
  execution: ServingExecution | null,
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
    if (run.budget_ends_at)
      return { budgetEndsAtMs: run.budget_ends_at.getTime(), patienceSeconds: settings.patienceSeconds };
    const started = await startAtOnce(trx, runId, execution);
    if (!started) throw new Error(`run ${runId} cannot start: it is ${run.status}`);
    return started;
  });
}
