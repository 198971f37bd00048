// Owns getting a batch's raw lines into a table. Reads no value and changes none.
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
  await copyIn(client, table, prefixed(batch, rows, prefixOf));
}

/**
 * Copies lines into `table` (a name, with columns where not all are meant); the number of rows it kept. One write for
 * all of them: a batch is a few megabytes at most, and chunks would cost a copy each.
 */
export async function copyIn(client: Client, table: string, lines: Buffer): Promise<number> {
  const copy = client.query(from(`COPY ${table} FROM STDIN`));
  // `finished` hears the first error; one that follows, when the connection goes too, must not end the process.
  copy.on('error', () => undefined);
  const done = finished(copy);
  copy.end(lines);
  await done;
  return copy.rowCount;
}

function prefixed(batch: OutgoingBatch, rows: readonly number[], prefixOf: (row: number) => string): Buffer {
  const prefixBytes = prefixOf(batch.operations.length).length;
  const lines = Buffer.allocUnsafe(batch.data.length + rows.length * prefixBytes);
  let length = 0;
  for (const row of rows) {
    const prefix = prefixOf(row);
    // Ten characters at most: a call into the runtime for each costs more than the writing.
    for (let at = 0; at < prefix.length; at += 1) lines[length++] = prefix.charCodeAt(at);
    length += batch.data.copy(lines, length, batch.starts[row] ?? 0, batch.starts[row + 1] ?? 0);
  }
  return lines.subarray(0, length);
}

/** 0 … rows - 1. */
export function allRows(batch: OutgoingBatch): number[] {
  return Array.from(batch.operations.keys());
}
