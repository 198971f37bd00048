// Numbers of rows in a run: which line of the journal a sent row was, and deletes after all lines.
import { deletedRowNo, writtenRowNo } from '../../domain/row-no';
import { rowOperation } from '../../domain/row-outcome';

test('a sent row has the number of its line; lines that were not sent are counted past', () => {
  const { create, update, skipCopy, refuseDuplicateKey } = rowOperation;
  const operations = Uint8Array.of(skipCopy, create, refuseDuplicateKey, update, create);
  expect([0, 1, 2, 3].map((place) => writtenRowNo(1_000, operations, place))).toEqual([
    1_001,
    1_003,
    1_004,
    null,
  ]);
});

test('deletes come after every line, batch by batch, and stay whole numbers', () => {
  const first = deletedRowNo(1, 0);
  expect(first).toBeGreaterThan(10 ** 13);
  expect(deletedRowNo(2, 0)).toBeGreaterThan(deletedRowNo(1, 999_999));
  expect(Number.isSafeInteger(deletedRowNo(1_000_000, 999_999))).toBe(true);
});
