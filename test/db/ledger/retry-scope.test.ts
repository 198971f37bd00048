// Which rows of an ended run each scope is about, and what stays of the journal so that they can be told.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { markSent } from '../../../db/ledger/batch-ledger';
import { isIndexGone } from '../../../db/ledger/kept-index';
import { findScope, type RowScope, scopeParts } from '../../../db/ledger/retry-scope';
import { closeRun } from '../../../db/runs/close-run';
import type { Fence } from '../../../db/runs/lease';
import { indexBytes } from '../../../diff/journal-batch';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const batchRows = 10;
const { create, skipCopy } = rowOperation;

describe('the scope of a retry', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 5 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  /** A planned run whose journal has a stretch for each batch; the first word of each line's key is its number. */
  const aRun = async (batches: number): Promise<Fence> => {
    const fence = await aPlannedRun(knex, { batches, batchRows });
    const [whole] = await knex('journal_batches').where({ run_id: fence.runId });
    await knex('journal_batches').where({ run_id: fence.runId }).delete();
    for (let first = 0; first < batches * batchRows; first += batchRows) {
      const index = Buffer.alloc(batchRows * indexBytes);
      for (let line = 0; line < batchRows; line += 1) index.writeUInt32LE(first + line, line * indexBytes);
      await knex('journal_batches').insert({
        ...whole,
        first_line: first,
        lines: batchRows,
        data: Buffer.from('line\n'.repeat(batchRows)),
        row_index: index,
      });
    }
    return fence;
  };

  const send = (fence: Fence, batchNo: number, transactionId: string | null = null): Promise<void> => {
    const entries = Buffer.alloc(batchRows * entryBytes);
    const first = (batchNo - 1) * batchRows;
    for (let row = 0; row < batchRows; row += 1) entries.writeUInt32LE(first + row, row * entryBytes);
    const operations = Buffer.alloc(batchRows, create);
    const rowKeys = Buffer.from('key\n'.repeat(batchRows));
    return markSent(knex, fence, {
      batchNo,
      entries,
      operations,
      rowKeys,
      transactionId,
      deadlineMs: 60_000,
    });
  };
  const answer = async (fence: Fence, batchNo: number, outcomes?: number[]): Promise<void> => {
    await send(fence, batchNo);
    await acknowledge(knex, fence, batchNo, rowOutcome.created);
    if (!outcomes) return;
    const failed = outcomes.filter((code) => code >= rowOutcome.failed).length;
    await knex('batches')
      .where({ run_id: fence.runId, batch_no: batchNo })
      .update({ outcomes: Buffer.from(outcomes), failed, created: batchRows - failed });
  };
  const refuseInPlan = async ({ runId, workspaceId }: Fence, lines: number[]): Promise<void> => {
    for (const rowNo of lines) {
      await knex('row_errors').insert({
        run_id: runId,
        row_no: rowNo,
        workspace_id: workspaceId,
        message: 'Row key is null',
        code: 'null_key',
        origin: 'source',
        operation: 'none',
      });
    }
    await knex('change_plans').where({ run_id: runId }).update({ failed: lines.length });
    await knex('journals').where({ run_id: runId }).increment('lines_read', lines.length);
  };
  const cancel = (fence: Fence) => closeRun(knex, fence.runId, { kind: 'cancelled', failure: null });

  const linesIn = async (runId: string, scope: RowScope): Promise<number[]> => {
    const lines: number[] = [];
    for await (const { kind, bytes, picked } of scopeParts(knex, { runId, scope })) {
      const width = kind === 'index' ? indexBytes : entryBytes;
      const places = picked ?? Array.from({ length: bytes.length / width }, (_, place) => place);
      lines.push(...places.map((place) => bytes.readUInt32LE(place * width)));
    }
    return lines.toSorted((one, other) => one - other);
  };
  const stretchesOf = ({ runId }: Fence) =>
    knex('journal_batches').where({ run_id: runId }).orderBy('first_line').select('first_line', 'data');
  const range = (from: number, to: number) => Array.from({ length: to - from }, (_, at) => from + at);

  test('failed: rows the destination refused, clearly or not, and lines the plan refused', async () => {
    const fence = await aRun(3);
    const { created, failed, failedUnsure } = rowOutcome;
    await answer(fence, 1);
    await answer(fence, 2, [...Array<number>(7).fill(created), failed, created, failedUnsure]);
    await refuseInPlan(fence, [3, 28]);
    await cancel(fence);
    expect(await linesIn(fence.runId, 'failed')).toEqual([3, 17, 19, 28]);
    expect(await findScope(knex, fence.runId, 'failed')).toMatchObject({ rows: 4, within: null });
  });

  test('not attempted: rows of batches that were never sent, or sent without an answer', async () => {
    const fence = await aRun(4);
    await answer(fence, 1);
    await send(fence, 2);
    await send(fence, 3, '4711');
    const operations = Buffer.alloc(batchRows, create);
    operations[4] = skipCopy;
    await knex('batches')
      .where({ run_id: fence.runId, batch_no: 4 })
      .update({ operations, creates: batchRows - 1 });
    await knex('journals').where({ run_id: fence.runId }).decrement('lines_read', 1);
    const { counts } = await cancel(fence);
    expect(counts).toMatchObject({ unknown: 10, notAttempted: 19 });
    expect(await linesIn(fence.runId, 'not_attempted')).toEqual([...range(10, 34), ...range(35, 40)]);
    expect(await findScope(knex, fence.runId, 'not_attempted')).toMatchObject({ rows: 29 });
    expect(await linesIn(fence.runId, 'failed')).toEqual([]);
  });

  test('not attempted: every line of a journal that never became a plan', async () => {
    const fence = await aRun(2);
    await knex('batches').where({ run_id: fence.runId }).delete();
    await knex('change_plans').where({ run_id: fence.runId }).delete();
    await cancel(fence);
    expect(await linesIn(fence.runId, 'not_attempted')).toEqual(range(0, 20));
    expect(await stretchesOf(fence)).toHaveLength(2);
  });

  test('a batch that covers more than one stretch of the journal is found in all of them', async () => {
    const fence = await aRun(3);
    await knex('batches').where({ run_id: fence.runId, batch_no: 3 }).delete();
    await knex('batches')
      .where({ run_id: fence.runId, batch_no: 2 })
      .update({ line_from: 8, line_to: 25, operations: Buffer.alloc(17, create), creates: 17 });
    await answer(fence, 1);
    await cancel(fence);
    expect(await linesIn(fence.runId, 'not_attempted')).toEqual(range(8, 25));
  });

  test('of the journal only the indexes stay that hold lines which were refused by the plan or never sent', async () => {
    const fence = await aRun(6);
    for (const batchNo of [1, 2, 3, 4]) await answer(fence, batchNo);
    await send(fence, 5);
    await refuseInPlan(fence, [19]);
    await cancel(fence);
    expect(await stretchesOf(fence)).toEqual([
      { first_line: 10, data: Buffer.alloc(0) },
      { first_line: 50, data: Buffer.alloc(0) },
    ]);
  });

  test('of a run whose every row was answered nothing of the journal stays, refused ones included', async () => {
    const fence = await aRun(2);
    await answer(fence, 1);
    await answer(fence, 2, Array<number>(batchRows).fill(rowOutcome.failed));
    await cancel(fence);
    expect(await stretchesOf(fence)).toEqual([]);
    expect(await linesIn(fence.runId, 'failed')).toEqual(range(10, 20));
    expect(await isIndexGone(knex, fence.runId, 'failed')).toBe(false);
  });

  test('a scope whose indexes are gone is noticed, one that needs none is not', async () => {
    const fence = await aRun(3);
    await answer(fence, 1, Array<number>(batchRows).fill(rowOutcome.failed));
    await cancel(fence);
    expect(await isIndexGone(knex, fence.runId, 'not_attempted')).toBe(false);
    await knex('journal_batches').where({ run_id: fence.runId }).delete();
    expect(await isIndexGone(knex, fence.runId, 'not_attempted')).toBe(true);
    expect(await isIndexGone(knex, fence.runId, 'failed')).toBe(false);
  });
});
