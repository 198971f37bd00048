// Owns a row key as people write it and as it is stored: one text for all its columns, and the hash rows are found by.
import { encodeField } from './copy-line';
import type { KeyMatch } from './sync';
import { xxh64 } from './xxh64';

// Between the columns of a row key, in row ids.
const separator = ',';

/** Digits of pi: two seeds that nobody chose, so that the two halves of a key hash are independent. */
export const keySeeds = [0x243f6a8885a308d3n, 0x13198a2e03707344n] as const;

/** A row key as people read it: its columns joined with a comma; null when one of them is null. */
export function rowIdFrom(values: readonly (string | null)[]): string | null {
  return values.includes(null) ? null : values.join(separator);
}

/** How many readings of one row id are followed. Keys of two columns with a comma or two in them have as many or fewer. */
export const mostReadings = 16;

/**
 * The keys of `columns` columns that are written as `rowId`, each as its columns stand in a line of COPY. One, or none, or
 * several where values hold commas; null when they are more than `mostReadings`.
 */
export function keyLines(rowId: string, columns: number): string[] | null {
  const pieces = rowId.split(separator);
  if (waysToCut(pieces.length - 1, columns - 1) > mostReadings) return null;
  return cut(pieces, columns).map((values) => values.map(encodeField).join('\t'));
}

// Of the places between pieces, as many are chosen as there are columns after the first.
function waysToCut(places: number, cuts: number): number {
  let ways = 1;
  for (let cut = 1; cut <= cuts; cut += 1) ways = (ways * (places - cut + 1)) / cut;
  return Math.max(0, ways);
}

function cut(pieces: readonly string[], columns: number): string[][] {
  if (columns === 1) return [[pieces.join(separator)]];
  const found: string[][] = [];
  for (let first = 1; first <= pieces.length - columns + 1; first += 1) {
    const value = pieces.slice(0, first).join(separator);
    for (const rest of cut(pieces.slice(first), columns - 1)) found.push([value, ...rest]);
  }
  return found;
}

/** The 16 bytes that stand for a key in snapshot, journal and ledger, from its columns in COPY's text form. */
export function rowKeyHash(line: string, match: KeyMatch): Uint8Array {
  const bytes = new TextEncoder().encode(match === 'lower' ? line.toLowerCase() : line);
  const hash = new DataView(new ArrayBuffer(16));
  keySeeds.forEach((seed, half) => hash.setBigUint64(8 * half, xxh64(bytes, seed), true));
  return new Uint8Array(hash.buffer);
}
