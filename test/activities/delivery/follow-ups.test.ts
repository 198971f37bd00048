// Sharing out an answered batch between the rows that stay in it and those that go once more.
import { FollowUps } from '../../../activities/delivery/follow-ups';
import type { RowRefusal } from '../../../connectors/destination';
import type { LedgerAnswer, LedgerBatch } from '../../../db/ledger/batch-ledger';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { SyncMode } from '../../../domain/sync';

const { create, update, skipCopy, refuseNullKey, inOtherBatch } = rowOperation;
const { created, updated, failed, failedUnsure } = rowOutcome;

/** Five rows in eight lines, the first of them line 100. */
const operations = [skipCopy, create, update, refuseNullKey, update, create, create, skipCopy];
const rowLines = [101, 102, 104, 105, 106];
const batch: LedgerBatch = {
  batchNo: 3,
  kind: 'write',
  state: 'sent',
  rows: 5,
  lineFrom: 100,
  lineTo: 108,
  operations: Buffer.from(operations),
  entries: entriesOf([0, 1, 2, 3, 4]),
  rowKeys: Buffer.from('a\nb\\nb\nc\nd\ne\n'),
  transactionId: '1',
  outcomes: null,
  rowErrors: [],
  callMs: [],
  deadlineInMs: 0,
};

function entriesOf(rows: readonly number[]): Buffer {
  return Buffer.concat(rows.map((row) => Buffer.alloc(entryBytes, row + 1)));
}

const refusal = (row: number, isTaken?: boolean): RowRefusal => ({
  row,
  field: 'email',
  message: `no ${row}`,
  code: isTaken ? '23505' : '22001',
  origin: 'destination',
  ...(isTaken === undefined ? {} : { isTaken }),
});

/** The answer to the batch as the ledger has it, and what it was made from. */
function answered(
  outcomes: readonly number[],
  refusals: readonly RowRefusal[],
): [LedgerAnswer, readonly RowRefusal[]] {
  const rowErrors = refusals.map(({ row, field, message, code, origin }) => ({
    field,
    message,
    code,
    origin,
    rowNo: rowLines[row] ?? 0,
    rowId: `row ${row}`,
    rawValue: null,
    operation: 'create' as const,
  }));
  return [{ batchNo: batch.batchNo, outcomes: Buffer.from(outcomes), rowErrors, callMs: [5] }, refusals];
}

const followUps = (mode: SyncMode = 'upsert'): FollowUps => new FollowUps(10, mode, false);

test('rows that another one was in the way of leave the batch, all others stay as they are', () => {
  const moves = followUps();
  const [answer, refusals] = answered(
    [created, failed, updated, failed, failed],
    [refusal(1, true), refusal(3, false), refusal(4, true)],
  );
  const { moved, ...kept } = moves.moveOn(batch, moves.note(batch, answer, refusals));
  expect(kept.outcomes).toEqual(Buffer.from([created, updated, failed]));
  expect(kept.rowErrors.map(({ rowNo }) => rowNo)).toEqual([105]);
  expect(kept.callMs).toEqual([5]);
  expect(moved).toEqual({
    kept: {
      creates: 2,
      updates: 1,
      operations: Buffer.from([
        skipCopy,
        create,
        inOtherBatch,
        refuseNullKey,
        update,
        create,
        inOtherBatch,
        skipCopy,
      ]),
      sentOperations: Buffer.from([create, update, create]),
      entries: entriesOf([0, 2, 3]),
      rowKeys: Buffer.from('a\nc\nd\n'),
    },
    followUp: {
      batchNo: 13,
      lineFrom: 102,
      lineTo: 107,
      rows: {
        creates: 1,
        updates: 1,
        operations: Buffer.from([update, inOtherBatch, inOtherBatch, inOtherBatch, create]),
        sentOperations: Buffer.from([update, create]),
        entries: entriesOf([1, 4]),
        rowKeys: Buffer.from('b\\nb\ne\n'),
      },
    },
  });
  expect(moves.areOpen).toBe(true);
});

test('a batch all of whose rows move on stays behind empty', () => {
  const moves = followUps();
  const told = [0, 1, 2, 3, 4].map((row) => refusal(row, true));
  const [answer, refusals] = answered([failed, failed, failed, failed, failed], told);
  const { moved, ...kept } = moves.moveOn(batch, moves.note(batch, answer, refusals));
  expect(kept).toMatchObject({ outcomes: Buffer.alloc(0), rowErrors: [] });
  expect(moved?.kept).toMatchObject({
    creates: 0,
    updates: 0,
    entries: Buffer.alloc(0),
    rowKeys: Buffer.alloc(0),
  });
  expect(moved?.followUp.rows).toMatchObject({
    creates: 3,
    updates: 2,
    entries: batch.entries,
    rowKeys: batch.rowKeys,
  });
});

test('what was noted is still known when the answer has been stored and read again', () => {
  const moves = followUps();
  const noted = moves.note(
    batch,
    ...answered([created, failed, updated, created, created], [refusal(1, true)]),
  );
  const { rowErrors } = JSON.parse(JSON.stringify({ rowErrors: noted.rowErrors })) as LedgerAnswer;
  expect(followUps().moveOn(batch, { ...noted, rowErrors })).toEqual(moves.moveOn(batch, noted));
});

test.each<[string, FollowUps, LedgerBatch, boolean | undefined, number]>([
  ['no other row was in the way', followUps(), batch, undefined, failed],
  ['the row may hold the new value all the same', followUps(), batch, true, failedUnsure],
  ['rows are only added', followUps('insert'), batch, true, failed],
  ['it was a follow-up itself', followUps(), { ...batch, batchNo: 13 }, true, failed],
  ['it was one of deletes', followUps('mirror'), { ...batch, kind: 'delete' }, true, failed],
])('a batch stays whole where %s', (_where, moves, from, isTaken, outcome) => {
  const [answer, refusals] = answered([created, outcome, updated, created, created], [refusal(1, isTaken)]);
  expect(moves.note(from, answer, refusals)).toBe(answer);
  expect(moves.moveOn(from, answer)).toBe(answer);
  expect(moves.areOpen).toBe(false);
});
