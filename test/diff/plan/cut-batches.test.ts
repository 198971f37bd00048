// What a batch covers is bounded, however far apart the lines are that it sends.
import * as fc from 'fast-check';
import { cutBatches } from '../../../diff/plan/cut-batches';
import type { PlannedBatch } from '../../../diff/plan/cut-batches';
import { isSent, rowOperation } from '../../../domain/row-outcome';

const { create, update, skipOutOfScope, refuseNullKey } = rowOperation;

const mostLines = 20_000;
const batchBytes = 100_000;

interface Lines {
  readonly operations: Uint8Array;
  readonly sizes: Uint32Array;
}

/** Lines that are sent, each after so many that are not. */
function linesOf(rows: readonly (readonly [gap: number, skippedSize: number, size: number])[]): Lines {
  const count = rows.reduce((sum, [gap]) => sum + gap + 1, 0);
  const operations = new Uint8Array(count);
  const sizes = new Uint32Array(count);
  let at = 0;
  for (const [row, [gap, skippedSize, size]] of rows.entries()) {
    operations.fill(row % 2 === 0 ? skipOutOfScope : refuseNullKey, at, at + gap);
    sizes.fill(skippedSize, at, at + gap);
    at += gap;
    operations[at] = row % 3 === 0 ? update : create;
    sizes[at++] = size;
  }
  return { operations, sizes };
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((all, one) => all + one, 0);
const spans = (batches: readonly PlannedBatch[]) => batches.map(({ lineFrom, lineTo }) => [lineFrom, lineTo]);
/** Numbers of the lines that are sent. */
const sentOf = (operations: Uint8Array, before = 0): number[] =>
  [...operations.keys()].filter((line) => isSent(operations[line]!)).map((line) => before + line);

test('no batch covers more than twice its bytes or 20,000 lines, and no line is lost or sent twice', () => {
  const row = fc.tuple(
    fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 30_000 })),
    fc.nat({ max: 60 }),
    fc.integer({ min: 1, max: 40_000 }),
  );
  fc.assert(
    fc.property(
      fc.array(row, { maxLength: 20 }),
      fc.integer({ min: 1, max: 8 }),
      fc.constantFrom(batchBytes, 30_000),
      (rows, batchRows, bytes) => {
        const { operations, sizes } = linesOf(rows);
        const batches = cutBatches(operations, sizes, batchRows, bytes);
        for (const [at, { batchNo, lineFrom, lineTo, creates, updates }] of batches.entries()) {
          expect(batchNo).toBe(at + 1);
          expect(lineFrom).toBeGreaterThanOrEqual(batches[at - 1]?.lineTo ?? 0);
          expect(lineTo - lineFrom).toBeLessThanOrEqual(mostLines);
          expect(creates + updates).toBeLessThanOrEqual(batchRows);
          const isAlone = lineTo - lineFrom === 1;
          if (!isAlone) expect(sum(sizes.subarray(lineFrom, lineTo))).toBeLessThanOrEqual(2 * bytes);
          const covered = operations.subarray(lineFrom, lineTo);
          expect(batches[at]!.operations).toEqual(covered);
          expect([creates, updates]).toEqual(
            [create, update].map((code) => covered.filter((operation) => operation === code).length),
          );
        }
        const sent = batches.flatMap((batch) => sentOf(batch.operations, batch.lineFrom));
        expect(sent).toEqual(sentOf(operations));
      },
    ),
  );
});

test('fifty rows among a million come in as many batches, none of which covers what lies between them', () => {
  const { operations, sizes } = linesOf(Array.from({ length: 50 }, () => [19_999, 200, 200] as const));
  const batches = cutBatches(operations, sizes, 10_000, 4 * 1024 * 1024);
  expect(batches).toHaveLength(50);
  expect(new Set(batches.map(({ lineFrom, lineTo }) => lineTo - lineFrom))).toEqual(new Set([1]));
});

test('lines that are not sent cut no batch whose rows lie close together', () => {
  const { operations, sizes } = linesOf(Array.from({ length: 20_000 }, () => [1, 200, 200] as const));
  const batches = cutBatches(operations, sizes, 10_000, 4 * 1024 * 1024);
  expect(batches.map(({ creates, updates }) => creates + updates)).toEqual([10_000, 10_000]);
});

test('a batch of short lines ends at 20,000 lines, one of long lines at twice its bytes', () => {
  const short = linesOf([
    [0, 0, 1],
    [19_998, 1, 1],
    [0, 1, 1],
    [19_999, 1, 1],
  ]);
  expect(spans(cutBatches(short.operations, short.sizes, 10, batchBytes))).toEqual([
    [0, 20_000],
    [20_000, 20_001],
    [40_000, 40_001],
  ]);
  const long = linesOf([
    [0, 0, 1_000],
    [198, 1_000, 1_000],
    [0, 1_000, 1_000],
  ]);
  expect(spans(cutBatches(long.operations, long.sizes, 10, batchBytes))).toEqual([
    [0, 200],
    [200, 201],
  ]);
});
