// The byte-to-byte way from COPY lines to JSON, held to the plain one: decode each field, then JSON.stringify.
import * as fc from 'fast-check';
import { encodeLine } from '../../../../../domain/copy-line';
import { encodeRows } from '../../../../../connectors/destinations/http/json/encode-rows';
import { createJsonKernel } from '../../../../../connectors/destinations/http/json/json-kernel';
import { endingWith, rowShape } from '../../../../../connectors/destinations/http/json/row-shape';
import type { JsonForm } from '../../../../../connectors/source';
import { randomCases } from '../../../../support/cases';

const cases = randomCases(500);
jest.setTimeout(cases.limitMs);

const envelope = { prefix: Buffer.from('['), suffix: Buffer.from(']') };
const kernel = createJsonKernel();

function rawLines(lines: readonly string[], endings: Uint8Array | null = null) {
  const buffers = lines.map((line) => Buffer.from(line));
  const starts = new Uint32Array(lines.length + 1);
  buffers.forEach((line, row) => {
    starts[row + 1] = (starts[row] ?? 0) + line.length;
  });
  return { data: Buffer.concat(buffers), starts, endings };
}

/** The body in TypeScript alone, once the kernel has given the same, be it bytes or an error. */
function bodyOf(lines: readonly string[], forms: readonly JsonForm[], from = 0, to = lines.length): string {
  const shape = rowShape(forms.map((json, at) => ({ field: `f${at}`, json })));
  const [plain, fast] = [null, kernel].map((by) => {
    try {
      return encodeRows(rawLines(lines), shape, envelope, by).body(from, to).toString('utf8');
    } catch (error) {
      return error as Error;
    }
  });
  expect(fast).toEqual(plain);
  if (typeof plain !== 'string') throw plain;
  return plain;
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
    cases.options,
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
    cases.options,
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

describe('the kernel', () => {
  const wide = ['id', 'über', 'a "quoted" name', 'flag', 'score', 'more'].map((field, at) => ({
    field,
    json: (['string', 'string', 'json', 'boolean', 'number', 'string'] as const)[at] as JsonForm,
  }));
  const shape = rowShape(
    wide,
    ['create', 'update'].map((word) => endingWith('op', word)),
  );
  const value = fc.oneof(text, fc.integer().map(String), fc.constantFrom('t', 'f', '{"a":"b\\\\n"}', ''));

  const both = (lines: readonly string[], endings: Uint8Array): [Buffer, Buffer] => {
    const raw = rawLines(lines, endings);
    const whole = (by: typeof kernel): Buffer => encodeRows(raw, shape, envelope, by).body(0, lines.length);
    return [whole(kernel), whole(null)];
  };

  test('runs on this engine', () => {
    expect(kernel).not.toBeNull();
    const elsewhere = { validate: () => false, Module: Object, Instance: Object as never };
    expect(createJsonKernel(elsewhere)).toBeNull();
  });

  test('gives the bytes of the way in TypeScript, whatever stands in the rows', () => {
    const row = fc.tuple(...wide.map(() => fc.option(value)), fc.nat(1));
    fc.assert(
      fc.property(fc.array(row, { minLength: 1, maxLength: 60 }), (rows) => {
        const lines = rows.map((fields) => encodeLine(fields.slice(0, wide.length) as string[]));
        const [fast, plain] = both(
          lines,
          Uint8Array.from(rows, (fields) => fields.at(-1) as number),
        );
        expect(fast.equals(plain)).toBe(true);
      }),
      cases.options,
    );
  });

  test('takes batches of more rows and more bytes than it holds, with rows it has to leave between them', () => {
    const lines = Array.from({ length: 5_000 }, (_, row) => {
      const long = 'x"'.repeat(row % 700 === 0 ? 200_000 : row % 97);
      return encodeLine([
        `u${row}`,
        row % 1000 === 3 ? '\x01' : long,
        '{}',
        row % 2 ? 't' : 'f',
        `${row}`,
        null,
      ]);
    });
    const [fast, plain] = both(
      lines,
      Uint8Array.from(lines, (_, row) => row % 2),
    );
    expect(fast.equals(plain)).toBe(true);
    const rows = JSON.parse(fast.toString()) as { op: string; score: number }[];
    expect(rows).toHaveLength(5_000);
    expect(rows.every(({ op, score }) => op === (score % 2 ? 'update' : 'create'))).toBe(true);
  });

  test('leaves rows of a shape it has no room for, and takes the next shape all the same', () => {
    const huge = rowShape([{ field: 'n'.repeat(60_000), json: 'string' }]);
    const raw = rawLines(['v\n']);
    expect(kernel?.encode(raw, 0, 1, huge).rows).toBe(0);
    expect(encodeRows(raw, huge, envelope).body(0, 1).toString()).toBe(`[{"${'n'.repeat(60_000)}":"v"}]`);
    expect(kernel?.encode(raw, 0, 1, rowShape([{ field: 'a', json: 'string' }])).rows).toBe(1);
  });
});
