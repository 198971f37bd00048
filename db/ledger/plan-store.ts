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

/** What is counted of a plan before its batches are written; rows. */
export interface NewPlan {
  readonly skipped: number;
  readonly failed: number;
  readonly plannedDeletes: number;
  readonly creates: number;
  readonly updates: number;
  /** Of the planned deletes, those the batches are to hold; some may turn out to have no key. */
  readonly deletes: number;
  /** Of the skipped, those a retry is not about; none when it is about every row. */
  readonly outOfScope?: number | null;
}

/** What was written of a plan. */
export interface WrittenPlan {
  readonly batches: number;
  /** Rows of its delete batches; planned deletes beyond them are skipped. */
  readonly deletes: number;
}

/** Counts of a published plan; rows. */
export interface PlanSummary {
  readonly skipped: number;
  readonly failed: number;
  readonly plannedDeletes: number;
  readonly skippedDeletes: number;
  readonly creates: number;
  readonly updates: number;
  readonly batches: number;
}

/** Things a person should know of the plan, as events of the run. */
export interface PlanNotice {
  readonly type: RunEventType;
  readonly detail: Record<string, unknown>;
}

const nothingWritten: WrittenPlan = { batches: 0, deletes: 0 };

/**
 * Publishes plan, batches and refusals in one transaction and ends the change detection phase. Batches are written as they
 * come: how many there are, and how many deletes, is known after the last of them, and so are the notices.
 */
export async function publishPlan(
  knex: Knex,
  fence: Fence,
  plan: NewPlan,
  batches: AsyncIterable<NewBatch> | Iterable<NewBatch>,
  refusals: AsyncIterable<StoredRowError[]>,
  notices: (written: WrittenPlan) => readonly PlanNotice[],
): Promise<WrittenPlan> {
  const { skipped, failed, plannedDeletes, creates, updates } = plan;
  const planned = `planned AS (
    INSERT INTO change_plans (run_id, workspace_id, attempt, skipped, failed, planned_deletes, skipped_deletes,
      creates, updates, batches)
    SELECT run_id, workspace_id, epoch, :skipped::bigint, :failed::bigint, :plannedDeletes::bigint,
      :plannedDeletes::bigint, :creates::bigint, :updates::bigint, 0 FROM fence)`;
  const ended = [
    `ended AS (${phaseEnd('change_detection')})`,
    `told AS (${eventInsert('changes_planned', 'fence', ':told::jsonb')})`,
  ];
  const counts = { skipped, failed, plannedDeletes, creates, updates };
  const told = { told: JSON.stringify(toldOf(plan)) };
  const rows = creates + updates + plan.deletes + failed;
  // Most runs of a quiet sync: nothing is planned, and one statement says so.
  if (rows === 0 && notices(nothingWritten).length === 0) {
    await fencedStatement(knex, fence, [planned, ...ended], { ...counts, ...told });
    return nothingWritten;
  }
  return knex.transaction(async (trx) => {
    // First, although its counts come last: the batches refer to it.
    await fencedStatement(trx, fence, [planned], counts);
    const written = await insertBatches(trx, fence, batches);
    for await (const page of refusals) await insertRowErrors(trx, fence, page);
    const counted = `counted AS (
      UPDATE change_plans plan SET batches = :batches::integer, skipped_deletes = planned_deletes - :deletes::bigint
      FROM fence WHERE plan.run_id = fence.run_id)`;
    await fencedStatement(trx, fence, [counted, ...ended], { ...told, ...written });
    for (const notice of notices(written)) await writeEvent(trx, fence, notice.type, notice.detail);
    return written;
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

// 200 batches x 12 values stay below Postgres' 65,535 parameters.
const pageBatches = 200;
// One message to the server, in memory here and there: as much as 200 batches of 20,000 operations. Batches of deletes carry
// their rows, about a mebibyte each.
const pageBytes = 4 * 1024 * 1024;

async function insertBatches(
  trx: Knex.Transaction,
  fence: Fence,
  batches: AsyncIterable<NewBatch> | Iterable<NewBatch>,
): Promise<WrittenPlan> {
  const written = { batches: 0, deletes: 0 };
  let page: NewBatch[] = [];
  let bytes = 0;
  const flush = async (): Promise<void> => {
    if (page.length === 0) return;
    await trx('batches').insert(page.map((batch) => toRow(fence, batch)));
    page = [];
    bytes = 0;
  };
  for await (const batch of batches) {
    page.push(batch);
    bytes += batch.operations.length + (batch.entries?.length ?? 0) + (batch.rowKeys?.length ?? 0);
    written.batches += 1;
    written.deletes += batch.deletes;
    if (page.length === pageBatches || bytes >= pageBytes) await flush();
  }
  await flush();
  return written;
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
