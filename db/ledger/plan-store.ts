// Owns the change plan of a run: numbered batches with exact counts, published once and never made again.
import type { Knex } from 'knex';
import { type Fence, fencedStatement } from '../runs/lease';
import { phaseEnd } from '../runs/run-phases';
import { eventInsert, type RunEventType, writeEvent } from '../runs/run-events';
import { insertRowErrors, type StoredRowError } from './row-error-store';

/** One batch as planned. A delete batch carries its rows itself: entries, keys and one delete operation per row. */
export interface NewBatch {
  readonly batchNo: number;
  readonly kind: 'write' | 'delete';
  readonly creates: number;
  readonly updates: number;
  readonly deletes: number;
  readonly lineFrom: number | null;
  readonly lineTo: number | null;
  readonly operations: Buffer;
  readonly entries: Buffer | null;
  readonly rowKeys: Buffer | null;
}

/** Counts of a plan; rows. */
export interface PlanSummary {
  readonly skipped: number;
  readonly failed: number;
  readonly plannedDeletes: number;
  readonly skippedDeletes: number;
  readonly creates: number;
  readonly updates: number;
  readonly batches: number;
}

/** A plan to be published; `outOfScope`: of the skipped, those a retry is not about; none when it is about every row. */
export interface NewPlan extends PlanSummary {
  readonly outOfScope?: number | null;
}

/** Things a person should know of the plan, as events of the run. */
export interface PlanNotice {
  readonly type: RunEventType;
  readonly detail: Record<string, unknown>;
}

/** Publishes plan, batches and refusals in one transaction and ends the change detection phase. */
export async function publishPlan(
  knex: Knex,
  fence: Fence,
  summary: NewPlan,
  batches: AsyncIterable<NewBatch> | Iterable<NewBatch>,
  refusals: AsyncIterable<StoredRowError[]>,
  notices: readonly PlanNotice[],
): Promise<void> {
  const planned = `planned AS (
    INSERT INTO change_plans (run_id, workspace_id, attempt, skipped, failed, planned_deletes, skipped_deletes,
      creates, updates, batches)
    SELECT run_id, workspace_id, epoch, :skipped::bigint, :failed::bigint, :plannedDeletes::bigint,
      :skippedDeletes::bigint, :creates::bigint, :updates::bigint, :batches::integer FROM fence)`;
  const ended = [
    `ended AS (${phaseEnd('change_detection')})`,
    `told AS (${eventInsert('changes_planned', 'fence', ':told::jsonb')})`,
  ];
  const counts: Record<string, number> = { ...summary, outOfScope: 0 };
  const told = { told: JSON.stringify(toldOf(summary)) };
  // Most runs of a quiet sync: nothing is planned, and one statement says so.
  if (summary.batches === 0 && summary.failed === 0 && notices.length === 0)
    return fencedStatement(knex, fence, [planned, ...ended], { ...counts, ...told });
  await knex.transaction(async (trx) => {
    await fencedStatement(trx, fence, [planned], counts);
    await insertBatches(trx, fence, batches);
    for await (const page of refusals) await insertRowErrors(trx, fence, page);
    await fencedStatement(trx, fence, ended, told);
    for (const notice of notices) await writeEvent(trx, fence, notice.type, notice.detail);
  });
}

function toldOf({ creates, updates, plannedDeletes, failed, skipped, outOfScope }: NewPlan): object {
  return {
    creates,
    updates,
    deletes: plannedDeletes,
    failed,
    skipped,
    ...(typeof outOfScope === 'number' ? { out_of_scope: outOfScope } : {}),
  };
}

// 200 batches x 12 values stay below Postgres' 65,535 parameters, and 200 x 10 kB of operations below 2 MB.
const batchPage = 200;

async function insertBatches(
  trx: Knex.Transaction,
  fence: Fence,
  batches: AsyncIterable<NewBatch> | Iterable<NewBatch>,
): Promise<void> {
  let page: NewBatch[] = [];
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    await trx('batches').insert(page.map((batch) => toRow(fence, batch)));
    page = [];
  };
  for await (const batch of batches) {
    page.push(batch);
    if (page.length === batchPage) await flush();
  }
  await flush();
}

function toRow(fence: Fence, batch: NewBatch): Record<string, unknown> {
  return {
    run_id: fence.runId,
    batch_no: batch.batchNo,
    workspace_id: fence.workspaceId,
    kind: batch.kind,
    creates: batch.creates,
    updates: batch.updates,
    deletes: batch.deletes,
    line_from: batch.lineFrom,
    line_to: batch.lineTo,
    operations: batch.operations,
    entries: batch.entries,
    row_keys: batch.rowKeys,
  };
}

/** The run's published plan, null when none is. */
export async function publishedPlan(knex: Knex, runId: string): Promise<PlanSummary | null> {
  const { rows } = await knex.raw<{ rows: PlanRow[] }>(
    `SELECT skipped, failed, planned_deletes, skipped_deletes, creates, updates, batches
     FROM change_plans WHERE run_id = ?`,
    [runId],
  );
  const row = rows[0];
  if (!row) return null;
  return {
    skipped: row.skipped,
    failed: row.failed,
    plannedDeletes: row.planned_deletes,
    skippedDeletes: row.skipped_deletes,
    creates: row.creates,
    updates: row.updates,
    batches: row.batches,
  };
}

interface PlanRow {
  skipped: number;
  failed: number;
  planned_deletes: number;
  skipped_deletes: number;
  creates: number;
  updates: number;
  batches: number;
}
