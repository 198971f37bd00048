import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { createHasher } from '../../../diff/hasher';
import type { Hasher } from '../../../diff/hasher';
import { findKeyEnd } from '../../../diff/keys/key-end';
import {
  createLineKernel,
  endWord,
  keyEndWord,
  lineWords,
  mostLines,
  notHashed,
  startWord,
} from '../../../diff/kernel/line-kernel';
import type { LineForm, LineKernel } from '../../../diff/kernel/line-kernel';
import { randomCases } from '../../support/cases';
import { xxh64 } from '../../../domain/xxh64';
import { bytesWithHash } from '../bytes-with-hash';

interface Vectors {
  keys: { text: string; exact: string; lower: string }[];
  fingerprints: { text: string; seed: string; fingerprint: string }[];
}

interface Line {
  start: number;
  end: number;
  keyEnd: number | null;
  /** Key hash and fingerprint as hex. */
  entry: string | null;
}

const folder = join(__dirname, '..');
const vectors = JSON.parse(readFileSync(join(folder, 'hash-vectors.json'), 'utf8')) as Vectors;
const kernel = createLineKernel() as LineKernel;
const cases = randomCases(2_000);
jest.setTimeout(cases.limitMs);
const form: LineForm = { keyColumns: 1, lowerKeys: false, fingerprintSeed: 0n };

let hasher: Hasher;
beforeAll(async () => {
  hasher = await createHasher(null);
});

const hexOf = (words: Uint32Array): string =>
  Buffer.from(words.buffer, words.byteOffset, words.byteLength).toString('hex');

/** The lines of one scan, with places in the chunk. */
function scan(chunk: Buffer, from = 0, lineForm = form): { lines: Line[]; next: number } {
  const count = kernel.scan(chunk, from, lineForm);
  const lines = Array.from({ length: count }, (_, line) => {
    const words = kernel.lines.subarray(line * lineWords, (line + 1) * lineWords);
    const isHashed = words[keyEndWord] !== notHashed;
    return {
      start: from + words[startWord]!,
      end: from + words[endWord]!,
      keyEnd: isHashed ? from + words[keyEndWord]! : null,
      entry: isHashed ? hexOf(words.slice(0, 6)) : null,
    };
  });
  return { lines, next: kernel.next(from) };
}

/** The same lines, cut and hashed one by one. */
function expected(chunk: Buffer, from: number, { keyColumns, lowerKeys, fingerprintSeed }: LineForm): Line[] {
  const lines: Line[] = [];
  for (
    let start = from, end = chunk.indexOf(10, start);
    end >= 0;
    start = end + 1, end = chunk.indexOf(10, start)
  ) {
    const { keyEnd, isNull } = findKeyEnd(chunk, start, end, keyColumns, true);
    const isAscii = chunk.subarray(start, Math.max(start, keyEnd)).every((byte) => byte < 0x80);
    if (keyEnd < 0 || isNull || (lowerKeys && !isAscii)) {
      lines.push({ start, end, keyEnd: null, entry: null });
      continue;
    }
    const entry = new Uint32Array(6);
    (lowerKeys ? hasher.lowerKeyHash : hasher.keyHash)(chunk, start, keyEnd, entry, 0);
    hasher.fingerprint(chunk, start, end, fingerprintSeed, entry, 4);
    lines.push({ start, end, keyEnd, entry: hexOf(entry) });
  }
  return lines;
}

test('the compiled kernel is what its source gives', () => {
  const script = join(folder, '..', '..', 'scripts', 'build-kernel.js');
  execFileSync(process.execPath, [script, '--check'], { stdio: 'pipe' });
});

test('every hash is the one that stored snapshots hold', () => {
  for (const { text, exact, lower } of vectors.keys) {
    const keyColumns = text.split('\t').length;
    const line = Buffer.from(`${text}\tx\n`);
    expect({ text, hash: scan(line, 0, { ...form, keyColumns }).lines[0]!.entry!.slice(0, 32) }).toEqual({
      text,
      hash: exact,
    });
    // Only ASCII is lower-cased here.
    const { entry } = scan(line, 0, { ...form, keyColumns, lowerKeys: true }).lines[0]!;
    expect({ text, hash: entry?.slice(0, 32) ?? null }).toEqual({
      text,
      hash: /^[\0-\x7f]*$/.test(text) ? lower : null,
    });
  }
  for (const { text, seed, fingerprint } of vectors.fingerprints) {
    const { lines } = scan(Buffer.from(`${text}\n`), 0, { ...form, fingerprintSeed: BigInt(seed) });
    expect({ text, fingerprint: lines[0]!.entry!.slice(32) }).toEqual({ text, fingerprint });
  }
});

// Few bytes, so that lines, columns and nulls come about; all of them now and then.
const byte = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...Buffer.from('\n\t\\NaAzZ@[é')) },
  { weight: 1, arbitrary: fc.nat({ max: 255 }) },
);
const bytes = fc
  .array(fc.oneof(byte, byte, fc.constant(-1)), { maxLength: 120 })
  .map((parts) => Buffer.concat(parts.map((part) => (part < 0 ? Buffer.alloc(37, 'xyz') : Buffer.of(part)))));

test('lines are cut and hashed as they are one by one, whatever the bytes and wherever they begin', () => {
  fc.assert(
    fc.property(
      bytes,
      fc.nat({ max: 9 }),
      fc.record({
        keyColumns: fc.integer({ min: 1, max: 3 }),
        lowerKeys: fc.boolean(),
        fingerprintSeed: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
      }),
      (chunk, from, lineForm) => {
        fc.pre(from <= chunk.length);
        const { lines, next } = scan(chunk, from, lineForm);
        expect(lines).toEqual(expected(chunk, from, lineForm));
        expect(next).toBe((lines.at(-1)?.end ?? from - 1) + 1);
      },
    ),
    cases.options,
  );
});

test('a line never has a fingerprint that stands for a state, nor the flag of one', () => {
  for (const hash of [0n, 2n, 15n, 16n, 1n << 63n, (1n << 63n) | 15n]) {
    let seed = 42n;
    let line = bytesWithHash(hash, seed);
    while (line.includes(10) || line.includes(0x5c)) line = bytesWithHash(hash, ++seed);
    expect(xxh64(line, seed)).toBe(hash);
    const { lines } = scan(Buffer.concat([line, Buffer.of(10)]), 0, { ...form, fingerprintSeed: seed });
    const fingerprint = hash & ~(1n << 63n);
    const kept = Buffer.alloc(8);
    kept.writeBigUInt64LE(fingerprint < 16n ? fingerprint + 16n : fingerprint);
    expect(lines[0]!.entry!.slice(32)).toBe(kept.toString('hex'));
  }
});

test('a scan ends after a thousand lines, and the next one goes on', () => {
  const chunk = Buffer.from('k\tv\n'.repeat(mostLines + 5));
  const first = scan(chunk);
  expect([first.lines.length, first.next]).toEqual([mostLines, mostLines * 4]);
  const second = scan(chunk, first.next);
  expect(second.lines).toEqual(expected(chunk, first.next, form));
  expect(second.lines).toHaveLength(5);
});

test('a line that is longer than what is looked at is left to others, and so is the one at the end of it', () => {
  const long = Buffer.alloc(200_000, 'x');
  expect(scan(Buffer.concat([long, Buffer.from('\n')]))).toEqual({ lines: [], next: 0 });
  const chunk = Buffer.concat([Buffer.from('1\ta\n2\tb\n'), long, Buffer.from('\n3\tc\n')]);
  expect(scan(chunk)).toMatchObject({ lines: [{ end: 3 }, { end: 7 }], next: 8 });
  expect(scan(chunk, 200_009)).toMatchObject({ lines: [{ start: 200_009, end: 200_012 }] });
  // Bytes of an earlier scan are still there: a newline among them ends nothing.
  expect(scan(Buffer.from('4\td'))).toEqual({ lines: [], next: 0 });
});

test('a key that is too long to be lower-cased here is left to others', () => {
  const lower = { ...form, lowerKeys: true };
  for (const [bytesOfKey, isHashed] of [
    [24_576, true],
    [24_577, false],
  ] as const) {
    const chunk = Buffer.from(`${'K'.repeat(bytesOfKey)}\tx\nK\ty\n`);
    const { lines } = scan(chunk, 0, lower);
    expect(lines[0]!.keyEnd !== null).toBe(isHashed);
    expect(lines.slice(isHashed ? 0 : 1)).toEqual(expected(chunk, 0, lower).slice(isHashed ? 0 : 1));
  }
});

test('where WebAssembly cannot be made there is no kernel, and hashing goes on without it', async () => {
  expect(createLineKernel(undefined)).not.toBeNull();
  const engine = { validate: () => false, Module: Object, Instance: Object as never };
  expect(createLineKernel(engine)).toBeNull();
  expect((await createHasher(createLineKernel(engine))).kernel).toBeNull();
  expect((await createHasher()).kernel).not.toBeNull();
});
