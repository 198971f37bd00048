import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { openBatches, storeAnswers, takeBack } from '../../../db/ledger/batch-ledger';
import { closeAsInternal, closeRun, type RunEnding } from '../../../db/runs/close-run';
import { FencedError } from '../../../db/runs/lease';
import { startRun } from '../../../db/runs/start-run';
import { snapshotParts } from '../../../db/snapshot/snapshot-parts';
import { failureOf } from '../../../domain/failure';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const finished: RunEnding = { kind: 'finished', failure: null };
const cancelled: RunEnding = { kind: 'cancelled', failure: null };
const failed: RunEnding = { kind: 'failed', failure: failureOf('destination_unreachable', 'timeout') };

describe('closing a run', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 10 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  const record = (runId: string) => knex('runs').where({ id: runId }).first();
  const eventsOf = (runId: string) => knex('run_events').where({ run_id: runId }).orderBy('id').pluck('type');
  const deltasOf = async (syncId: string) => {
    const parts = [];
    for await (const part of snapshotParts(knex, syncId, { version: 1, lastDelta: 1_000 }, true))
      parts.push(part);
    return parts;
  };

  test('a plan whose every row was answered is completed, however the work ended', async () => {
    for (const ending of [finished, cancelled, failed]) {
      const fence = await aPlannedRun(knex, { batches: 1 });
      await send(knex, fence, 1);
      await acknowledge(knex, fence, 1, rowOutcome.created);
      const closed = await closeRun(knex, fence.runId, ending);
      expect(closed).toMatchObject({ status: 'completed', outcome: 'clean', failure: null });
    }
  });

  test('work that says it is finished without an answer for every row has failed', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    expect(await closeRun(knex, fence.runId, finished)).toMatchObject({
      status: 'failed',
      outcome: 'partial',
      failure: {
        code: 'internal',
        message: 'Internal error: the work ended without an answer for every row',
      },
    });
  });

  test('answered, unanswered and unsent batches are told apart, and every row is in one place', async () => {
    const fence = await aPlannedRun(knex, { batches: 4 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await send(knex, fence, 2);
    await acknowledge(knex, fence, 2, rowOutcome.failed);
    await send(knex, fence, 3);
    const { counts } = await closeRun(knex, fence.runId, cancelled);
    expect(counts).toMatchObject({ processed: 40, created: 10, failed: 10, unknown: 10, notAttempted: 10 });
    expect(await record(fence.runId)).toMatchObject({
      status: 'cancelled',
      outcome: 'partial',
      counter_mismatch: 0,
    });
    // Nothing about refused rows, which keep their state, nor about rows that were never sent.
    expect(await deltasOf(fence.syncId)).toMatchObject([
      { kind: 'delta', outcomes: Buffer.alloc(10, rowOutcome.created) },
      { kind: 'delta', outcomes: null },
    ]);
  });

  test('a transaction that never came to its commit applied nothing, one that may have committed is unknown', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1, '1234');
    await send(knex, fence, 2, '1235');
    await storeAnswers(knex, fence, [
      { batchNo: 2, outcomes: Buffer.alloc(10, rowOutcome.created), rowErrors: [], callMs: [1] },
    ]);
    const { counts } = await closeRun(knex, fence.runId, failed);
    expect(counts).toMatchObject({ created: 0, notAttempted: 10, unknown: 10 });
    expect(await deltasOf(fence.syncId)).toMatchObject([{ outcomes: null }]);
  });

  test('a run that read its model but has no plan has attempted none of its rows', async () => {
    const { runId } = await aQueuedRun(knex);
    await startRun(knex, runId);
    expect(await closeRun(knex, runId, failed)).toMatchObject({
      status: 'failed',
      outcome: 'nothing_applied',
      failure: { code: 'destination_unreachable', message: 'Destination unreachable: timeout' },
    });
  });

  test('twice, and from two sides at once, is the same as once', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    const [one, other] = await Promise.all([
      closeRun(knex, fence.runId, cancelled),
      closeRun(knex, fence.runId, failed),
    ]);
    expect(one).toEqual(other);
    const before = await record(fence.runId);
    expect(await closeRun(knex, fence.runId, finished)).toEqual(one);
    expect(await record(fence.runId)).toEqual(before);
    expect(await deltasOf(fence.syncId)).toHaveLength(1);
    const ends = (await eventsOf(fence.runId)).filter((type) =>
      /^run_(completed|failed|cancelled)$/.test(type),
    );
    expect(ends).toHaveLength(1);
  });

  test('a late writer can neither acknowledge, send nor take back anything', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    const { counts } = await closeRun(knex, fence.runId, cancelled);
    await expect(acknowledge(knex, fence, 1, rowOutcome.created)).rejects.toThrow(FencedError);
    await expect(send(knex, fence, 2)).rejects.toThrow(FencedError);
    await expect(takeBack(knex, fence, [1])).rejects.toThrow(FencedError);
    expect(await closeRun(knex, fence.runId, cancelled)).toMatchObject({ counts });
  });

  test('the next run may not write before the last open call has run out', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    const [{ deadline_at: deadline }] = await knex('batches').where({ run_id: fence.runId, batch_no: 1 });
    await closeRun(knex, fence.runId, cancelled);
    const lease = await knex('sync_leases').where({ sync_id: fence.syncId }).first();
    expect(lease.no_write_before).toEqual(deadline);
  });

  test('nor before an unanswered call has run out whose batch was answered at its second try', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    const [{ deadline_at: deadline }] = await knex('batches').where({ run_id: fence.runId, batch_no: 1 });
    for (const batchNo of [1, 2]) {
      await send(knex, fence, batchNo);
      await acknowledge(knex, fence, batchNo, rowOutcome.created);
    }
    expect(await closeRun(knex, fence.runId, finished)).toMatchObject({ status: 'completed' });
    const lease = await knex('sync_leases').where({ sync_id: fence.syncId }).first();
    expect(lease.no_write_before).toEqual(deadline);
  });

  test('calls that were answered at once, or certainly had no effect, hold no later run up', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    await send(knex, fence, 1);
    await takeBack(knex, fence, [1]);
    await send(knex, fence, 2, '1236');
    await takeBack(knex, fence, [2]);
    for (const batchNo of [1, 2]) {
      await send(knex, fence, batchNo);
      await acknowledge(knex, fence, batchNo, rowOutcome.created);
    }
    await closeRun(knex, fence.runId, finished);
    const lease = await knex('sync_leases').where({ sync_id: fence.syncId }).first();
    expect(lease.no_write_before).toBeNull();
  });

  test('the journal’s lines go with the run, the batches and their outcomes stay', async () => {
    const fence = await aPlannedRun(knex);
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await closeRun(knex, fence.runId, cancelled);
    // Two batches were never sent: a retry of theirs needs the index.
    const kept = await knex('journal_batches').where({ run_id: fence.runId }).pluck('data');
    expect(kept).toEqual([Buffer.alloc(0)]);
    expect(await knex('batches').where({ run_id: fence.runId }).orderBy('batch_no').pluck('state')).toEqual([
      'acked',
      'planned',
      'planned',
    ]);
  });

  test('an acknowledgement that comes twice counts once', async () => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await acknowledge(knex, fence, 1, rowOutcome.updated);
    await send(knex, fence, 1);
    expect(await openBatches(knex, fence.runId, { after: 0 }, 10)).toEqual([]);
    const { counts } = await closeRun(knex, fence.runId, finished);
    expect(counts).toMatchObject({ created: 10, updated: 0 });
  });

  describe('at any cost', () => {
    beforeAll(() =>
      knex.raw(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = TG_ARGV[0]; END $$`),
    );
    afterEach(() => knex.raw(`DROP TRIGGER IF EXISTS broken ON snapshots`));
    const breakSnapshot = (syncId: string, code: string) =>
      knex.raw(`CREATE TRIGGER broken BEFORE UPDATE ON snapshots FOR EACH ROW
        WHEN (NEW.sync_id = '${syncId}') EXECUTE FUNCTION break_down('${code}')`);
    const snapshots = (syncId: string) => knex('snapshots').where({ sync_id: syncId });

    test('a mistake of ours costs the snapshot; a deadlock or a timeout is waited out and costs nothing', async () => {
      const fence = await aPlannedRun(knex, { batches: 1 });
      await send(knex, fence, 1);
      await acknowledge(knex, fence, 1, rowOutcome.created);
      for (const code of ['40P01', '57014']) {
        await breakSnapshot(fence.syncId, code);
        await expect(closeAsInternal(knex, fence.runId, 'cause')).rejects.toMatchObject({ code });
        await knex.raw(`DROP TRIGGER broken ON snapshots`);
        expect(await record(fence.runId)).toMatchObject({ status: 'running' });
        expect(await snapshots(fence.syncId)).toHaveLength(1);
      }
      await breakSnapshot(fence.syncId, 'P0001');
      expect(await closeAsInternal(knex, fence.runId, 'cause')).toMatchObject({ status: 'failed' });
      expect(await snapshots(fence.syncId)).toEqual([]);
    });

    test('a run that has sent nothing leaves the snapshot alone, which the run before it is working with', async () => {
      const fence = await aPlannedRun(knex, { batches: 1 });
      const waiting = await aQueuedRun(knex, { id: fence.syncId, workspaceId: fence.workspaceId });
      await breakSnapshot(fence.syncId, 'P0001');
      expect(await closeAsInternal(knex, waiting.runId, 'cause')).toMatchObject({
        status: 'failed',
        next: { runId: fence.runId },
      });
      expect(await snapshots(fence.syncId)).toHaveLength(1);
    });
  });

  test('rows that are not accounted for are stored as a mismatch and told, and the run closes all the same', async () => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    await knex('journals').where({ run_id: fence.runId }).update({ lines_read: 13 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    expect(await closeRun(knex, fence.runId, finished)).toMatchObject({ status: 'completed' });
    expect(await record(fence.runId)).toMatchObject({ counter_mismatch: 3 });
    expect(await eventsOf(fence.runId)).toContain('counter_mismatch');
  });
});
