// Row keys as one text: what several columns become, and which keys such a text can mean.
import fc from 'fast-check';
import { encodeField } from '../../domain/copy-line';
import { keyLines, mostReadings, rowIdFrom, rowKeyHash } from '../../domain/row-key';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

test('key columns are joined with a comma, and a null among them is no key', () => {
  expect(rowIdFrom(['a'])).toBe('a');
  expect(rowIdFrom(['a', 'b'])).toBe('a,b');
  expect(rowIdFrom([''])).toBe('');
  expect(rowIdFrom(['a', null])).toBeNull();
});

test.each([
  ['usr_123', 1, ['usr_123']],
  ['', 1, ['']],
  ['a,b', 1, ['a,b']],
  ['a,b', 2, ['a\tb']],
  ['a,b,c', 2, ['a\tb,c', 'a,b\tc']],
  [',', 2, ['\t']],
  ['a', 2, []],
  ['\\N\t\n', 1, ['\\\\N\\t\\n']],
])('%j with %d columns can be %j', (rowId, columns, lines) => {
  expect(keyLines(rowId, columns)).toEqual(lines);
});

test('a text that could be very many keys is none', () => {
  expect(keyLines(','.repeat(mostReadings), 2)).toHaveLength(mostReadings);
  expect(keyLines(','.repeat(mostReadings + 1), 2)).toBeNull();
  expect(keyLines(','.repeat(10_000), 40)).toBeNull();
  expect(keyLines(','.repeat(10_000), 1)).toHaveLength(1);
});

test('the key that was written is among those that are read', () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 3 }), (values) => {
      const lines = keyLines(rowIdFrom(values) ?? '', values.length);
      if (lines) expect(lines).toContain(values.map(encodeField).join('\t'));
    }),
    cases.options,
  );
});

test('keys are told apart by case, unless the sync compares them without', () => {
  expect(rowKeyHash('Ada', 'exact')).not.toEqual(rowKeyHash('ada', 'exact'));
  expect(rowKeyHash('Ada', 'lower')).toEqual(rowKeyHash('ada', 'exact'));
});
