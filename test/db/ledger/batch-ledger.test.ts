// The ledger of batches: several marked and acknowledged in one statement, fenced, each once.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { ackBatches, keepPart, markSent, openBatches, takeBack } from '../../../db/ledger/batch-ledger';
import { type Fence, FencedError, raiseEpoch } from '../../../db/runs/lease';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let fence: Fence;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  fence = await aPlannedRun(knex, { batches: 3 });
});

const sent = (batchNo: number, deadlineMs = 60_000) => ({
  batchNo,
  entries: Buffer.alloc(10 * entryBytes, batchNo),
  operations: Buffer.alloc(10, rowOperation.create),
  rowKeys: Buffer.from(`key ${batchNo}\n`.repeat(10)),
  transactionId: null,
  deadlineMs,
});
const refused = (batchNo: number) => ({
  rowNo: batchNo * 10,
  rowId: `row of ${batchNo}`,
  field: 'email',
  message: 'no',
  rawValue: null,
  code: 'rejected',
  origin: 'destination' as const,
  operation: 'create' as const,
});
const answer = (batchNo: number, failed: boolean) => ({
  batchNo,
  outcomes: Buffer.alloc(10, rowOutcome.created).fill(failed ? rowOutcome.failed : rowOutcome.created, 0, 1),
  rowErrors: failed ? [refused(batchNo)] : [],
  callMs: [batchNo],
});
const stored = () => knex('batches').where({ run_id: fence.runId }).orderBy('batch_no');

test('several batches are marked at once, each with its own rows and deadline', async () => {
  await markSent(knex, fence, sent(1), sent(3, 3_600_000));
  const [one, two, three] = await stored();
  expect(two).toMatchObject({ state: 'planned', attempts: 0 });
  for (const [batch, no] of [
    [one, 1],
    [three, 3],
  ]) {
    expect(batch).toMatchObject({ state: 'sent', attempts: 1, sent_epoch: fence.epoch, late_until: null });
    expect(batch.row_keys.toString()).toBe(`key ${no}\n`.repeat(10));
    expect(batch.entries).toEqual(Buffer.alloc(10 * entryBytes, no));
  }
  expect(three.deadline_at - one.deadline_at).toBeGreaterThan(3_000_000);
});

test('sent again, a batch keeps the deadline of the call without an answer', async () => {
  await markSent(knex, fence, sent(1, 3_600_000));
  const [before] = await stored();
  await markSent(knex, fence, sent(1), sent(2));
  const [one, two] = await stored();
  expect(one).toMatchObject({ attempts: 2, late_until: before.deadline_at });
  expect(two).toMatchObject({ attempts: 1, late_until: null });
});

test('taken back, a batch is planned again; one that an earlier call got no answer of stays as that call left it', async () => {
  await markSent(knex, fence, sent(1));
  const [before] = await stored();
  await markSent(knex, fence, sent(1, 3_600_000), sent(2));
  await takeBack(knex, fence, [1, 2]);
  const [one, two] = await stored();
  expect(one).toMatchObject({
    state: 'sent',
    deadline_at: before.deadline_at,
    late_until: before.deadline_at,
  });
  expect(two).toMatchObject({ state: 'planned', late_until: null });
  // A call that was never made counts no more the next time either.
  await markSent(knex, fence, sent(1));
  expect((await stored())[0]).toMatchObject({ attempts: 3, late_until: before.deadline_at });
});

test('a part of an answer is kept while its batch is sent again or taken back, and its deadline counts anew', async () => {
  await markSent(knex, fence, sent(1, 1_000));
  const [before] = await stored();
  const part = { ...answer(1, true), outcomes: Buffer.alloc(10).fill(rowOutcome.failed, 0, 1) };
  await keepPart(knex, fence, part, 60_000);
  const [kept] = await stored();
  expect(kept.deadline_at - before.deadline_at).toBeGreaterThan(30_000);
  const expectKept = async (): Promise<void> => {
    const [open] = await openBatches(knex, fence.runId, { after: 0 }, 1);
    expect(open).toMatchObject({ state: 'sent', rowErrors: part.rowErrors, callMs: part.callMs });
    expect(open?.outcomes).toEqual(part.outcomes);
  };
  await expectKept();
  await markSent(knex, fence, sent(1));
  await expectKept();
  await takeBack(knex, fence, [1]);
  await expectKept();
  await ackBatches(knex, fence, [answer(1, true)]);
  expect((await stored())[0]).toMatchObject({ state: 'acked', row_errors: null, failed: 1, created: 9 });
});

test('a part of a batch that is not sent is not kept', async () => {
  await keepPart(knex, fence, answer(1, true), 60_000);
  expect((await stored())[0]).toMatchObject({ state: 'planned', outcomes: null, row_errors: null });
});

test.each([
  ['none refused', [false, false]],
  ['some refused', [false, true]],
])(
  'several answers are stored at once, with %s, and a second time changes nothing',
  async (_what, failed) => {
    await markSent(knex, fence, sent(1), sent(2));
    const answers = failed.map((has, at) => answer(at + 1, has));
    await ackBatches(knex, fence, answers);
    const first = await stored();
    expect(first.map(({ state, created, failed: lost, call_ms }) => [state, created, lost, call_ms])).toEqual(
      [...failed.map((has, at) => ['acked', has ? 9 : 10, has ? 1 : 0, [at + 1]]), ['planned', 0, 0, []]],
    );
    const errors = failed.flatMap((has, at) => (has ? [`row of ${at + 1}`] : []));
    await ackBatches(knex, fence, [answer(1, true), ...answers.slice(1), answer(3, true)]);
    expect(await stored()).toEqual(first);
    expect(await knex('row_errors').where({ run_id: fence.runId }).pluck('row_id')).toEqual(errors);
  },
);

test('rows that move on leave their batch as its answer is stored, and are in no second batch when it is stored again', async () => {
  await markSent(knex, fence, sent(1), sent(2));
  const rowsOf = (creates: number, operations: readonly number[]) => ({
    creates,
    updates: 0,
    operations: Buffer.from(operations),
    sentOperations: Buffer.alloc(creates, rowOperation.create),
    entries: Buffer.alloc(creates * entryBytes, 7),
    rowKeys: Buffer.from('key 1\n'.repeat(creates)),
  });
  const { create, inOtherBatch } = rowOperation;
  const kept = rowsOf(8, [create, inOtherBatch, inOtherBatch, ...Array<number>(7).fill(create)]);
  const followUp = { batchNo: 4, lineFrom: 1, lineTo: 3, rows: rowsOf(2, [create, create]) };
  const answers = [
    {
      batchNo: 1,
      outcomes: Buffer.alloc(8, rowOutcome.created),
      rowErrors: [],
      callMs: [5],
      moved: { kept, followUp },
    },
    answer(2, true),
  ];
  await ackBatches(knex, fence, answers);
  const first = await stored();
  expect(
    first.map(({ batch_no, state, creates, created, failed }) => [batch_no, state, creates, created, failed]),
  ).toEqual([
    [1, 'acked', 8, 8, 0],
    [2, 'acked', 10, 9, 1],
    [3, 'planned', 10, 0, 0],
    [4, 'planned', 2, 0, 0],
  ]);
  expect(first[0]).toMatchObject({
    operations: kept.operations,
    entries: kept.entries,
    row_keys: kept.rowKeys,
  });
  // As one that was taken back: its row can be told before it goes.
  expect(first[3]).toMatchObject({
    kind: 'write',
    attempts: 0,
    line_from: 1,
    line_to: 3,
    entries: followUp.rows.entries,
  });
  await ackBatches(knex, fence, answers);
  expect(await stored()).toEqual(first);
  // Its rows come from the journal, as those of any write that is planned.
  const [, open] = await openBatches(knex, fence.runId, { after: 0 }, 10);
  expect(open).toMatchObject({ batchNo: 4, rows: 2, entries: null, rowKeys: null });
  expect(await openBatches(knex, fence.runId, { after: 0, upTo: 3 }, 10)).toMatchObject([{ batchNo: 3 }]);
});

test('an attempt that was overtaken marks and acknowledges nothing, also when it is overtaken meanwhile', async () => {
  await markSent(knex, fence, sent(1));
  const before = await stored();
  const newer = await knex.transaction();
  const over = await raiseEpoch(newer, fence.runId);
  const late = [
    markSent(knex, fence, sent(2)),
    keepPart(knex, fence, answer(1, true), 60_000),
    ackBatches(knex, fence, [answer(1, false)]),
  ];
  for (const one of late) one.catch(() => undefined);
  await untilWaiting(late.length);
  await newer.commit();
  for (const one of late) await expect(one).rejects.toBeInstanceOf(FencedError);
  await expect(markSent(knex, fence, sent(2))).rejects.toBeInstanceOf(FencedError);
  await expect(ackBatches(knex, fence, [answer(1, true)])).rejects.toBeInstanceOf(FencedError);
  expect(await stored()).toEqual(before);
  await ackBatches(knex, over, [answer(1, false)]);
  expect((await stored())[0]).toMatchObject({ state: 'acked' });
});

async function untilWaiting(statements: number): Promise<void> {
  for (;;) {
    const { rows } = await knex.raw(
      `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows[0].n >= statements) return;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
