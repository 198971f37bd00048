// Grams of texts: a text that stands in one of them has all its bits set, and most others have not.
import fc from 'fast-check';
import { gramBits, gramBytes, gramsOf, addGrams } from '../../domain/text-grams';
import { randomCases } from '../support/cases';

const cases = randomCases(300);
jest.setTimeout(cases.limitMs);

const isIn = (grams: Uint8Array, text: string): boolean =>
  gramsOf(text, 1_000).every((bit) => ((grams[bit >> 3] ?? 0) & (1 << (bit & 7))) !== 0);

test('every part of every text is in their grams, whatever its case', () => {
  const text = fc.string({ unit: 'binary', maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(text, { minLength: 1, maxLength: 10 }),
      fc.nat(),
      fc.nat(),
      fc.nat(),
      (texts, at, from, to) => {
        const grams = new Uint8Array(gramBytes);
        for (const one of texts) addGrams(grams, one);
        const chosen = texts[at % texts.length] ?? '';
        const part = chosen.slice(from % (chosen.length + 1), to % (chosen.length + 1));
        expect(
          isIn(
            grams,
            part.replaceAll(/[a-z]/g, (letter) => letter.toUpperCase()),
          ),
        ).toBe(true);
      },
    ),
    cases.options,
  );
});

test('the grams of 256 messages with a value each leave out nearly every other value', () => {
  const hex = (n: number): string =>
    [7, 11, 13, 17].map((by) => (Math.imul(n + 1, 0x9e3779b1 * by) >>> 0).toString(16)).join('');
  const grams = new Uint8Array(gramBytes);
  for (let n = 0; n < 256; n += 1) addGrams(grams, `The value ${hex(n)} is not valid here`);
  expect(isIn(grams, `value ${hex(255)} is`)).toBe(true);
  const strangers = Array.from({ length: 1_000 }, (_, n) => hex(n + 1_000)).filter((value) =>
    isIn(grams, value),
  );
  expect(strangers.length).toBeLessThan(5);
});

test('a text of less than four characters has no bits, a longer one at most as many as are asked for', () => {
  expect(gramsOf('abc', 10)).toEqual([]);
  expect(gramsOf('abcd', 10)).toHaveLength(1);
  expect(gramsOf('abcdefghijklmnop', 10)).toHaveLength(10);
  expect(gramsOf('abcdefgh', 10).every((bit) => bit >= 0 && bit < gramBits)).toBe(true);
});
