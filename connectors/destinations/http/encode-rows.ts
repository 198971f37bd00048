// Owns the way from raw COPY lines to the JSON body of a call, byte to byte where it can. Knows nothing of calls.
import { decodeField } from '../../copy-text';
import type { JsonForm } from '../../source';

const tab = 0x09;
const newline = 0x0a;
const quote = 0x22;
const backslash = 0x5c;
// COPY and JSON write these six the same way: \b \f \n \r \t and the backslash itself.
const sharedEscapes = new Set([0x62, 0x66, 0x6e, 0x72, 0x74, backslash]);
const nullWord = Buffer.from('null');
const trueWord = Buffer.from('true');
const falseWord = Buffer.from('false');
const jsonNumber = /^-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/** One field of the body's rows. */
export interface EncodedColumn {
  readonly field: string;
  readonly json: JsonForm;
}

/** Lines to encode: row i is data[starts[i] .. starts[i + 1]). */
export interface RawLines {
  readonly data: Buffer;
  readonly starts: Uint32Array;
}

/** Rows as JSON objects, joined by commas, within an envelope. */
export interface EncodedRows {
  /** The rows [from, to) in their envelope, at least one of them. */
  body(from: number, to: number): Buffer;
}

/** What stands before the first row, after the last one, and at the end of row i: its brace and a comma. */
export interface Envelope {
  readonly prefix: Buffer;
  readonly suffix: Buffer;
  readonly rowEnd: (row: number) => Buffer;
}

/** Encodes every line once; pieces are cut from the same bytes. */
export function encodeRows(
  lines: RawLines,
  columns: readonly EncodedColumn[],
  { prefix, suffix, rowEnd }: Envelope,
): EncodedRows {
  const { data, starts } = lines;
  const rows = starts.length - 1;
  const names = columns.map(({ field }, at) =>
    Buffer.from(`${at === 0 ? '{' : ','}${JSON.stringify(field)}:`),
  );
  const namesLength = names.reduce((sum, name) => sum + name.length, 0);
  // A quarter more for quotes and escapes; it grows when that is too little.
  const out = new GrowingBuffer(Math.ceil(data.length * 1.25) + rows * (namesLength + 32) + 1_000);
  out.put(prefix);
  // Row i is out[begins[i] .. begins[i + 1] - 1): a comma stands between.
  const begins = new Float64Array(rows + 1);
  begins[0] = out.length;
  for (let row = 0; row < rows; row++) {
    const lineEnd = starts[row + 1] as number;
    const stop = data[lineEnd - 1] === newline ? lineEnd - 1 : lineEnd;
    let at = starts[row] as number;
    for (let column = 0; column < columns.length; column++) {
      if (at > stop) throw new Error(`row ${row} has fewer fields than its target has columns`);
      let end = at;
      while (end < stop && data[end] !== tab) end++;
      out.put(names[column] as Buffer);
      putField(out, data, at, end, (columns[column] as EncodedColumn).json);
      at = end + 1;
    }
    if (at <= stop) throw new Error(`row ${row} has more fields than its target has columns`);
    out.put(rowEnd(row));
    begins[row + 1] = out.length;
  }
  // The whole batch is the usual case: its envelope is written around it, the suffix over the last comma.
  out.length -= 1;
  out.put(suffix);
  const whole = out.bytes.subarray(0, out.length);
  return {
    body(from, to) {
      if (from === 0 && to === rows) return whole;
      // The last row of all ends where the suffix begins, one byte before the comma that was.
      return Buffer.concat([prefix, whole.subarray(begins[from], (begins[to] as number) - 1), suffix]);
    },
  };
}

/** The end of a row without further fields. */
export const plainRowEnd = Buffer.from('},');

function putField(out: GrowingBuffer, data: Buffer, from: number, to: number, json: JsonForm): void {
  const length = to - from;
  if (length === 2 && data[from] === backslash && data[from + 1] === 0x4e) return out.put(nullWord);
  if (json === 'number' && isJsonNumber(data, from, to)) return out.copy(data, from, to);
  if (json === 'boolean' && length === 1 && data[from] === 0x74) return out.put(trueWord);
  if (json === 'boolean' && length === 1 && data[from] === 0x66) return out.put(falseWord);
  if (json === 'json') return out.putText(decodeField(data, from, to) ?? 'null');
  // NaN, Infinity and whatever else JSON has no form for goes as the text it is.
  putString(out, data, from, to);
}

function isJsonNumber(data: Buffer, from: number, to: number): boolean {
  const first = data[from] as number;
  // Most numbers are short runs of digits; they need no text made for the expression.
  if (first > 0x30 && first <= 0x39) {
    let at = from + 1;
    while (at < to && (data[at] as number) >= 0x30 && (data[at] as number) <= 0x39) at++;
    if (at === to) return true;
  }
  return jsonNumber.test(data.toString('latin1', from, to));
}

function putString(out: GrowingBuffer, data: Buffer, from: number, to: number): void {
  // Only a quote grows here, to two bytes; what grows more takes the slow way below.
  const room = out.reserve(2 * (to - from) + 2);
  let end = out.length;
  room[end++] = quote;
  for (let at = from; at < to; at++) {
    const byte = data[at] as number;
    if (byte === backslash) {
      const next = data[at + 1] as number;
      // \v and the octal and hex forms, which COPY TO never writes, have no short form in JSON.
      if (at + 1 >= to || !sharedEscapes.has(next)) return out.putText(asJsonString(data, from, to));
      room[end++] = backslash;
      room[end++] = next;
      at++;
      continue;
    }
    if (byte < 0x20) return out.putText(asJsonString(data, from, to));
    if (byte === quote) room[end++] = backslash;
    room[end++] = byte;
  }
  room[end++] = quote;
  out.length = end;
}

function asJsonString(data: Buffer, from: number, to: number): string {
  return JSON.stringify(decodeField(data, from, to));
}

class GrowingBuffer {
  bytes: Buffer;
  length = 0;

  constructor(size: number) {
    this.bytes = Buffer.allocUnsafe(size);
  }

  /** The bytes, with room for so many more past `length`. */
  reserve(more: number): Buffer {
    if (this.length + more > this.bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(this.bytes.length * 2, this.length + more));
      this.bytes.copy(larger, 0, 0, this.length);
      this.bytes = larger;
    }
    return this.bytes;
  }

  put(bytes: Buffer): void {
    this.copy(bytes, 0, bytes.length);
  }

  copy(source: Buffer, from: number, to: number): void {
    const room = this.reserve(to - from);
    let end = this.length;
    // Names and numbers are short: measured, a loop makes a batch a quarter faster than native copies.
    for (let at = from; at < to; at++) room[end++] = source[at] as number;
    this.length = end;
  }

  putText(text: string): void {
    // A UTF-16 unit is at most three bytes of UTF-8.
    this.reserve(3 * text.length);
    this.length += this.bytes.write(text, this.length);
  }
}
