// Owns the body of a call as bytes: rows encoded once, cut into the pieces that are asked for. Knows nothing of calls.
import { encodeLines } from './encode-lines';
import { createJsonKernel, type JsonKernel } from './json-kernel';
import type { RawLines, RowShape } from './row-shape';

/** What stands before the first row and after the last one. */
export interface Envelope {
  readonly prefix: Buffer;
  readonly suffix: Buffer;
}

/** Rows as JSON objects, joined by commas, within an envelope. */
export interface EncodedRows {
  /** The rows [from, to) in their envelope, at least one of them. */
  body(from: number, to: number): Buffer;
}

const sharedKernel = createJsonKernel();

// Rows encoded in TypeScript once the kernel has left one: rare rows rarely come alone, and each call of the kernel copies
// what is left of the batch, up to 256 KiB.
const leftRows = 16;

/** Encodes every line once: in the kernel, and in TypeScript what it leaves. Throws on a line that does not fit the shape. */
export function encodeRows(
  lines: RawLines,
  shape: RowShape,
  { prefix, suffix }: Envelope,
  kernel: JsonKernel | null = sharedKernel,
): EncodedRows {
  const rows = lines.starts.length - 1;
  const parts: Uint8Array[] = [prefix];
  // Row i is whole[begins[i] .. begins[i + 1] - 1): a comma stands between.
  const begins = new Float64Array(rows + 1);
  let end = prefix.length;
  begins[0] = end;
  for (let row = 0; row < rows;) {
    const fast = kernel?.encode(lines, row, rows, shape);
    const encoded =
      fast && fast.rows > 0
        ? fast
        : encodeLines(lines, row, kernel ? Math.min(row + leftRows, rows) : rows, shape);
    for (let i = 0; i < encoded.rows; i++) begins[row + i + 1] = end + (encoded.ends[i] as number);
    end += encoded.bytes.length;
    row += encoded.rows;
    // The last comma gives way to the suffix. What is not the last part is copied: the kernel writes over it.
    if (row === rows) parts.push(encoded.bytes.subarray(0, -1), suffix);
    else parts.push(encoded === fast ? encoded.bytes.slice() : encoded.bytes);
  }
  const whole = Buffer.concat(rows === 0 ? [prefix, suffix] : parts);
  return {
    body(from, to) {
      if (from === 0 && to === rows) return whole;
      return Buffer.concat([prefix, whole.subarray(begins[from], (begins[to] as number) - 1), suffix]);
    },
  };
}
