// Owns what the rows of one target look like as JSON: their field names, forms and ends. Encodes nothing.
import type { JsonForm } from '../../../source';

/** One field of the body's rows. */
export interface EncodedColumn {
  readonly field: string;
  readonly json: JsonForm;
}

/** The fields of a row in order. */
export interface RowShape {
  /** A field's name as it stands in the row: brace or comma before it, quotes around it, a colon after it. */
  readonly names: readonly Buffer[];
  readonly forms: readonly JsonForm[];
  /** The ends a row can have: further fields, its brace and a comma. */
  readonly endings: readonly Buffer[];
}

/** Lines to encode: row i is data[starts[i] .. starts[i + 1]) and has the ending endings[i]; without them all have the first. */
export interface RawLines {
  readonly data: Buffer;
  readonly starts: Uint32Array;
  readonly endings: Uint8Array | null;
}

/** Encoded rows one after the other, each with its ending; `ends[i]` is where the i-th of them ends. */
export interface EncodedLines {
  readonly rows: number;
  readonly bytes: Uint8Array;
  readonly ends: Uint32Array;
}

/** The end of a row without further fields. */
const plainEnd = Buffer.from('},');

/** The shape of rows with these columns; `ends` are those a row can have, where there is more than one. */
export function rowShape(
  columns: readonly EncodedColumn[],
  endings: readonly Buffer[] = [plainEnd],
): RowShape {
  return {
    names: columns.map(({ field }, at) => Buffer.from(`${at === 0 ? '{' : ','}${JSON.stringify(field)}:`)),
    forms: columns.map(({ json }) => json),
    endings,
  };
}

/** The end of a row with one more text field. */
export function endingWith(field: string, text: string): Buffer {
  return Buffer.from(`,${JSON.stringify(field)}:${JSON.stringify(text)}},`);
}
