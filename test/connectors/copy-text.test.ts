import fc from 'fast-check';
import { decodeField, decodeLine, fieldOffsets } from '../../connectors/copy-text';
import { encodeField, encodeLine } from '../../domain/copy-line';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

const decodeText = (text: string): string | null => {
  const bytes = Buffer.from(text, 'latin1');
  return decodeField(bytes, 0, bytes.length);
};

test('every line of values comes back as it was', () => {
  const value = fc.option(fc.string({ unit: 'binary' }));
  fc.assert(
    fc.property(fc.array(value, { minLength: 1 }), (values) => {
      const line = Buffer.from(encodeLine(values));
      expect(line.filter((byte) => byte === 0x0a)).toHaveLength(1);
      expect(decodeLine(line, 0, line.length)).toEqual(values);
    }),
    cases.options,
  );
});

test('null, the text \\N and the empty string are three things', () => {
  expect([null, '\\N', ''].map(encodeField)).toEqual(['\\N', '\\\\N', '']);
  expect(decodeText('\\N')).toBeNull();
  expect(decodeText('\\\\N')).toBe('\\N');
  expect(decodeText('')).toBe('');
});

test.each([
  ['\\b\\f\\n\\r\\t\\v', '\b\f\n\r\t\v'],
  ['\\101\\x41\\x4z', 'AA\u0004z'],
  ['\\303\\251', 'é'],
  ['\\.\\q', '.q'],
  ['a\\', 'a\\'],
])('the escapes of %s are read as PostgreSQL reads them', (text, value) => {
  expect(decodeText(text)).toBe(value);
});

test('fields are found within their line only, with and without its newline', () => {
  const data = Buffer.from('a\tb\nc\t\td\n');
  expect(fieldOffsets(data, 0, 4)).toEqual([0, 2, 4]);
  expect(fieldOffsets(data, 4, 9)).toEqual([4, 6, 7, 9]);
  expect(decodeLine(data, 4, data.length)).toEqual(['c', '', 'd']);
  expect(decodeLine(data, 0, 3)).toEqual(['a', 'b']);
});
