// Owns one COPY … TO STDOUT as a stream of bytes, with its end and its row count. Does not watch over it.
import type { Client } from 'pg';
import { type CopyToStreamQuery, to } from 'pg-copy-streams';

/** Buffered ahead of the reader: enough to keep the socket busy while a chunk is worked on. */
const bufferBytes = 256 * 1024;

/** A COPY under way. */
export interface CopiedRows {
  readonly stream: CopyToStreamQuery;
  /** Resolves when the server has said that all went well: the stream's own end comes before that. */
  readonly finished: Promise<void>;
  /** CommandComplete's count, known once `finished`. */
  rowCount(): number;
}

/** Starts the COPY at once. A reader that pauses pauses the socket, and with it the server. */
export function copyRows(client: Client, sql: string): CopiedRows {
  const stream = to(sql, { highWaterMark: bufferBytes });
  const finished = new Promise<void>((resolve, reject) => {
    Object.assign(stream, { handleReadyForQuery: resolve });
    stream.on('error', (error) => {
      reject(error);
      // pg-copy-streams emits the error without ending the stream: a reader that comes later would wait for ever.
      stream.destroy(error);
    });
  });
  // Whoever reads the stream meets the error there; `finished` is awaited only after a good end.
  finished.catch(() => undefined);
  client.query(stream);
  return { stream, finished, rowCount: () => stream.rowCount };
}
