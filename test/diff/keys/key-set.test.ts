import * as fc from 'fast-check';
import { KeySet } from '../../../diff/keys/key-set';
import { randomCases } from '../../support/cases';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

// Taken once: in jest every look at a global is slow, and a million keys look twelve times each.
const { imul } = Math;

const wordsOf = (key: readonly number[]): Uint32Array => Uint32Array.from(key);

test('holds exactly the keys it was given, whatever its size was expected to be', () => {
  // Few different words, so that keys collide in their first words and come twice, and zero among them.
  const word = fc.oneof(fc.constantFrom(0, 1, 2, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));
  const key = fc.tuple(word, word, word, word);
  fc.assert(
    fc.property(
      fc.array(key, { maxLength: 400 }),
      fc.array(key, { maxLength: 100 }),
      fc.nat({ max: 500 }),
      (added, asked, expected) => {
        const keys = new KeySet(expected);
        const model = new Set<string>();
        for (const one of added) {
          keys.add(wordsOf(one), 0);
          model.add(one.join());
        }
        expect(keys.size).toBe(model.size);
        for (const one of [...added, ...asked]) {
          expect(keys.has(wordsOf(one), 0)).toBe(model.has(one.join()));
        }
      },
    ),
    cases.options,
  );
});

test('keys that differ in one word only, and all fall on one slot, are told apart', () => {
  const keys = new KeySet();
  for (let n = 0; n < 1000; n += 1) keys.add(Uint32Array.of(7, 7, n, 7), 0);
  expect(keys.size).toBe(1000);
  expect(keys.has(Uint32Array.of(7, 7, 999, 7), 0)).toBe(true);
  expect(keys.has(Uint32Array.of(7, 7, 1000, 7), 0)).toBe(false);
});

test('a key is read where it stands among others', () => {
  const keys = new KeySet(2);
  keys.add(Uint32Array.of(9, 9, 1, 2, 3, 4, 9), 2);
  expect(keys.has(Uint32Array.of(1, 2, 3, 4), 0)).toBe(true);
  expect(keys.has(Uint32Array.of(0, 1, 2, 3, 4), 1)).toBe(true);
  expect(keys.has(Uint32Array.of(9, 9, 1, 2), 0)).toBe(false);
});

test('a million keys take 22 bytes each when their number was known', () => {
  const rows = 1_000_000;
  const before = process.memoryUsage().arrayBuffers;
  const keys = new KeySet(rows);
  const key = new Uint32Array(4);
  for (let n = 0; n < rows; n += 1) {
    keys.add(spread(key, n), 0);
  }
  expect(keys.size).toBe(rows);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(rows * 22);
  let found = 0;
  for (let n = 0; n < 2 * rows; n += 1) if (keys.has(spread(key, n), 0)) found += 1;
  expect(found).toBe(rows);
});

/** Words that differ as a hash's would. */
function spread(key: Uint32Array, n: number): Uint32Array {
  for (let word = 0; word < 4; word += 1) {
    let mixed = imul(4 * n + word + 1, 0x9e3779b1);
    mixed = imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
    key[word] = imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  }
  return key;
}
