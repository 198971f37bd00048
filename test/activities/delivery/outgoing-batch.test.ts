// What a batch is made of: the lines the plan sends, in order, with their keys, entries and places.
import {
  onlyRows,
  prepareDeletes,
  prepareWrites,
  release,
} from '../../../activities/delivery/outgoing-batch';
import type { LedgerBatch } from '../../../db/ledger/batch-ledger';
import { JournalWriter } from '../../../diff/journal-batch';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation } from '../../../domain/row-outcome';

/** A journal of lines in batches of `batchLines`, each with an entry full of its number. */
function journalOf(lines: readonly string[], batchLines = 2) {
  return lines.flatMap((_, at) => {
    if (at % batchLines !== 0) return [];
    const writer = new JournalWriter();
    for (const [within, line] of lines.slice(at, at + batchLines).entries()) {
      const bytes = Buffer.from(line);
      writer.append(new Uint32Array(6).fill(at + within), -1, 0, bytes, 0, bytes.length);
    }
    writer.finish();
    return writer.take().map((batch) => ({ ...batch, firstLine: at }));
  });
}

function batchOf(lineFrom: number, operations: readonly number[], rows: number): LedgerBatch {
  const lineTo = lineFrom + operations.length;
  const known = { batchNo: 7, kind: 'write', state: 'planned', rows, lineFrom, lineTo } as const;
  const unknown = { entries: null, rowKeys: null, transactionId: null, outcomes: null };
  return {
    ...known,
    ...unknown,
    operations: Buffer.from(operations),
    rowErrors: [],
    callMs: [],
    deadlineInMs: 0,
  };
}

const { create, update, skipCopy, refuseNullKey } = rowOperation;
const lines = [
  'before\tx\ty',
  'a\t1\tä',
  'a\t2\tcopy',
  'b\t1\t',
  '\\N\t\\N\tno key',
  'c\\td\t3\tlast',
  'after\tx\ty',
];
// Lines 1 to 5 are the batch's; the journal's parts reach beyond it on both sides.
const batch = batchOf(1, [create, skipCopy, update, refuseNullKey, create], 3);

test.each([
  [1, 'a\nb\nc\\td\n'],
  [2, 'a\t1\nb\t1\nc\\td\t3\n'],
  [3, 'a\t1\tä\nb\t1\t\nc\\td\t3\tlast\n'],
])('with a key of %i columns', (keyColumns, keys) => {
  const { outgoing, rowKeys, entries, rowNos, batchNo } = prepareWrites(
    'run',
    batch,
    journalOf(lines),
    keyColumns,
  );
  expect(outgoing.data.toString()).toBe('a\t1\tä\nb\t1\t\nc\\td\t3\tlast\n');
  expect([...outgoing.starts]).toEqual([0, 7, 12, 24]);
  expect([...outgoing.operations]).toEqual([create, update, create]);
  expect(rowKeys.toString()).toBe(keys);
  expect([...rowNos]).toEqual([1, 3, 5]);
  expect(entries).toHaveLength(3 * entryBytes);
  expect([0, 1, 2].map((row) => entries.readUInt32LE(row * entryBytes + 20))).toEqual([1, 3, 5]);
  expect([outgoing.key, batchNo]).toEqual(['run/7', 7]);
});

test('some of its rows are a batch of their own', () => {
  const { outgoing, rowNos } = onlyRows(prepareWrites('run', batch, journalOf(lines), 1), [0, 2]);
  expect(outgoing.data.toString()).toBe('a\t1\tä\nc\\td\t3\tlast\n');
  expect([...outgoing.starts]).toEqual([0, 7, 19]);
  expect([...outgoing.operations]).toEqual([create, create]);
  expect([...rowNos]).toEqual([1, 5]);
});

test('the index of a part is read once, however many stretches of it are sent', () => {
  const parts = journalOf(lines, lines.length);
  let reads = 0;
  const journal = parts.map((part) => ({
    ...part,
    get index() {
      reads += 1;
      return part.index;
    },
  }));
  const { outgoing } = prepareWrites('run', batch, journal, 1);
  expect(outgoing.data.toString()).toBe('a\t1\tä\nb\t1\t\nc\\td\t3\tlast\n');
  expect(reads).toBe(1);
});

test.each([
  [1, false],
  [3, true],
])('of a journal batch of four lines, %i of them keep all of it in memory: %s', (rows, keepsAll) => {
  // Long enough to have memory of their own, each of them.
  const journal = journalOf(
    Array.from({ length: 4 }, (_, at) => `${at}\t${'x'.repeat(10_000)}`),
    4,
  );
  const { outgoing } = prepareWrites('run', batchOf(0, Array<number>(rows).fill(create), rows), journal, 1);
  expect(outgoing.data.buffer === journal[0]?.data.buffer).toBe(keepsAll);
  expect(outgoing.data).toHaveLength(rows * 10_003);
});

test('a plan that counts other rows than the journal has is an error', () => {
  expect(() => prepareWrites('run', { ...batch, rows: 4 }, journalOf(lines), 1)).toThrow(
    '4 rows in the plan, 3 in',
  );
});

test('what one batch gives back is no other batch’s memory, also where each is half of a journal batch', () => {
  const journal = journalOf(
    Array.from({ length: 4 }, (_, at) => `${at}\t${'x'.repeat(10_000)}`),
    4,
  );
  const [first, second] = [0, 2].map((from) =>
    prepareWrites('run', batchOf(from, [create, create], 2), journal, 1),
  );
  release(first!);
  expect(first!.outgoing.data).toHaveLength(0);
  expect(second!.outgoing.data.subarray(0, 3).toString()).toBe('2\tx');
  expect(second!.outgoing.data).toHaveLength(20_006);
  expect(second!.rowKeys.toString()).toBe('2\n3\n');
});

test('a batch that is most of a journal batch gives it back, and the next one has the rest of it as its own', () => {
  const journal = journalOf(
    Array.from({ length: 8 }, (_, at) => `${at}\t${'x'.repeat(10_000)}`),
    4,
  );
  const [first, second] = [0, 3].map((from) =>
    prepareWrites('run', batchOf(from, [create, create, create], 3), journal, 1),
  );
  expect(first!.outgoing.data.buffer).toBe(journal[0]!.data.buffer);
  release(first!);
  expect(first!.outgoing.data).toHaveLength(0);
  const { data, starts } = second!.outgoing;
  const begins = [0, 1, 2].map((row) => data.subarray(starts[row], starts[row]! + 3).toString());
  expect(begins).toEqual(['3\tx', '4\tx', '5\tx']);
});

test('a batch of deletes, whose rows are their keys, gives them back once', () => {
  const keys = Buffer.from(Array.from({ length: 2_000 }, (_, at) => `user_${at}\n`).join(''));
  const deletes = {
    ...batchOf(0, [], 2_000),
    kind: 'delete',
    entries: Buffer.alloc(48_000),
    rowKeys: keys,
  } as const;
  const prepared = prepareDeletes('run', deletes);
  expect(prepared.outgoing.data).toBe(prepared.rowKeys);
  release(prepared);
  expect(keys).toHaveLength(0);
});

test('a small batch leaves the memory alone that others have parts of', () => {
  const prepared = prepareWrites('run', batch, journalOf(lines), 1);
  const neighbour = Buffer.from('still here');
  release(prepared);
  expect(neighbour.toString()).toBe('still here');
});
