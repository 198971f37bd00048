// Several passes over one model are believed only when each of them saw the same lines.
import { KeySum } from '../../../diff/keys/key-sum';
import { Passes } from '../../../diff/sieve/passes';
import type { SieveResult } from '../../../diff/sieve/sieve-input';

const nothing: SieveResult = {
  linesRead: 0,
  linesSeen: 0,
  keySum: '',
  unchanged: 0,
  skipped: 0,
  identicalCopies: 0,
  knownSkipped: 0,
  missingSkipped: 0,
  journalled: 0,
  refusedNullKey: 0,
  refusedTooLarge: 0,
  marks: new Uint8Array(0),
  unseen: 0,
};

function passesOf(...results: Partial<SieveResult>[]): Passes {
  const passes = new Passes();
  for (const result of results) passes.add({ ...nothing, ...result });
  return passes;
}

test('passes that saw the same lines and took each of them once agree and are whole', () => {
  const passes = passesOf(
    { linesRead: 2, linesSeen: 5, keySum: 'a' },
    { linesRead: 3, linesSeen: 5, keySum: 'a' },
  );
  expect(passes).toMatchObject({ agree: true, isWhole: true, linesRead: 5 });
});

test.each([
  ['more lines', { linesRead: 3, linesSeen: 6, keySum: 'a' }],
  ['lines of other keys', { linesRead: 3, linesSeen: 5, keySum: 'b' }],
])('a pass that saw %s agrees no more, whatever the next ones see', (_, other) => {
  const same = { linesRead: 0, linesSeen: 5, keySum: 'a' };
  expect(passesOf(same, other).agree).toBe(false);
  expect(passesOf(same, other, same).agree).toBe(false);
});

test('a line that no pass took, or two passes took, is missed in the sum', () => {
  const first = { linesRead: 2, linesSeen: 5, keySum: 'a' };
  for (const linesRead of [2, 4]) expect(passesOf(first, { ...first, linesRead }).isWhole).toBe(false);
});

test('a sum of keys follows from the keys and how often each comes, not from their order', () => {
  const keys = [
    [1, 2, 3, 4],
    [5, 6, 0xffffffff, 8],
    [9, 10, 11, 0xffffffff],
  ];
  const sumOf = (...places: number[]): string => {
    const sum = new KeySum();
    for (const place of places) sum.add(Uint32Array.from(keys[place]!), 0);
    return sum.text;
  };
  expect(sumOf(2, 0, 1)).toBe(sumOf(0, 1, 2));
  expect(sumOf(0, 1, 1)).not.toBe(sumOf(0, 1, 2));
  // An XOR would have both of these as the sum of nothing.
  expect(new Set([sumOf(), sumOf(0, 0), sumOf(1, 1)]).size).toBe(3);
});
