// Owns the values that break programs: what no type allows, what no database stores, what is too big or too deep.
import fc from 'fast-check';

/** Stand for JSON that JSON.stringify does not write; put in once the rest is text. */
export const rawMarks: Readonly<Record<string, string>> = {
  '@@beyond numbers@@': '1e309',
  '@@below numbers@@': '-1e309',
  '@@many digits@@': '9'.repeat(4_000),
  '@@tiny@@': '1e-400',
  '@@lone half@@': String.raw`"\ud800"`,
  '@@other half@@': String.raw`"a\udc00b"`,
  '@@nul@@': String.raw`"a\u0000b"`,
  '@@deep list@@': '['.repeat(10_000) + ']'.repeat(10_000),
  '@@deep object@@': `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`,
  '@@prototype@@': '{"__proto__":{"isAdmin":true},"constructor":{"prototype":{"isAdmin":true}}}',
  '@@twice@@': '{"name":"a","name":"b"}',
};

const words = [
  '',
  ' ',
  '	\n',
  '\xA0',
  '‮',
  '﻿',
  '�',
  'Ａ',
  'ﬀ',
  'İ',
  '𝒳',
  '👩‍👩‍👧',
  'é',
  'é',
  'null',
  'undefined',
  'NaN',
  'true',
  '0',
  '-0',
  '-1',
  '1e309',
  '0x10',
  '1_000',
  '１',
  '9'.repeat(400),
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'length',
  "'; DROP TABLE runs; --",
  "' OR 1=1 --",
  '%',
  '_',
  '\\',
  '%%',
  '${7*7}',
  '{{7*7}}',
  '<script>',
  '../..',
  '|',
  '2025-02-30T00:00:00Z',
  '0000-01-01T00:00:00Z',
  '+275760-09-13T00:00:00Z',
  '2025-01-15',
  'infinity',
  'now',
  'eyJhIjoxfQ',
  'e30',
  'bnVsbA',
  'W10',
  '====',
  'run_',
  'sync_',
  'run_0',
  `run_${'z'.repeat(26)}`,
  '*',
  '"',
  'W/"1"',
  'postgres://u@h/d',
  'postgres://u%00@h/d',
  'postgres://u@h/%ED%A0%80',
  'http://[::1',
  'http://u:p@h/',
  'file:///',
  '* * * * *',
  '0 0 31 2 *',
  '@daily',
  'Europe/Nowhere',
  'x'.repeat(1e3),
  'x'.repeat(2e4),
];

/** Text that a program may stumble over. */
export const hostileText: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...words) },
  { weight: 2, arbitrary: fc.string({ unit: 'binary', maxLength: 30 }) },
  { weight: 1, arbitrary: fc.string({ maxLength: 30 }) },
);

/** Any JSON where something else belongs. */
export const hostileJson: fc.Arbitrary<unknown> = fc.oneof(
  { weight: 5, arbitrary: hostileText },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      null,
      true,
      false,
      0,
      -0,
      -1,
      0.1,
      2 ** 31,
      2 ** 53,
      -(2 ** 63),
      1e21,
      1e308,
      [],
      {},
      [[]],
      [null],
    ),
  },
  { weight: 2, arbitrary: fc.constantFrom(...Object.keys(rawMarks)) },
  { weight: 1, arbitrary: fc.array(hostileText, { maxLength: 4 }) },
  { weight: 1, arbitrary: fc.dictionary(hostileText, hostileText, { maxKeys: 4 }) },
);

/** Bodies that are no JSON, or none that was asked for. */
export const hostileBody: fc.Arbitrary<Buffer> = fc
  .constantFrom(
    '',
    ' ',
    'null',
    '[]',
    '"text"',
    '0',
    'true',
    '{',
    '{"name":',
    '{}{}',
    '{"a":1,}',
    "{'a':1}",
    '\ufeff{}',
    '{"name":"\n"}',
    '{"name":NaN}',
    '{/**/}',
    'name=x&kind=y',
    '<xml/>',
    '\0',
    '{"":""}',
    ...Object.values(rawMarks),
    ...Object.values(rawMarks).map((raw) => `{"name":${raw}}`),
    '['.repeat(100_000),
    // Every fifth: of ten thousand requests only some sixty have such a body and get past the door with it.
    ...Array.from({ length: 10 }, () => `{"name":"${'x'.repeat(300_000)}"}`),
    `{${Array.from({ length: 5_000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
  )
  .map((text) => Buffer.from(text))
  .chain((text) =>
    fc.constantFrom(text, text, text, Buffer.concat([text, Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80])])),
  );

/** A piece of a path or a query, as it goes over the wire: encoded well, badly or not at all. */
export const hostilePiece: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: hostileText.map(encoded) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '%',
      '%2',
      '%zz',
      '%00',
      '%ff',
      '%c0%af',
      '%ED%A0%80',
      '%u0041',
      '..%2f..',
      '%2e%2e',
      '.',
      '..',
      '+',
      '%25',
      '%252f',
      '[]',
      '[0]',
      '%5b%5d',
      ';',
      ',',
      ',,',
      '&',
      '=',
      '==',
      '~',
      '\u00e9',
      '\u00ff',
    ),
  },
);

function encoded(text: string): string {
  return [...Buffer.from(text)]
    .map((byte) => (/[\w.~-]/.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : hex(byte)))
    .join('');
}

function hex(byte: number): string {
  return `%${byte.toString(16).padStart(2, '0')}`;
}
