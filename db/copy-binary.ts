// Owns reading rows as bytes, by COPY in binary form: the driver has bytea sent as hex text and parses it, twice the bytes.
import type { Knex } from 'knex';
import type { Connection, Submittable } from 'pg';

/** A row's values as PostgreSQL sends them in binary form: bytea as it is, integers big endian; null is null. */
export type BinaryRow = readonly (Buffer | null)[];

// Signature and flags; then the length of an extension that no server has sent so far.
const signatureBytes = 15;
const endOfRows = -1;

/** The rows of a query without parameters, all of them in memory at once; its values share one block. */
export async function copyBinary(knex: Knex, sql: string): Promise<BinaryRow[]> {
  const pool = knex.client as ConnectionPool;
  const connection = await pool.acquireConnection();
  try {
    const copied = await new Promise<Buffer>((resolve, reject) => {
      // With the callback beside it, so that whoever watches over the connection's queries hears of its end.
      connection.query(new CopyOut(`COPY (${sql}) TO STDOUT (FORMAT binary)`), (error, bytes) =>
        error ? reject(error) : resolve(bytes),
      );
    });
    return rowsOf(copied);
  } finally {
    await pool.releaseConnection(connection);
  }
}

/** What Knex has beside its typed surface: a transaction's client gives the transaction's own connection. */
interface ConnectionPool {
  acquireConnection(): Promise<{ query(copy: CopyOut, callback: CopyCallback): void }>;
  releaseConnection(connection: unknown): Promise<void>;
}

type CopyCallback = (error: Error | null, bytes: Buffer) => void;

/** A COPY … TO STDOUT as the driver runs queries of others' making. */
class CopyOut implements Submittable {
  /** Set by the driver, unless it stands there before. */
  declare callback: CopyCallback;
  private readonly chunks: Buffer[] = [];

  constructor(private readonly sql: string) {}

  submit(connection: Connection): void {
    connection.query(this.sql);
  }

  handleCopyData({ chunk }: { chunk: Buffer }): void {
    // The driver reads the next message into the same memory.
    this.chunks.push(Buffer.from(chunk));
  }

  handleError(error: Error): void {
    this.callback(error, Buffer.alloc(0));
  }

  handleCommandComplete(): void {}

  handleReadyForQuery(): void {
    this.callback(null, Buffer.concat(this.chunks));
  }
}

/** https://www.postgresql.org/docs/current/sql-copy.html, “Binary Format”. */
function rowsOf(copied: Buffer): BinaryRow[] {
  const rows: BinaryRow[] = [];
  let at = signatureBytes + 4 + copied.readInt32BE(signatureBytes);
  for (;;) {
    const fields = copied.readInt16BE(at);
    at += 2;
    if (fields === endOfRows) return rows;
    rows.push(
      Array.from({ length: fields }, () => {
        const bytes = copied.readInt32BE(at);
        at += 4;
        if (bytes < 0) return null;
        at += bytes;
        return copied.subarray(at - bytes, at);
      }),
    );
  }
}
