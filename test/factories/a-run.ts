// Makes runs for tests: whole rows whose times, counts, failure and phases fit their status.
import type { Knex } from 'knex';
import type { StoredSync } from '../../db/configuration/sync-store';
import { newId } from '../../db/new-id';
import { type RunCounts, zeroCounts } from '../../domain/counts';
import { type FailureCode, failureOf } from '../../domain/failure';
import { phases } from '../../domain/phase';
import type { RunKind, RunOutcome, RunStatus, RunTrigger } from '../../domain/run';
import { aSync } from './a-sync';

export interface RunOverrides {
  /** Its sync; one of its own when absent. */
  readonly sync?: Pick<StoredSync, 'id' | 'workspaceId'>;
  readonly status?: RunStatus;
  readonly outcome?: RunOutcome;
  readonly kind?: RunKind;
  readonly trigger?: RunTrigger;
  /** Rows processed are what the other counters add up to, unless given. */
  readonly counts?: Partial<RunCounts>;
  readonly failure?: FailureCode;
  readonly failureDetail?: string;
  readonly note?: string;
  /** When it was started; queued a second before. Default: the product page's example. */
  readonly startedAt?: Date;
  /** Whole duration, seconds. Default: the product page's 263. */
  readonly durationSeconds?: number;
}

export interface MadeRun {
  readonly id: string;
  readonly workspaceId: string;
  readonly syncId: string;
  readonly workflowId: string;
}

const second = 1_000;
// Shares of a run's duration: the product page's example has 45 of 263 seconds in the query.
const phaseShares = {
  query: 45 / 263,
  change_detection: 18 / 263,
  destination_writes: 190 / 263,
  finalization: 10 / 263,
};

/** A run as it would stand in the tables; `completed` with the product page's counts unless told otherwise. */
export async function aRun(knex: Knex, overrides: RunOverrides = {}): Promise<MadeRun> {
  const { id: syncId, workspaceId } = overrides.sync ?? (await aSync(knex));
  const status = overrides.status ?? 'completed';
  const startedAt = overrides.startedAt ?? new Date('2025-01-15T09:00:00Z');
  const endedAt = new Date(startedAt.getTime() + (overrides.durationSeconds ?? 263) * second);
  const hasStarted = status !== 'queued';
  const hasEnded = status !== 'queued' && status !== 'running';
  const counts = countsOf(status, overrides.counts);
  const failure =
    status === 'failed'
      ? failureOf(
          overrides.failure ?? 'source_connection_failed',
          overrides.failureDetail ?? 'timeout',
          'ETIMEDOUT',
        )
      : null;
  const id = newId('run');
  const place: { next: number } | undefined = await knex('runs')
    .where({ sync_id: syncId })
    .first(knex.raw('coalesce(max(queue_no), 0) + 1 AS next'));
  await knex('runs').insert({
    id,
    workspace_id: workspaceId,
    sync_id: syncId,
    queue_no: place?.next ?? 1,
    kind: overrides.kind ?? 'normal',
    trigger: overrides.trigger ?? 'schedule',
    note: overrides.note ?? null,
    status,
    outcome: hasEnded ? (overrides.outcome ?? outcomeOf(status, counts)) : null,
    workflow_id: id,
    first_execution_run_id: hasStarted ? '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0000' : null,
    // As after a reset: another one serves the run now.
    execution_run_id: hasStarted ? '0199aaaa-bbbb-7ccc-8ddd-eeeeffff0001' : null,
    sync_version: hasStarted ? 1 : null,
    model_version: hasStarted ? 1 : null,
    queued_at: new Date(startedAt.getTime() - second),
    started_at: hasStarted ? startedAt : null,
    completed_at: hasEnded ? endedAt : null,
    rows_processed: counts.processed,
    rows_unchanged: counts.unchanged,
    rows_skipped: counts.skipped,
    rows_created: counts.created,
    rows_updated: counts.updated,
    rows_deleted: counts.deleted,
    rows_failed: counts.failed,
    rows_not_attempted: counts.notAttempted,
    rows_unknown: counts.unknown,
    planned_deletes: counts.plannedDeletes,
    failure_code: failure?.code ?? null,
    failure_message: failure?.message ?? null,
    failure_cause: failure?.cause ?? null,
  });
  if (status === 'completed') await insertPhases(knex, workspaceId, id, startedAt, endedAt);
  return { id, workspaceId, syncId, workflowId: id };
}

function countsOf(status: RunStatus, given: Partial<RunCounts> | undefined): RunCounts {
  const page = { created: 1_205, updated: 13_891, failed: 336 };
  const counts = { ...zeroCounts, ...(given ?? (status === 'completed' ? page : {})) };
  const { unchanged, skipped, created, updated, deleted, failed, notAttempted, unknown } = counts;
  const placed = unchanged + skipped + created + updated + deleted + failed + notAttempted + unknown;
  const plannedDeletes = given?.plannedDeletes ?? deleted;
  return { ...counts, plannedDeletes, processed: given?.processed ?? placed - plannedDeletes };
}

function outcomeOf(status: RunStatus, counts: RunCounts): RunOutcome {
  const applied = counts.created + counts.updated + counts.deleted;
  if (status !== 'completed') return applied + counts.unknown > 0 ? 'partial' : 'nothing_applied';
  if (counts.failed > 0) return 'with_row_errors';
  return applied > 0 ? 'clean' : 'no_changes';
}

async function insertPhases(
  knex: Knex,
  workspaceId: string,
  runId: string,
  from: Date,
  to: Date,
): Promise<void> {
  let beginsAt = from.getTime();
  for (const phase of phases) {
    const endsAt = beginsAt + Math.round((to.getTime() - from.getTime()) * phaseShares[phase]);
    await knex('run_phases').insert({
      run_id: runId,
      workspace_id: workspaceId,
      phase,
      started_at: new Date(beginsAt),
      ended_at: new Date(endsAt),
    });
    beginsAt = endsAt;
  }
}
