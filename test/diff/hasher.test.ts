import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createHasher } from '../../diff/hasher';
import type { Hasher } from '../../diff/hasher';
import { keySeeds, rowKeyHash } from '../../domain/row-key';
import { xxh64 } from '../../domain/xxh64';
import { randomCases } from '../support/cases';
import { bytesWithHash } from './bytes-with-hash';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

interface Vectors {
  keys: { text: string; exact: string; lower: string }[];
  fingerprints: { text: string; seed: string; fingerprint: string }[];
  seeds: { columns: { column: string; field: string }[]; encoderVersion: number; seed: string }[];
}

const vectors = JSON.parse(readFileSync(join(__dirname, 'hash-vectors.json'), 'utf8')) as Vectors;
const hex = (words: Uint32Array): string =>
  Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('hex');

let hasher: Hasher;
beforeAll(async () => {
  hasher = await createHasher();
});

function keyHash(bytes: Buffer, variant: 'keyHash' | 'lowerKeyHash'): string {
  const out = new Uint32Array(4);
  hasher[variant](bytes, 0, bytes.length, out, 0);
  return hex(out);
}

function fingerprint(bytes: Buffer, seed: bigint): string {
  const out = new Uint32Array(2);
  hasher.fingerprint(bytes, 0, bytes.length, seed, out, 0);
  return hex(out);
}

test('every hash is the one that stored snapshots hold', () => {
  for (const { text, exact, lower } of vectors.keys) {
    const key = Buffer.from(text);
    expect({ text, hash: keyHash(key, 'keyHash') }).toEqual({ text, hash: exact });
    expect({ text, hash: keyHash(key, 'lowerKeyHash') }).toEqual({ text, hash: lower });
    // The same without WebAssembly, where single keys are looked up.
    const plain = (['exact', 'lower'] as const).map((match) => Buffer.from(rowKeyHash(text, match)));
    expect(plain.map((hash) => hash.toString('hex'))).toEqual([exact, lower]);
  }
  for (const vector of vectors.fingerprints) {
    const found = fingerprint(Buffer.from(vector.text), BigInt(vector.seed));
    expect({ ...vector, fingerprint: found }).toEqual(vector);
  }
  for (const vector of vectors.seeds) {
    const seed = String(hasher.fingerprintSeed(vector.columns, vector.encoderVersion));
    expect({ ...vector, seed }).toEqual(vector);
  }
});

test('hashes are XXH64 for bytes of any length, at any place in a buffer', () => {
  fc.assert(
    fc.property(
      fc.uint8Array({ maxLength: 200 }),
      fc.nat({ max: 9 }),
      fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      (bytes, before, seed) => {
        const line = Buffer.from(bytes);
        const around = Buffer.concat([Buffer.alloc(before, 1), line, Buffer.from('after')]).subarray(before);
        const out = new Uint32Array(8);
        hasher.keyHash(around, 0, line.length, out, 1);
        hasher.fingerprint(around, 0, line.length, seed, out, 6);
        const expected = Buffer.alloc(24);
        keySeeds.forEach((keySeed, i) => expected.writeBigUInt64LE(xxh64(line, keySeed), 8 * i));
        expected.writeBigUInt64LE(xxh64(line, seed) & (2n ** 63n - 1n), 16);
        expect(hex(out)).toBe(
          `00000000${expected.toString('hex', 0, 16)}00000000${expected.toString('hex', 16)}`,
        );
      },
    ),
    cases.options,
  );
});

test('a line never has a fingerprint that stands for a state, nor the flag of one', () => {
  for (const flag of [0n, 1n << 63n]) {
    for (const [hash, expected] of [
      [0n, 16n],
      [2n, 18n],
      [15n, 31n],
      [16n, 16n],
      [1n << 32n, 1n << 32n],
    ] as const) {
      const line = bytesWithHash(hash | flag, 42n);
      expect(xxh64(line, 42n)).toBe(hash | flag);
      const bytes = Buffer.alloc(8);
      bytes.writeBigUInt64LE(expected);
      expect(fingerprint(line, 42n)).toBe(bytes.toString('hex'));
    }
  }
});

test('a line longer than the first memory of the WebAssembly module hashes as any other', () => {
  const line = Buffer.alloc(3_000_000, 'abcdefg');
  const expected = Buffer.alloc(8);
  expected.writeBigUInt64LE(xxh64(line, 7n) & (2n ** 63n - 1n));
  expect(fingerprint(line, 7n)).toBe(expected.toString('hex'));
});

test('lower-case keys match whatever their case, ASCII or not, and stay apart otherwise', () => {
  const lower = (key: string): string => keyHash(Buffer.from(key), 'lowerKeyHash');
  expect(lower('Ada@Example.COM')).toBe(keyHash(Buffer.from('ada@example.com'), 'keyHash'));
  expect(lower('MÜLLER\tÉ')).toBe(keyHash(Buffer.from('müller\té'), 'keyHash'));
  expect(lower('[@`{')).toBe(keyHash(Buffer.from('[@`{'), 'keyHash'));
  expect(lower('a\tb')).not.toBe(lower('ab\t'));
});

test('keys that are not UTF-8 stay apart when lower-cased', () => {
  const one = keyHash(Buffer.from([0x41, 0xff]), 'lowerKeyHash');
  const two = keyHash(Buffer.from([0x61, 0xfe]), 'lowerKeyHash');
  expect(one).not.toBe(two);
  expect(one).toBe(keyHash(Buffer.from([0x61, 0xff]), 'lowerKeyHash'));
});

test('swapped columns, other fields and another encoder each make another seed', () => {
  const id = { column: 'id', field: 'Id' };
  const [a, b] = [
    { column: 'a', field: 'A' },
    { column: 'b', field: 'B' },
  ];
  const seeds = [
    hasher.fingerprintSeed([id, a, b], 1),
    hasher.fingerprintSeed([id, b, a], 1),
    hasher.fingerprintSeed([id, a, { column: 'b', field: 'C' }], 1),
    hasher.fingerprintSeed([id, a], 1),
    hasher.fingerprintSeed([id, a, b], 2),
  ];
  expect(new Set(seeds).size).toBe(seeds.length);
});
