import { DeleteCutter } from '../../../activities/detection/delete-cutter';
import type { NewBatch } from '../../../db/ledger/plan-store';
import type { StoredKeys } from '../../../diff/snapshot/key-matcher';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { rowOperation } from '../../../domain/row-outcome';

/** Rows whose entries are full of their number. */
function rowsOf(from: number, count: number, keyBytes = 3): StoredKeys {
  const numbers = Array.from({ length: count }, (_, at) => from + at);
  return {
    entries: Buffer.concat(numbers.map((row) => Buffer.alloc(entryBytes, row))),
    keys: Buffer.from(numbers.map((row) => `${String(row).padEnd(keyBytes - 1)}\n`).join('')),
  };
}

/** Numbers of a batch's rows, by their keys; checked against their entries. */
function rowNumbers({ deletes, entries, rowKeys, operations }: NewBatch): number[] {
  const numbers = rowKeys!.toString().split('\n').slice(0, -1).map(Number);
  expect(deletes).toBe(numbers.length);
  expect(entries).toEqual(Buffer.concat(numbers.map((row) => Buffer.alloc(entryBytes, row))));
  expect(operations).toEqual(Buffer.alloc(numbers.length, rowOperation.delete));
  return numbers;
}

const count = (length: number, from = 0): number[] => Array.from({ length }, (_, at) => from + at);

test('rows of several parts fill batches in order, and a batch is given as soon as it is full', () => {
  const cutter = new DeleteCutter(4, 9);
  expect([...cutter.add(rowsOf(0, 3))]).toEqual([]);
  expect([...cutter.add(rowsOf(3, 0))]).toEqual([]);
  const full = [...cutter.add(rowsOf(3, 6))];
  expect(full.map(rowNumbers)).toEqual([count(4), count(4, 4)]);
  expect([...cutter.add(rowsOf(9, 3))].map(rowNumbers)).toEqual([count(4, 8)]);
  expect([...cutter.finish()]).toEqual([]);
  expect(full.map(({ batchNo }) => batchNo)).toEqual([9, 10]);
});

test('what is left is the last batch', () => {
  const cutter = new DeleteCutter(4, 1);
  const batches = [...cutter.add(rowsOf(0, 5)), ...cutter.finish()];
  expect(batches.map(rowNumbers)).toEqual([count(4), [4]]);
  expect(batches.map(({ batchNo }) => batchNo)).toEqual([1, 2]);
});

test('a batch ends once it has a mebibyte', () => {
  const cutter = new DeleteCutter(1_000, 1);
  const batches = [...cutter.add(rowsOf(0, 50, 50_000)), ...cutter.finish()];
  expect(batches.map(rowNumbers)).toEqual([count(21), count(21, 21), count(8, 42)]);
});
