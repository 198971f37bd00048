// Owns a file of the demo's servers: one line of JSON for each call, appended before the call is answered. Not what a call means.

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';

/** An append-only file of calls. Not for two processes at once. */
export interface LineLog<Entry> {
  /** Returns when the operating system has the line: it then outlives a kill of this process, not a power cut. */
  append(entry: Entry): void;
  /** From now on it has these and no others; a kill leaves the file as it was, or as it is then. */
  replace(entries: readonly Entry[]): void;
  close(): void;
}

/** Opens the file, hands every stored call to `replay` in order, and drops a last line that was cut off by a kill. */
export async function openLineLog<Entry>(
  file: string,
  replay: (entry: Entry) => void,
): Promise<LineLog<Entry>> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  let fd = fs.openSync(file, 'a+');
  dropTornLine(fd);
  for await (const line of readline.createInterface({ input: fs.createReadStream(file, 'utf8') })) {
    replay(JSON.parse(line) as Entry);
  }
  return {
    append: (entry) => write(fd, [entry]),
    replace(entries) {
      const beside = `${file}.new`;
      const next = fs.openSync(beside, 'w');
      write(next, entries);
      fs.renameSync(beside, file);
      fs.closeSync(fd);
      fd = next;
    },
    close() {
      fs.closeSync(fd);
    },
  };
}

function write(fd: number, entries: readonly unknown[]): void {
  const bytes = Buffer.from(entries.map((entry) => `${JSON.stringify(entry)}\n`).join(''), 'utf8');
  // A write may take only part of a large line; the rest has to follow before the call is answered.
  for (let written = 0; written < bytes.length;) written += fs.writeSync(fd, bytes, written);
}

// A call whose line is incomplete was never answered, so forgetting it whole is the truth.
function dropTornLine(fd: number): void {
  const size = fs.fstatSync(fd).size;
  // 64 KiB at a time from the end: a line of 1,000 rows is a few hundred KiB, so a handful of reads.
  const chunk = Buffer.alloc(65_536);
  for (let end = size; end > 0;) {
    const start = Math.max(0, end - chunk.length);
    const length = fs.readSync(fd, chunk, 0, end - start, start);
    const newline = chunk.lastIndexOf(0x0a, length - 1);
    if (newline >= 0) {
      if (start + newline + 1 < size) fs.ftruncateSync(fd, start + newline + 1);
      return;
    }
    end = start;
  }
  fs.ftruncateSync(fd, 0);
}
