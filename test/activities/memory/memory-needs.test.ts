// What is reckoned is what is taken: by each range of a snapshot, by a plan, a fold and a retry's scope.
import { scopeKeys } from '../../../activities/detection/load-scope';
import {
  type Detection,
  detectionNeed,
  foldNeed,
  snapshotNeed,
} from '../../../activities/memory/memory-needs';
import { indexBytes } from '../../../diff/journal-batch';
import { keyRanges } from '../../../diff/keys/key-range';
import { LineTable } from '../../../diff/plan/line-table';
import { PackedSnapshot } from '../../../diff/snapshot/packed-snapshot';
import { entryBytes } from '../../../diff/bytes/packed-words';

// Taken once: in jest every look at a global is slow.
const { imul } = Math;

/** Words that differ as a hash's would. */
function spread(place: number): number {
  let mixed = imul(place + 1, 0x9e3779b1);
  mixed = imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  mixed = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** Rows of so many bytes, each beginning with a key hash of its own; of a fingerprint that is no state. */
function keyed(rows: number, rowBytes: number): Uint8Array {
  const words = rowBytes / 4;
  const all = new Uint32Array(rows * words);
  for (let row = 0; row < rows; row += 1) {
    for (let word = 0; word < 4; word += 1) all[row * words + word] = spread(4 * row + word);
    all[row * words + 4] = 77;
  }
  return new Uint8Array(all.buffer);
}

// Few rows and many; just over a size of table too, where its slots are emptiest.
const sizes = [1, 100, 5_000, 39_400, 100_000];
const limits = [1_000_000_000, 2_000_000, 400_000, 80_000];
const marksBytes = (ordinals: number): number => Math.ceil(ordinals / 4);

describe.each(sizes)('a snapshot of %d rows', (rows) => {
  const base = { kind: 'base' as const, entries: keyed(rows, entryBytes) };

  test.each(limits)('takes with each range no more than is reckoned, under a limit of %d', async (limit) => {
    const { ranges, bytes } = snapshotNeed(rows, limit);
    let keptMarks = 0;
    for (const range of keyRanges(ranges)) {
      const snapshot = await PackedSnapshot.from([base], rows, range);
      keptMarks += marksBytes(snapshot.ordinals);
      expect(snapshot.memoryBytes + keptMarks).toBeLessThanOrEqual(bytes);
    }
    // Where the rows can be cut finely enough, that is within the limit.
    if (limit >= 400_000) expect(bytes).toBeLessThanOrEqual(limit);
  });
});

const detection: Detection = { lines: 0, scopeKeys: 0, marks: null, passes: 1, vanished: null };

describe.each(sizes)('a plan of %d lines', (lines) => {
  const index = keyed(lines, indexBytes);
  const stretch = { firstLine: 0, index, dataBytes: lines };

  test.each(limits)('takes with each range no more than is reckoned, under a limit of %d', (limit) => {
    const { ranges, bytes, keptBytes } = detectionNeed({ ...detection, lines }, limit);
    const table = new LineTable('upsert', new Uint8Array(0), lines);
    for (const range of keyRanges(ranges)) {
      table.begin(range);
      table.add(stretch);
      table.decide();
      expect(table.memoryBytes).toBeLessThanOrEqual(bytes);
    }
    const verdicts = table.verdicts();
    expect(table.memoryBytes + verdicts.byteLength).toBeLessThanOrEqual(bytes);
    table.release();
    expect(table.memoryBytes).toBe(0);
    expect(verdicts.byteLength).toBe(keptBytes);
  });
});

test('what is of all lines is reckoned in full, also where that is more than there is', () => {
  const { ranges, bytes } = detectionNeed({ ...detection, lines: 1_000_000 }, 1_000_000);
  expect(bytes).toBeGreaterThan(10_000_000);
  // And what comes in ranges takes a quarter of the limit.
  expect(bytes).toBeLessThan(10_000_000 + 1_000_000 / 4 + 20_000);
  expect(ranges).toBeLessThanOrEqual(256);
});

test('deletes are reckoned by the ordinals that have marks, removed rows among them, and by the rows that vanished', () => {
  const rows = 1_000_000;
  const marks = new Uint8Array(rows / 4);
  const inOne = detectionNeed({ ...detection, marks, vanished: 0 }, 1e9);
  expect(inOne.bytes).toBeGreaterThan(rows * 38);
  expect(detectionNeed({ ...detection, marks }, 1e9).bytes).toBeLessThan(rows);
  const inFour = detectionNeed({ ...detection, marks, passes: 4, vanished: 0 }, 1e9);
  expect(inFour.bytes / inOne.bytes).toBeLessThan(0.27);
  const vanishing = detectionNeed({ ...detection, marks, vanished: 500_000 }, 1e9);
  expect(vanishing.bytes - inOne.bytes).toBe(2_000_000);
  expect(inOne.keptBytes).toBe(marks.length);
});

test('the keys of a scope, and of those it lies within, are reckoned and kept', () => {
  const within = { runId: 'run_1', scope: 'failed' as const, rows: 1_000, within: null };
  const source = { runId: 'run_2', scope: 'not_attempted' as const, rows: 400, within };
  expect(scopeKeys(null)).toBe(0);
  expect(scopeKeys(source)).toBe(1_400);
  const without = detectionNeed({ ...detection, lines: 10 }, 1e9);
  const scoped = detectionNeed({ ...detection, lines: 10, scopeKeys: 1_400 }, 1e9);
  expect(scoped.bytes - without.bytes).toBe(1_400 * 22);
  expect(scoped.keptBytes - without.keptBytes).toBe(1_400 * 22);
});

test('a fold is reckoned with its key values, and does it in more ranges when they are long', () => {
  const rows = 1_000_000;
  const short = foldNeed(rows, rows * 8, 1e9);
  const long = foldNeed(rows, rows * 200, 1e9);
  expect(short).toEqual({ ranges: 1, bytes: rows * (90 + 20) });
  expect(long.ranges).toBe(4);
  expect(long.bytes).toBeGreaterThan((rows / 4) * (90 + 500));
  // However much there is, a fold takes no more than a quarter of a gigabyte.
  expect(foldNeed(rows * 100, rows * 800, 1e12).bytes).toBeLessThanOrEqual(256 * 1024 ** 2);
});
