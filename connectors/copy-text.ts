// Owns reading PostgreSQL's COPY text form: where a line's fields are, and one field from its bytes. Knows no types; how a
// line is written stands in domain/copy-line.

const tab = 0x09;
const newline = 0x0a;
const backslash = 0x5c;

// What COPY writes after a backslash for a byte that would break a line or a field.
const unescaped: Readonly<Record<string, number>> = { b: 8, t: 9, n: 10, v: 11, f: 12, r: 13 };

/**
 * Field i of the line data[start .. end) is data[offsets[i] .. offsets[i + 1] - 1): offsets are where fields begin,
 * the last one stands past the line's newline (or past where it would be).
 */
export function fieldOffsets(data: Buffer, start: number, end: number): number[] {
  const stop = end > start && data[end - 1] === newline ? end - 1 : end;
  const offsets = [start];
  // A tab inside a value is written as a backslash and a `t`, so every tab byte separates fields. A loop and not
  // indexOf, which would search on past the line: quadratic in a buffer without tabs.
  for (let at = start; at < stop; at += 1) {
    if (data[at] === tab) offsets.push(at + 1);
  }
  offsets.push(stop + 1);
  return offsets;
}

/** The value in data[start .. end) as text; null for `\N`. */
export function decodeField(data: Buffer, start: number, end: number): string | null {
  if (end - start === 2 && data[start] === backslash && data[start + 1] === 0x4e) return null;
  for (let at = start; at < end; at += 1) {
    if (data[at] === backslash) return decodeEscapes(data.subarray(start, end)).toString('utf8');
  }
  return data.toString('utf8', start, end);
}

/** All fields of the line data[start .. end). */
export function decodeLine(data: Buffer, start: number, end: number): (string | null)[] {
  const offsets = fieldOffsets(data, start, end);
  const fields: (string | null)[] = [];
  for (let field = 0; field + 1 < offsets.length; field += 1) {
    fields.push(decodeField(data, offsets[field] ?? start, (offsets[field + 1] ?? end) - 1));
  }
  return fields;
}

function decodeEscapes(bytes: Buffer): Buffer {
  const plain = Buffer.allocUnsafe(bytes.length);
  let length = 0;
  let at = 0;
  while (at < bytes.length) {
    const byte = bytes[at] ?? 0;
    at += 1;
    if (byte !== backslash || at === bytes.length) {
      length = plain.writeUInt8(byte, length);
      continue;
    }
    // COPY TO never writes octal or hex, but COPY FROM takes them, and other sources may encode so.
    const numeric = /^(?:[0-7]{1,3}|x[0-9a-fA-F]{1,2})/.exec(bytes.toString('latin1', at, at + 3))?.[0];
    if (numeric) {
      const code = numeric.startsWith('x') ? parseInt(numeric.slice(1), 16) : parseInt(numeric, 8);
      length = plain.writeUInt8(code & 0xff, length);
      at += numeric.length;
    } else {
      const next = bytes[at] ?? 0;
      length = plain.writeUInt8(unescaped[String.fromCharCode(next)] ?? next, length);
      at += 1;
    }
  }
  return plain.subarray(0, length);
}
