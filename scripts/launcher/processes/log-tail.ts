// Reads the end of a log file for error messages. Writes none.
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

// Enough for the last words of any server, little enough to read at once.
const tailBytes = 8192;

/** Bytes in the file now; 0 when there is none. */
export function sizeOf(file: string): number {
  return statSync(file, { throwIfNoEntry: false })?.size ?? 0;
}

/** What was written after the first `from` bytes, at most the last 8 kB; empty when there is no file. */
export function tailOf(file: string, from: number): string {
  if (sizeOf(file) === 0) return '';
  const log = openSync(file, 'r');
  try {
    const start = Math.max(from, fstatSync(log).size - tailBytes);
    const buffer = Buffer.alloc(tailBytes);
    return buffer.toString('utf8', 0, readSync(log, buffer, 0, tailBytes, start));
  } finally {
    closeSync(log);
  }
}
