// Owns reading the packed entries of a stored base as the bytes they are. What they mean stands in diff/.
import type { Knex } from 'knex';
import type { Client } from 'pg';
import { to } from 'pg-copy-streams';

/** What is used of knex's pool: a COPY needs a connection of its own while it is read. */
interface Connections {
  acquireConnection(): Promise<Client>;
  releaseConnection(connection: Client): Promise<void>;
}

// The database answers or it does not; entries are looked at faster than they come.
const silenceMs = 60_000;

/**
 * The entries of each chunk of a base, in order, by COPY in binary form: bytea in an answer is text, twice as long, that
 * the server has to write and we to read. A reader that stops early costs the connection.
 */
export async function* baseEntries(knex: Knex, syncId: string, version: number): AsyncGenerator<Buffer> {
  const connections = knex.client as Connections;
  const connection = await connections.acquireConnection();
  const silence = setTimeout(() => void cut(connection), silenceMs);
  let isOver = false;
  try {
    const rows = connection.query(
      to(
        `COPY (SELECT entries FROM snapshot_chunks WHERE sync_id = ${connection.escapeLiteral(syncId)}
           AND version = ${Math.trunc(version)} ORDER BY chunk_no) TO STDOUT (FORMAT binary)`,
        { highWaterMark: 1024 * 1024 },
      ),
    );
    // A reader that has gone hears no error any more; unheard it would end the process.
    rows.on('error', () => undefined);
    yield* fieldsOf(rows, () => silence.refresh());
    isOver = true;
  } finally {
    clearTimeout(silence);
    // What is left of the COPY would be waited for by the connection's next statement, for ever.
    if (!isOver) await cut(connection);
    await connections.releaseConnection(connection);
  }
}

/** Resolves when the connection knows that it is cut, so that the pool does not lend it again. */
function cut(connection: Client): Promise<void> {
  const { stream } = connection.connection;
  if (stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    connection.once('end', resolve);
    stream.destroy();
  });
}

// Signature, flags and the length of an extension nobody has defined yet.
const headerBytes = 19;

/** The one field of each row: PostgreSQL's manual, COPY, "Binary Format". */
async function* fieldsOf(chunks: AsyncIterable<Buffer>, heard: () => void): AsyncGenerator<Buffer> {
  const bytes = new ByteReader(chunks[Symbol.asyncIterator](), heard);
  try {
    await bytes.take(headerBytes);
    while ((await bytes.take(2)).readInt16BE() >= 0) {
      const length = (await bytes.take(4)).readInt32BE();
      yield await bytes.take(length);
    }
    await bytes.expectEnd();
  } finally {
    await bytes.close();
  }
}

class ByteReader {
  private chunk: Buffer = Buffer.alloc(0);
  private at = 0;

  constructor(
    private readonly chunks: AsyncIterator<Buffer>,
    private readonly heard: () => void,
  ) {}

  /** The next `length` bytes, in memory of their own. */
  async take(length: number): Promise<Buffer> {
    const taken = Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length;) {
      if (this.at === this.chunk.length && !(await this.read())) {
        throw new Error('the stored snapshot ended early');
      }
      const copied = this.chunk.copy(taken, filled, this.at);
      filled += copied;
      this.at += copied;
    }
    return taken;
  }

  async expectEnd(): Promise<void> {
    if (this.at < this.chunk.length || (await this.read()))
      throw new Error('bytes follow the stored snapshot');
  }

  async close(): Promise<void> {
    await this.chunks.return?.();
  }

  private async read(): Promise<boolean> {
    const { done, value } = await this.chunks.next();
    if (done) return false;
    this.heard();
    this.chunk = value;
    this.at = 0;
    return true;
  }
}
