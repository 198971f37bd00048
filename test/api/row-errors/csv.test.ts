// CSV of foreign texts: what a spreadsheet could take for a formula has an apostrophe before it, whatever separates its cells.
import { csvLine } from '../../../api/row-errors/csv';

const cellOf = (value: string | null): string =>
  csvLine(['id', value, 'end']).slice('id,'.length, -',end\r\n'.length);

test.each([
  ['=1+1', "'=1+1"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t'=1"],
  ['\tx', "'\tx"],
  ['\rx', '"\'\rx"'],
  ['\nx', '"\'\nx"'],
  [' =1', "' =1"],
  ['\u00a0=1', "'\u00a0=1"],
  ['\ufeff=1', "'\ufeff=1"],
  ['\u200b=1', "'\u200b=1"],
  ['\uff1d1', "'\uff1d1"],
  ['\uff0b1', "'\uff0b1"],
  ['\uff0d1', "'\uff0d1"],
  ['\uff20A', "'\uff20A"],
  [';=cmd', '";\'=cmd"'],
  ['a;=cmd', '"a;\'=cmd"'],
  ['a; =cmd', '"a;\' =cmd"'],
  ['a;"=cmd"', '"a;\'""=cmd"""'],
  ['a;b;@x;c', '"a;b;\'@x;c"'],
  ['a;;=x', '"a;;\'=x"'],
  ['a\n=x', '"a\n\'=x"'],
  ['a\r\n-x', '"a\r\n\'-x"'],
  ['a\t+x', "a\t'+x"],
  ['a;\uff1dx', '"a;\'\uff1dx"'],
  ['a,=x', '"a,=x"'],
])('%j becomes %j', (value, cell) => {
  expect(cellOf(value)).toBe(cell);
});

test.each([
  ['a', 'a'],
  ['1-2=-1', '1-2=-1'],
  ['a;b', '"a;b"'],
  ['a "b"', '"a ""b"""'],
  ['a@b.invalid', 'a@b.invalid'],
  ['', '""'],
  [null, ''],
])('%j stays: %j', (value, cell) => {
  expect(cellOf(value)).toBe(cell);
});

// As a program reads it that takes another character than the comma for the separator, and quotes where cells begin.
test.each([';', '\t', ','])('separated by %j no cell begins with a sign', (separator) => {
  const values = [
    ';=1',
    'a;"=1"',
    'x\n=1',
    'x\r\n"@a',
    'x\t=1',
    '";=1',
    '"\n=1',
    ' ;+1',
    'a;\uff0b1',
    '""";-1',
  ];
  const line = csvLine(['id', ...values]);
  for (const cell of cellsOf(line, separator))
    expect(cell).not.toMatch(/^\s*[=+\-@\uff1d\uff0b\uff0d\uff20]/);
});

function cellsOf(text: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const character = text.charAt(at);
    if (isQuoted && character === '"' && text.charAt(at + 1) === '"') {
      cell += '"';
      at += 1;
    } else if (character === '"' && (isQuoted || cell === '')) isQuoted = !isQuoted;
    else if (!isQuoted && (character === separator || character === '\n' || character === '\r')) {
      cells.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...cells, cell];
}
