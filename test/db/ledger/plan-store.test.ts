// A plan is written as it is made: little of it is in memory, and it is there whole or not at all.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { type NewBatch, type NewPlan, publishedPlan, publishPlan } from '../../../db/ledger/plan-store';
import { FencedError, type Fence, raiseEpoch } from '../../../db/runs/lease';
import { beginPhase } from '../../../db/runs/run-phases';
import { startRun } from '../../../db/runs/start-run';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation } from '../../../domain/row-outcome';
import { aQueuedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const mebibyte = 1024 * 1024;

describe('a plan that is published', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 3 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  async function aPlanner(): Promise<Fence> {
    const { runId } = await aQueuedRun(knex);
    await startRun(knex, runId);
    return beginPhase(knex, runId, 'change_detection', { retried: false });
  }

  const planOf = (deletes: number): NewPlan => ({
    skipped: 0,
    failed: 0,
    plannedDeletes: deletes,
    creates: 0,
    updates: 0,
    deletes,
  });

  const deletesOf = (batchNo: number, rows: number, keyBytes: number): NewBatch => ({
    batchNo,
    kind: 'delete',
    creates: 0,
    updates: 0,
    deletes: rows,
    lineFrom: null,
    lineTo: null,
    operations: Buffer.alloc(rows, rowOperation.delete),
    entries: Buffer.alloc(rows * entryBytes),
    rowKeys: Buffer.alloc(rows * keyBytes, 10),
  });

  async function* noRefusals(): AsyncGenerator<never[]> {
    // Deletes alone.
  }

  const batchesOf = ({ runId }: Fence) => knex('batches').where({ run_id: runId }).orderBy('batch_no');

  test('has no more than some mebibytes of its batches in one statement, and no more of them in memory', async () => {
    const fence = await aPlanner();
    let written = 0;
    const inMemory: number[] = [];
    const sizes: number[] = [];
    knex.on('query', ({ sql, bindings }: { sql: string; bindings: unknown[] }) => {
      if (!sql.startsWith('insert into "batches"')) return;
      const buffers = bindings.filter((value) => Buffer.isBuffer(value));
      sizes.push(buffers.reduce((sum, { length }) => sum + length, 0));
      written += buffers.length / 3;
    });
    function* batches() {
      for (let made = 1; made <= 40; made += 1) {
        inMemory.push(made - written);
        yield deletesOf(made, 1_000, 1_000);
      }
    }
    const told = await publishPlan(knex, fence, planOf(40_000), batches(), noRefusals(), () => []);
    expect(told).toEqual({ batches: 40, deletes: 40_000 });
    expect(sizes).toHaveLength(8);
    expect(Math.max(...sizes)).toBeLessThan(6 * mebibyte);
    expect(Math.max(...inMemory)).toBeLessThanOrEqual(5);
    expect(await batchesOf(fence)).toHaveLength(40);
  });

  test('counts what was written: deletes that came to nothing are skipped', async () => {
    const fence = await aPlanner();
    const notice = { type: 'vanished_rows_kept', detail: { rows: 3 } } as const;
    const batches = [deletesOf(1, 10, 4), deletesOf(2, 7, 4)];
    const notices = jest.fn(() => [notice]);
    await publishPlan(knex, fence, { ...planOf(20), plannedDeletes: 25 }, batches, noRefusals(), notices);
    expect(notices).toHaveBeenCalledWith({ batches: 2, deletes: 17 });
    expect(await publishedPlan(knex, fence.runId)).toMatchObject({
      plannedDeletes: 25,
      skippedDeletes: 8,
      batches: 2,
    });
    expect(await knex('run_events').where({ run_id: fence.runId, type: notice.type })).toHaveLength(1);
  });

  test('is not there at all when its batches fail in the middle, and can be published afterwards', async () => {
    const fence = await aPlanner();
    const broken = new Error('the snapshot cannot be read');
    function* batches() {
      for (let made = 1; made <= 10; made += 1) yield deletesOf(made, 1_000, 1_000);
      throw broken;
    }
    const publishing = publishPlan(knex, fence, planOf(20_000), batches(), noRefusals(), () => []);
    await expect(publishing).rejects.toBe(broken);
    expect([await publishedPlan(knex, fence.runId), await batchesOf(fence)]).toEqual([null, []]);
    await publishPlan(knex, fence, planOf(5), [deletesOf(1, 5, 4)], noRefusals(), () => []);
    expect(await publishedPlan(knex, fence.runId)).toMatchObject({ skippedDeletes: 0, batches: 1 });
  });

  test('is not asked for its batches when the attempt was overtaken', async () => {
    const fence = await aPlanner();
    await raiseEpoch(knex, fence.runId);
    let asked = 0;
    function* batches() {
      asked += 1;
      yield deletesOf(1, 5, 4);
    }
    const publishing = publishPlan(knex, fence, planOf(5), batches(), noRefusals(), () => []);
    await expect(publishing).rejects.toThrow(FencedError);
    expect(asked).toBe(0);
  });
});
