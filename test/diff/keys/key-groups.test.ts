import { KeyGroups } from '../../../diff/keys/key-groups';

const entry = (...words: number[]): Uint32Array<ArrayBuffer> => Uint32Array.from(words);

test('keys are one group only if all four words are the same', () => {
  const groups = new KeyGroups(0);
  const keys = [
    entry(1, 2, 3, 4, 7, 0),
    entry(9, 2, 3, 4, 7, 0),
    entry(1, 9, 3, 4, 7, 0),
    entry(1, 2, 9, 4, 7, 0),
    entry(1, 2, 3, 9, 7, 0),
  ];
  expect(keys.map((key) => groups.groupOf(key))).toEqual([0, 1, 2, 3, 4]);
  expect(keys.map((key) => groups.groupOf(key))).toEqual([0, 1, 2, 3, 4]);
  expect(groups.count).toBe(5);
});

test('a group keeps the fingerprint it was first seen with, however many groups there are', () => {
  const groups = new KeyGroups(1);
  const count = 5000;
  for (let i = 0; i < count; i++) expect(groups.groupOf(entry(i % 7, i, 0, 0, i, i + 1))).toBe(i);
  expect(groups.groupOf(entry(3, 3, 0, 0, 999, 999))).toBe(3);
  expect(groups.hasFingerprint(3, 3, 4)).toBe(true);
  expect(groups.hasFingerprint(3, 3, 5)).toBe(false);
  expect(groups.hasFingerprint(3, 4, 4)).toBe(false);
});
