// Owns getting a batch's raw lines into a temp table. Reads no value and changes none.
import { finished } from 'node:stream/promises';
import type { Client } from 'pg';
import { from } from 'pg-copy-streams';
import type { OutgoingBatch } from '../../destination';

/** Copies the rows with these indexes into `table`, each line behind its prefix (`<ordinal>\t` or more). */
export async function stageRows(
  client: Client,
  table: string,
  batch: OutgoingBatch,
  rows: readonly number[],
  prefixOf: (row: number) => string,
): Promise<void> {
  const copy = client.query(from(`COPY ${table} FROM STDIN`));
  // `finished` hears the first error; one that follows, when the connection goes too, must not end the process.
  copy.on('error', () => undefined);
  const done = finished(copy);
  copy.end(prefixed(batch, rows, prefixOf));
  await done;
}

/** One write for the whole batch: a batch is a few megabytes at most, and chunks would cost a copy each. */
function prefixed(batch: OutgoingBatch, rows: readonly number[], prefixOf: (row: number) => string): Buffer {
  const prefixBytes = prefixOf(batch.operations.length).length;
  const lines = Buffer.allocUnsafe(batch.data.length + rows.length * prefixBytes);
  let length = 0;
  for (const row of rows) {
    length += lines.write(prefixOf(row), length, 'latin1');
    length += batch.data.copy(lines, length, batch.starts[row] ?? 0, batch.starts[row + 1] ?? 0);
  }
  return lines.subarray(0, length);
}

/** 0 … rows - 1. */
export function allRows(batch: OutgoingBatch): number[] {
  return Array.from(batch.operations.keys());
}
