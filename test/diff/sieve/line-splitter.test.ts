import { LineSplitter } from '../../../diff/sieve/line-splitter';

test('it stops after the line that asks for it, within a chunk and across two, and goes on from there', () => {
  const lines: string[] = [];
  const splitter = new LineSplitter(100, (buffer, start, end) => {
    lines.push(buffer.toString('utf8', start, end));
    return lines.at(-1)!.endsWith('!');
  });
  const chunk = Buffer.from('one\ntwo!\nthree\nfour');
  expect(splitter.split(chunk, 0)).toBe(9);
  expect(lines).toEqual(['one', 'two!']);
  expect(splitter.split(chunk, 9)).toBe(chunk.length);
  expect(splitter.isInsideLine).toBe(true);
  const next = Buffer.from('th!\nlast\n');
  expect(splitter.split(next, 0)).toBe(4);
  expect(splitter.split(next, 4)).toBe(next.length);
  expect(lines.slice(2)).toEqual(['three', 'fourth!', 'last']);
  expect(splitter.isInsideLine).toBe(false);
});

test('it keeps no more of a line than the limit, however long the line is', () => {
  const seen: [number, boolean][] = [];
  const splitter = new LineSplitter(1000, (buffer, start, end, tooLarge) => {
    seen.push([end - start, tooLarge]);
    expect(buffer.length).toBeLessThanOrEqual(64 * 1024);
    return false;
  });
  const piece = Buffer.alloc(60_000, 'x');
  for (let i = 0; i < 50; i++) splitter.split(piece, 0);
  splitter.split(Buffer.from('\nshort\n'), 0);
  expect(seen).toEqual([
    [1000, true],
    [5, false],
  ]);
});
