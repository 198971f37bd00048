// Owns the way from COPY text to JSON objects, in AssemblyScript. A row with anything rare in it is left to the caller.
// Compiled by `npm run build:kernel`; json/encode-lines.ts does the same in TypeScript, for every row.

// What rows look like, put there by the caller. A column: place of its name, length of it, form (u32 each).
export const columns: usize = 0;
export const mostColumns: u32 = 1024;
// An ending: its length (u32) and its bytes.
export const endings: usize = 12288;
export const mostEndings: u32 = 4;
export const endingBytes: u32 = 1024;
/** Names as they stand in the row, with what comes before them and their colon. */
export const names: usize = 16384;
export const nameBytes: u32 = 49152;

/** Where each row ends, comma included, from the output's first byte (u32). */
export const ends: usize = 65536;
export const mostRows: u32 = 1024;
/** Which ending each row has (u8). */
export const rowEndings: usize = 69632;

/** Where the caller puts the lines; behind them is room for a read past the end. */
export const input: usize = 71680;
export const inputBytes: u32 = 262144;
/** Where the rows are written; behind them is room for a write past the end. */
export const output: usize = 333888;
export const outputBytes: u32 = 1048576;

export const stringForm: u32 = 0;
export const numberForm: u32 = 1;
export const booleanForm: u32 = 2;
export const jsonForm: u32 = 3;

/** After a call: bytes of the input that were taken. */
export let taken: u32 = 0;

const tab: u8 = 9;
const newline: u8 = 10;
const quote: u8 = 0x22;
const plus: u8 = 0x2b;
const minus: u8 = 0x2d;
const point: u8 = 0x2e;
const zero: u8 = 0x30;
const nine: u8 = 0x39;
const lowerE: u8 = 0x65;
const lowerF: u8 = 0x66;
const lowerT: u8 = 0x74;
const backslash: u8 = 0x5c;
// Bytes as a little-endian word reads them: \N, null, true, fals, \".
const nullText: u16 = 0x4e5c;
const nullWord: u32 = 0x6c6c756e;
const trueWord: u32 = 0x65757274;
const falsWord: u32 = 0x736c6166;
const escapedQuote: u16 = 0x225c;

/**
 * Writes the first rows of the input's first `bytes` bytes, `rows` at most, each with its ending. Returns how many: fewer
 * when the room for them ends or a row has to be left.
 */
export function encode(bytes: u32, rows: u32, columnCount: u32): u32 {
  const end = input + bytes;
  const roomEnd = output + outputBytes;
  let namesLength: usize = 0;
  for (let column: u32 = 0; column < columnCount; column++)
    namesLength += load<u32>(columns + column * 12, 4);
  let at = input;
  let to = output;
  let row: u32 = 0;
  for (; row < rows; row++) {
    const stop = findNewline(at, end);
    if (stop >= end) break;
    const ending = endings + <usize>load<u8>(rowEndings + row) * endingBytes;
    const endingLength = <usize>load<u32>(ending);
    // No byte becomes more than two, but a field may become null, a word, or a pair of quotes.
    if (to + namesLength + 2 * (stop - at) + 5 * columnCount + endingLength > roomEnd) break;
    const written = encodeRow(at, stop, to, columnCount);
    if (written == 0) break;
    copy(ending + 4, endingLength, written);
    to = written + endingLength;
    store<u32>(ends + row * 4, <u32>(to - output));
    at = stop + 1;
  }
  taken = <u32>(at - input);
  return row;
}

/** Writes the line from `at` to its newline at `stop`; returns where the row ends, or 0 when it has to be left. */
function encodeRow(at: usize, stop: usize, to: usize, columnCount: u32): usize {
  for (let column: usize = columns, last = columns + columnCount * 12; column < last; column += 12) {
    if (at > stop) return 0;
    const nameLength = <usize>load<u32>(column, 4);
    copy(<usize>load<u32>(column), nameLength, to);
    to += nameLength;
    const form = load<u32>(column, 8);
    if (load<u16>(at) == nullText && isEnd(at + 2)) {
      store<u32>(to, nullWord);
      to += 4;
      at += 3;
      continue;
    }
    if (form == booleanForm && isEnd(at + 1)) {
      const letter = load<u8>(at);
      if (letter == lowerT || letter == lowerF) {
        store<u32>(to, letter == lowerT ? trueWord : falsWord);
        if (letter == lowerF) store<u8>(to, lowerE, 4);
        to += letter == lowerT ? 4 : 5;
        at += 2;
        continue;
      }
    }
    if (form == numberForm) {
      const numberEnd = findNumberEnd(at);
      if (numberEnd != 0) {
        copy(at, numberEnd - at, to);
        to += numberEnd - at;
        at = numberEnd + 1;
        continue;
      }
    }
    to = form == jsonForm ? putJson(at, to) : putString(at, to);
    if (to == 0) return 0;
    at = fieldEnd + 1;
  }
  return at == stop + 1 ? to : 0;
}

/** Where the field that was written last ended. */
let fieldEnd: usize = 0;

/** The field at `at` as a JSON string; 0 when it holds what has no short form in both. */
function putString(at: usize, to: usize): usize {
  const spaces = i8x16.splat(0x20);
  const quotes = i8x16.splat(quote);
  const backslashes = i8x16.splat(backslash);
  store<u8>(to++, quote);
  for (;;) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    const special = v128.or(
      i8x16.lt_u(bytes, spaces),
      v128.or(i8x16.eq(bytes, quotes), i8x16.eq(bytes, backslashes)),
    );
    const found = i8x16.bitmask(special);
    if (found == 0) {
      at += 16;
      to += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    at += plain;
    to += plain;
    const byte = load<u8>(at);
    if (byte == tab || byte == newline) break;
    if (byte == quote) {
      store<u16>(to, escapedQuote);
      at++;
    } else if (byte == backslash && isSharedEscape(load<u8>(at, 1))) {
      store<u16>(to, load<u16>(at));
      at += 2;
    } else return 0;
    to += 2;
  }
  store<u8>(to++, quote);
  fieldEnd = at;
  return to;
}

/** The field at `at` decoded, as it is JSON already; 0 when it holds an escape COPY TO never writes. */
function putJson(at: usize, to: usize): usize {
  const tabs = i8x16.splat(tab);
  const newlines = i8x16.splat(newline);
  const backslashes = i8x16.splat(backslash);
  for (;;) {
    const bytes = v128.load(at);
    v128.store(to, bytes);
    const special = v128.or(
      i8x16.eq(bytes, backslashes),
      v128.or(i8x16.eq(bytes, tabs), i8x16.eq(bytes, newlines)),
    );
    const found = i8x16.bitmask(special);
    if (found == 0) {
      at += 16;
      to += 16;
      continue;
    }
    const plain = <usize>ctz(found);
    at += plain;
    to += plain;
    if (load<u8>(at) != backslash) break;
    const letter = load<u8>(at, 1);
    if (!isSharedEscape(letter)) return 0;
    store<u8>(to++, decoded(letter));
    at += 2;
  }
  fieldEnd = at;
  return to;
}

/** Whether the byte may follow a backslash in COPY and in JSON alike: b f n r t and the backslash itself. */
function isSharedEscape(byte: u8): bool {
  return (
    byte == 0x62 || byte == lowerF || byte == 0x6e || byte == 0x72 || byte == lowerT || byte == backslash
  );
}

function decoded(letter: u8): u8 {
  if (letter == 0x62) return 8;
  if (letter == lowerT) return tab;
  if (letter == 0x6e) return newline;
  if (letter == lowerF) return 12;
  return letter == 0x72 ? 13 : backslash;
}

/** Where the number at `at` ends, 0 when the field is none as JSON writes numbers (RFC 8259, 6). */
function findNumberEnd(at: usize): usize {
  const whole = load<u8>(at) == minus ? at + 1 : at;
  at = digitsEnd(whole);
  if (at == whole || (load<u8>(whole) == zero && at > whole + 1)) return 0;
  if (load<u8>(at) == point) {
    const fraction = at + 1;
    at = digitsEnd(fraction);
    if (at == fraction) return 0;
  }
  // 0x20 makes a small letter of a capital one.
  if ((load<u8>(at) | 0x20) == lowerE) {
    const sign = load<u8>(at, 1);
    const exponent = sign == minus || sign == plus ? at + 2 : at + 1;
    at = digitsEnd(exponent);
    if (at == exponent) return 0;
  }
  return isEnd(at) ? at : 0;
}

function digitsEnd(at: usize): usize {
  while (load<u8>(at) >= zero && load<u8>(at) <= nine) at++;
  return at;
}

function isEnd(at: usize): bool {
  const byte = load<u8>(at);
  return byte == tab || byte == newline;
}

/** Writes up to 15 bytes more than `length`: what comes next is written over them. */
function copy(from: usize, length: usize, to: usize): void {
  for (let done: usize = 0; done < length; done += 16) v128.store(to + done, v128.load(from + done));
}

/** The first newline, or `end` or a place behind it. */
function findNewline(at: usize, end: usize): usize {
  const newlines = i8x16.splat(newline);
  for (; at < end; at += 16) {
    const found = i8x16.bitmask(i8x16.eq(v128.load(at), newlines));
    if (found != 0) return at + ctz(found);
  }
  return end;
}
