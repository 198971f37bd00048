// Owns the demo CRM's file on disk: one line of JSON for each call, appended before the call is answered. Not what a call means.

import fs from 'node:fs';
import path from 'node:path';
import readline from 'node:readline';
import type { Contact, RowResult } from './contact';

/** One call as it happened, with everything it changed. The file of these is all the CRM stores. */
export interface CallEntry {
  /** 1 for the first call ever. */
  readonly n: number;
  readonly at: string;
  readonly operation: 'upsert' | 'delete';
  /** Status the call was answered with; the lists below are empty unless it is 200. */
  readonly http_status: number;
  readonly idempotency_key: string | null;
  readonly body_sha256: string | null;
  /** Number of the earlier call whose answer was given again because the key was the same; else null. */
  readonly replay_of: number | null;
  /** One for each row of the call, in its order. */
  readonly results: readonly RowResult[];
  /** Contacts as they were stored, after the change. */
  readonly stored: readonly Contact[];
}

/** An append-only file of calls. Not for two processes at once. */
export interface CallLog {
  /** Returns when the operating system has the line: it then outlives a kill of this process, not a power cut. */
  append(entry: CallEntry): void;
  clear(): void;
  close(): void;
}

/** Opens the file, hands every stored call to `replay` in order, and drops a last line that was cut off by a kill. */
export async function openCallLog(file: string, replay: (entry: CallEntry) => void): Promise<CallLog> {
  fs.mkdirSync(path.dirname(file), { recursive: true });
  const fd = fs.openSync(file, 'a+');
  dropTornLine(fd);
  for await (const line of readline.createInterface({ input: fs.createReadStream(file, 'utf8') })) {
    replay(JSON.parse(line) as CallEntry);
  }
  return {
    append(entry) {
      const bytes = Buffer.from(`${JSON.stringify(entry)}\n`, 'utf8');
      // A write may take only part of a large line; the rest has to follow before the call is answered.
      for (let written = 0; written < bytes.length;) written += fs.writeSync(fd, bytes, written);
    },
    clear() {
      fs.ftruncateSync(fd, 0);
    },
    close() {
      fs.closeSync(fd);
    },
  };
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
