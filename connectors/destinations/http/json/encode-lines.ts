// Owns the way from raw COPY lines to JSON objects in TypeScript, byte to byte where it can: every row, rare ones too.
import type { JsonForm } from '../../../source';
import { endsAt, fieldEnd, numberEnd, putDecoded } from './encode-field';
import type { EncodedLines, RawLines, RowShape } from './row-shape';

const tab = 0x09;
const newline = 0x0a;
const quote = 0x22;
const upperN = 0x4e;
const backslash = 0x5c;
const lowerF = 0x66;
const lowerT = 0x74;
const nullWord = Buffer.from('null');
const trueWord = Buffer.from('true');
const falseWord = Buffer.from('false');

// 1 for each byte that a JSON string cannot hold as it stands: controls (tab and newline, where fields end, among them),
// the quote and the backslash.
const isSpecial = new Uint8Array(256).fill(1, 0, 0x20);
isSpecial[quote] = isSpecial[backslash] = 1;
// 1 for what may follow a backslash in COPY and in JSON alike: \b \f \n \r \t and the backslash itself.
const isSharedEscape = new Uint8Array(256);
for (const letter of 'bfnrt\\') isSharedEscape[letter.charCodeAt(0)] = 1;
// A control byte becomes \u and four digits, and no byte becomes more; a field's quotes or its null come to it.
const bytesPerByte = 6;
const bytesPerField = 4;

/**
 * Encodes the lines [from, to). One loop over local values on purpose: with a function a field and a position that lives
 * in an object it took twice as long. Throws on a line with more or fewer fields than there are columns.
 */
export function encodeLines(
  { data, starts, endings: endingOf }: RawLines,
  from: number,
  to: number,
  { names, forms, endings }: RowShape,
): EncodedLines {
  const rows = to - from;
  const namesLength = names.reduce((sum, name) => sum + name.length, 0);
  const bytes = (starts[to] as number) - (starts[from] as number);
  // A quarter more for quotes and escapes; it grows when that is too little.
  let out: Buffer = Buffer.allocUnsafe(Math.ceil(bytes * 1.25) + rows * (namesLength + 32) + 1024);
  let end = 0;
  const ends = new Uint32Array(rows);
  for (let row = from; row < to; row++) {
    let at = starts[row] as number;
    // The newline, a special byte, is where a line stops.
    const stop = (starts[row + 1] as number) - 1;
    if (data[stop] !== newline) throw new Error(`row ${row} does not end with a newline`);
    const ending = endings[endingOf?.[row] ?? 0] as Buffer;
    // Room for the whole row at once, so that nothing below has to look.
    const most = namesLength + bytesPerByte * (stop - at) + bytesPerField * names.length + ending.length;
    if (end + most > out.length) out = enlarged(out, end, most);
    for (let column = 0; column < names.length; column++) {
      if (at > stop) throw new Error(`row ${row} has fewer fields than its target has columns`);
      const name = names[column] as Buffer;
      // What is this short is copied faster by a loop than by a native call, as measured; so are numbers.
      for (let byte = 0; byte < name.length; byte++) out[end++] = name[byte] as number;
      const form = forms[column] as JsonForm;
      const word = wordAt(data, at, stop, form);
      if (word !== null) {
        for (let byte = 0; byte < word.length; byte++) out[end++] = word[byte] as number;
        at += word === nullWord ? 3 : 2;
        continue;
      }
      if (form === 'number') {
        const past = numberEnd(data, at, stop);
        // NaN, Infinity and whatever else JSON has no form for goes as the text it is, below.
        if (past > at) {
          while (at < past) out[end++] = data[at++] as number;
          at++;
          continue;
        }
      }
      if (form === 'json') {
        end = putDecoded(out, end, data, at, stop, form);
        at = fieldEnd(data, at, stop) + 1;
        continue;
      }
      const fieldStart = at;
      const begin = end;
      out[end++] = quote;
      for (;;) {
        let byte = data[at] as number;
        while (isSpecial[byte] === 0) {
          out[end++] = byte;
          byte = data[++at] as number;
        }
        if (byte === tab || at === stop) {
          out[end++] = quote;
          break;
        }
        if (byte === quote) {
          out[end++] = backslash;
        } else if (byte === backslash && isSharedEscape[data[at + 1] as number] === 1) {
          out[end++] = backslash;
          byte = data[++at] as number;
        } else {
          // Raw controls, and \v and the octal and hex forms, which COPY TO never writes, have no short form in JSON.
          end = putDecoded(out, begin, data, fieldStart, stop, 'string');
          at = fieldEnd(data, at, stop);
          break;
        }
        out[end++] = byte;
        at++;
      }
      at++;
    }
    if (at <= stop) throw new Error(`row ${row} has more fields than its target has columns`);
    for (let byte = 0; byte < ending.length; byte++) out[end++] = ending[byte] as number;
    ends[row - from] = end;
  }
  return { rows, bytes: out.subarray(0, end), ends };
}

// What stands for the whole field in JSON: null, or a boolean's word.
function wordAt(data: Buffer, at: number, stop: number, form: JsonForm): Buffer | null {
  const first = data[at];
  if (first === backslash) return data[at + 1] === upperN && endsAt(data, at + 2, stop) ? nullWord : null;
  if (form !== 'boolean' || !endsAt(data, at + 1, stop)) return null;
  return first === lowerT ? trueWord : first === lowerF ? falseWord : null;
}

/** A larger buffer with the first `length` bytes of this one and room for `more`. */
function enlarged(bytes: Buffer, length: number, more: number): Buffer {
  const larger = Buffer.allocUnsafe(Math.max(bytes.length * 2, length + more));
  bytes.copy(larger, 0, 0, length);
  return larger;
}
