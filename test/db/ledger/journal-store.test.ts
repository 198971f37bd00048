import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { appendJournalBatch, journalLines, openJournal } from '../../../db/ledger/journal-store';
import { closeRun } from '../../../db/runs/close-run';
import { type Fence, raiseEpoch } from '../../../db/runs/lease';
import { aQueuedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('the journal of a run', () => {
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

  /** A further attempt at reading, with a journal of its own. */
  const anAttempt = (runId: string): Promise<Fence> =>
    knex.transaction(async (trx) => {
      const fence = await raiseEpoch(trx, runId);
      await openJournal(trx, fence);
      return fence;
    });

  const append = (fence: Fence, firstLine: number, lines: number): Promise<void> =>
    appendJournalBatch(knex, fence, {
      firstLine,
      lines,
      data: Buffer.from('line\n'.repeat(lines)),
      index: Buffer.alloc(0),
    });

  const batchesOf = (runId: string) => knex('journal_batches').where({ run_id: runId }).pluck('attempt');

  test('lines are found in the batches that cover them and in no others', async () => {
    const { runId } = await aQueuedRun(knex);
    const fence = await anAttempt(runId);
    await append(fence, 0, 3);
    await append(fence, 3, 1);
    await append(fence, 4, 5);
    const found = async (from: number, to: number): Promise<number[]> => {
      const parts = await journalLines(knex, runId, fence.epoch, from, to);
      return parts.map((part) => part.firstLine);
    };
    expect(await found(0, 9)).toEqual([0, 3, 4]);
    expect(await found(2, 4)).toEqual([0, 3]);
    expect(await found(3, 4)).toEqual([3]);
    expect(await found(4, 5)).toEqual([4]);
    expect(await found(8, 9)).toEqual([4]);
  });

  test('a new attempt takes away what an older one has read, which can then append no more', async () => {
    const { runId } = await aQueuedRun(knex);
    const older = await anAttempt(runId);
    await append(older, 0, 2);
    const newer = await anAttempt(runId);
    await append(newer, 0, 2);
    expect(await batchesOf(runId)).toEqual([newer.epoch]);
    await expect(append(older, 2, 2)).rejects.toThrow('journal_batches_attempt');
  });

  test('an attempt that is still reading when its run is closed leaves nothing behind', async () => {
    const { runId } = await aQueuedRun(knex);
    const fence = await anAttempt(runId);
    await append(fence, 0, 2);
    await closeRun(knex, runId, { kind: 'cancelled', failure: null });
    await expect(append(fence, 2, 2)).rejects.toThrow('journal_batches_attempt');
    expect(await batchesOf(runId)).toEqual([]);
  });
});
