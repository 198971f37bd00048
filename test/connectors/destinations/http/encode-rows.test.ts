// The byte-to-byte way from COPY lines to JSON, held to the plain one: decode each field, then JSON.stringify.
import * as fc from 'fast-check';
import { encodeLine } from '../../../../connectors/copy-text';
import { encodeRows, plainRowEnd } from '../../../../connectors/destinations/http/encode-rows';
import type { JsonForm } from '../../../../connectors/source';

const envelope = { prefix: Buffer.from('['), suffix: Buffer.from(']'), rowEnd: () => plainRowEnd };

function bodyOf(lines: readonly string[], forms: readonly JsonForm[], from = 0, to = lines.length): string {
  const buffers = lines.map((line) => Buffer.from(line));
  const starts = new Uint32Array(lines.length + 1);
  buffers.forEach((line, row) => {
    starts[row + 1] = (starts[row] ?? 0) + line.length;
  });
  const columns = forms.map((json, at) => ({ field: `f${at}`, json }));
  const encoded = encodeRows({ data: Buffer.concat(buffers), starts }, columns, envelope);
  return encoded.body(from, to).toString('utf8');
}

/** One row, decoded again. */
function rowOf(values: readonly (string | null)[], forms: readonly JsonForm[]): unknown {
  return (JSON.parse(bodyOf([encodeLine(values)], forms)) as unknown[])[0];
}

const text = fc.oneof(
  fc.string({ unit: 'binary' }).filter((value) => !value.includes('\0')),
  fc.string({
    unit: fc.constantFrom('\\', '"', '\t', '\n', '\r', '\v', '\b', '\f', '\x01', '\x1f', 'N', 'é', '🦊'),
  }),
);

test('any text arrives as it is, in every piece of a batch', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.option(text), fc.option(text)), { minLength: 1, maxLength: 8 }),
      fc.nat(),
      fc.nat(),
      (rows, one, other) => {
        const [from, to] = [one % rows.length, other % rows.length].toSorted((a, b) => a - b) as [
          number,
          number,
        ];
        const body = bodyOf(rows.map(encodeLine), ['string', 'string'], from, to + 1);
        const expected = rows.slice(from, to + 1).map(([f0, f1]) => ({ f0, f1 }));
        expect(JSON.parse(body)).toEqual(expected);
      },
    ),
    { numRuns: 500 },
  );
});

test('the bytes are those of JSON.stringify', () => {
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.option(text), fc.option(text), fc.option(fc.boolean())), {
        minLength: 1,
        maxLength: 5,
      }),
      fc.option(fc.integer()),
      (rows, number) => {
        const lines = rows.map(([f0, f1, flag]) =>
          encodeLine([
            f0,
            f1,
            flag === null ? null : flag ? 't' : 'f',
            number === null ? null : String(number),
          ]),
        );
        const plain = rows.map(([f0, f1, f2]) => ({ f0, f1, f2, f3: number }));
        expect(bodyOf(lines, ['string', 'string', 'boolean', 'number'])).toBe(JSON.stringify(plain));
      },
    ),
    { numRuns: 500 },
  );
});

test.each([
  ['0', 0],
  ['-7', -7],
  ['12', 12],
  ['1.50', 1.5],
  ['-0.001', -0.001],
  ['0.5', 0.5],
  ['1e+20', 1e20],
  ['1e5', 1e5],
  ['1e', '1e'],
  ['1e+', '1e+'],
  ['-0', -0],
  ['--1', '--1'],
  ['1 ', '1 '],
  ['00', '00'],
  ['6.02E23', 6.02e23],
  ['NaN', 'NaN'],
  ['-Infinity', '-Infinity'],
  ['007', '007'],
  ['-', '-'],
  ['', ''],
  ['1.', '1.'],
  ['.5', '.5'],
  ['0x10', '0x10'],
  [null, null],
])('the number %p becomes %p', (sent, arrived) => {
  expect(rowOf([sent], ['number'])).toEqual({ f0: arrived });
});

test('digits beyond 2^53 are sent as they stand', () => {
  expect(bodyOf(['9007199254740993\t0.1000\n'], ['number', 'number'])).toBe(
    '[{"f0":9007199254740993,"f1":0.1000}]',
  );
});

test('booleans and nested JSON are JSON, and what is no boolean is text', () => {
  const json = '{"a": [1, "x\\ny", "q\\"q"],\n"b": null}';
  expect(rowOf(['t', 'f', 'maybe', json, null], ['boolean', 'boolean', 'boolean', 'json', 'json'])).toEqual({
    f0: true,
    f1: false,
    f2: 'maybe',
    f3: JSON.parse(json),
    f4: null,
  });
});

test('octal and hex escapes of other sources are understood', () => {
  expect(JSON.parse(bodyOf(['a\\101\\x42c\\q\n'], ['string']))).toEqual([{ f0: 'aABcq' }]);
});

test('a line with too few or too many fields is a bug and said so', () => {
  expect(() => bodyOf(['one\n'], ['string', 'string'])).toThrow(
    'row 0 has fewer fields than its target has columns',
  );
  expect(() => bodyOf(['a\tb\n', 'a\tb\tc\n'], ['string', 'string'])).toThrow('row 1 has more fields');
  expect(() => bodyOf(['a\tb', 'c\td\n'], ['string', 'string'])).toThrow('row 0 does not end with a newline');
});

test('a value far larger than the rest grows the body', () => {
  const large = '"\x01\\'.repeat(300_000);
  expect(rowOf(['k', large], ['string', 'string'])).toEqual({ f0: 'k', f1: large });
});
