// Brings a run to a published plan through the stores, without Temporal, source or destination.
import type { Knex } from 'knex';
import type { StoredSync } from '../../db/configuration/sync-store';
import { ackBatches, markSent } from '../../db/ledger/batch-ledger';
import { appendJournalBatch, openJournal, publishJournal } from '../../db/ledger/journal-store';
import { publishPlan } from '../../db/ledger/plan-store';
import type { Fence } from '../../db/runs/lease';
import { beginPhase } from '../../db/runs/run-phases';
import { enqueueRun } from '../../db/runs/run-queue';
import { startRun } from '../../db/runs/start-run';
import { pinSnapshot } from '../../db/snapshot/snapshot-store';
import { entryBytes, entryWords } from '../../diff/bytes/packed-words';
import { JournalWriter } from '../../diff/journal-batch';
import { rowOperation } from '../../domain/row-outcome';
import { aSync } from './a-sync';

/** A run in the queue of `sync`, of a sync of its own when none is given. */
export async function aQueuedRun(
  knex: Knex,
  sync?: Pick<StoredSync, 'id' | 'workspaceId'>,
): Promise<{ runId: string; syncId: string; workspaceId: string; admitted: boolean }> {
  const { id: syncId, workspaceId } = sync ?? (await aSync(knex));
  const { runId, admitted } = await enqueueRun(knex, {
    workspaceId,
    syncId,
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  });
  return { runId, syncId, workspaceId, admitted };
}

/** A running run with a plan of so many batches of creates; its fence is the writer's. */
export async function aPlannedRun(
  knex: Knex,
  { batches = 3, batchRows = 10, sync }: { batches?: number; batchRows?: number; sync?: StoredSync } = {},
): Promise<Fence> {
  const { runId } = await aQueuedRun(knex, sync);
  await startRun(knex, runId);
  const rows = batches * batchRows;
  const fence = await knex.transaction(async (trx) => {
    const reader = await beginPhase(trx, runId, 'query', { retried: false });
    const identity = {
      hash: 'h',
      keyColumns: ['id'],
      keyTypes: ['text'],
      keyMatch: 'exact',
      destinationId: 'd',
      object: {},
    };
    await pinSnapshot(trx, reader, identity, false);
    await openJournal(trx, reader);
    return reader;
  });
  const journal = new JournalWriter();
  for (let row = 0; row < rows; row += 1) {
    const line = Buffer.from(`u${row}`);
    journal.append(new Uint32Array(entryWords), -1, 0, line, 0, line.length);
  }
  journal.finish();
  for (const batch of journal.take()) await appendJournalBatch(knex, fence, batch);
  await publishJournal(knex, fence, {
    columns: [{ name: 'id', type: 'text', json: 'string' }],
    snapshotVersion: 1,
    snapshotDelta: 0,
    snapshotRows: 0,
    linesRead: rows,
    unchanged: 0,
    skipped: 0,
    journalled: rows,
    unseen: 0,
    passes: 1,
    marks: null,
  });
  const plan = Array.from({ length: batches }, (_, at) => ({
    batchNo: at + 1,
    kind: 'write' as const,
    creates: batchRows,
    updates: 0,
    deletes: 0,
    lineFrom: at * batchRows,
    lineTo: (at + 1) * batchRows,
    operations: Buffer.alloc(batchRows, rowOperation.create),
    entries: null,
    rowKeys: null,
  }));
  const counts = {
    skipped: 0,
    failed: 0,
    plannedDeletes: 0,
    creates: rows,
    updates: 0,
    deletes: 0,
  };
  await publishPlan(knex, fence, counts, plan, noRefusals(), () => []);
  return knex.transaction((trx) => beginPhase(trx, runId, 'destination_writes', { retried: false }));
}

async function* noRefusals(): AsyncGenerator<never[]> {
  // A plan of creates alone.
}

/** Hands one batch of an `aPlannedRun` over, as the writer does. */
export function send(
  knex: Knex,
  fence: Fence,
  batchNo: number,
  transactionId: string | null = null,
): Promise<void> {
  return markSent(knex, fence, {
    batchNo,
    entries: Buffer.alloc(10 * entryBytes, batchNo),
    operations: Buffer.alloc(10, rowOperation.create),
    rowKeys: Buffer.from('key\n'.repeat(10)),
    transactionId,
    deadlineMs: 60_000,
  });
}

/** Stores the same outcome for each of its ten rows. */
export function acknowledge(knex: Knex, fence: Fence, batchNo: number, outcome: number): Promise<void> {
  return ackBatches(knex, fence, [
    { batchNo, outcomes: Buffer.alloc(10, outcome), rowErrors: [], callMs: [12] },
  ]);
}
