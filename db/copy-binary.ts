// Owns reading rows as bytes, by COPY in binary form: the driver has bytea sent as hex text and parses it, twice the bytes.
import type { Knex } from 'knex';
import { type CopyCallback, CopyMessages } from './copy-messages';

/** A row's values as PostgreSQL sends them in binary form: bytea as it is, integers big endian; null is null. */
export type BinaryRow = readonly (Buffer | null)[];

// Signature and flags; then the length of an extension that no server has sent so far.
const signatureBytes = 15;
const endOfRows = -1;

/**
 * The rows of a query without parameters, all of them in memory at once. The values of one row may share memory; no two rows
 * do, so that a row's can be given back by itself.
 */
export async function copyBinary(knex: Knex, sql: string): Promise<BinaryRow[]> {
  const pool = knex.client as ConnectionPool;
  const connection = await pool.acquireConnection();
  const rows = new RowReader();
  try {
    await new Promise<void>((resolve, reject) => {
      const copy = new CopyMessages(`COPY (${sql}) TO STDOUT (FORMAT binary)`, (bytes) => rows.read(bytes));
      // With the callback beside it, so that whoever watches over the connection's queries hears of its end.
      connection.query(copy, (error) => (error ? reject(error) : resolve()));
    });
    return rows.rows;
  } finally {
    await pool.releaseConnection(connection);
  }
}

/** What Knex has beside its typed surface: a transaction's client gives the transaction's own connection. */
interface ConnectionPool {
  acquireConnection(): Promise<{ query(copy: CopyMessages, callback: CopyCallback): void }>;
  releaseConnection(connection: unknown): Promise<void>;
}

/** Reads https://www.postgresql.org/docs/current/sql-copy.html, “Binary Format”, piece by piece, however it is cut. */
class RowReader {
  readonly rows: BinaryRow[] = [];
  private rest: Buffer = Buffer.alloc(0);
  private isPastHeader = false;

  /** Keeps `chunk`: the values of its first row are views of it, those of others copies. */
  read(chunk: Buffer): void {
    // The server sends a row a message, so there is rarely a rest, and rarely a second row.
    const bytes = this.rest.length > 0 ? Buffer.concat([this.rest, chunk]) : chunk;
    let at = this.isPastHeader ? 0 : headerEnd(bytes);
    if (at === null) {
      this.rest = bytes;
      return;
    }
    this.isPastHeader = true;
    let isViewed = false;
    for (let end = rowEnd(bytes, at); end !== null; end = rowEnd(bytes, at)) {
      if (bytes.readInt16BE(at) !== endOfRows) {
        const values = valuesAt(bytes, at);
        this.rows.push(isViewed ? values.map((value) => value && Buffer.from(value)) : values);
        isViewed = true;
      }
      at = end;
    }
    this.rest = bytes.subarray(at);
  }
}

/** Where the first row begins; null when the header is not whole yet. */
function headerEnd(bytes: Buffer): number | null {
  if (bytes.length < signatureBytes + 4) return null;
  const end = signatureBytes + 4 + bytes.readInt32BE(signatureBytes);
  return end <= bytes.length ? end : null;
}

/** Where the row that begins at `at` ends; null when it is not whole yet. */
function rowEnd(bytes: Buffer, at: number): number | null {
  if (at + 2 > bytes.length) return null;
  let end = at + 2;
  for (let left = bytes.readInt16BE(at); left > 0; left -= 1) {
    if (end + 4 > bytes.length) return null;
    end += 4 + Math.max(bytes.readInt32BE(end), 0);
  }
  return end <= bytes.length ? end : null;
}

function valuesAt(bytes: Buffer, row: number): BinaryRow {
  let at = row + 2;
  return Array.from({ length: bytes.readInt16BE(row) }, () => {
    const length = bytes.readInt32BE(at);
    at += 4;
    if (length < 0) return null;
    at += length;
    return bytes.subarray(at - length, at);
  });
}
