// Owns the lock that keeps two launchers off one data directory, also after one was killed. Locks nothing else.
import { linkSync, readFileSync, renameSync, unlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isAlive, startMarkOf } from './processes/own-process';

/** Who holds the lock. */
export interface LockHolder {
  pid: number;
  /** Address of its API; null while it is still starting. */
  apiUrl: string | null;
}

/** The lock, held by us. */
export interface LauncherLock {
  /** Lets others know where the API is. */
  announce(apiUrl: string): void;
  release(): void;
}

interface LockContent extends LockHolder {
  startMark: string;
}

/** Takes the lock, or tells who has it. A lock whose process is gone is taken over. */
export function takeLauncherLock(dataDir: string): LauncherLock | LockHolder {
  const file = lockFile(dataDir);
  const own: LockContent = { pid: process.pid, startMark: startMarkOf(process.pid), apiUrl: null };
  const partial = `${file}.${process.pid}`;
  // Written aside and linked: the lock never exists without its content, and link fails when it exists.
  writeFileSync(partial, JSON.stringify(own));
  try {
    // Twice: once more after a stale lock was set aside.
    for (let attempt = 0; attempt < 2; attempt += 1) {
      if (linked(partial, file)) return heldLock(file, own);
      const holder = lockHolder(dataDir);
      if (holder !== null) return holder;
      setAsideStale(file);
    }
  } finally {
    unlinkSync(partial);
  }
  return lockHolder(dataDir) ?? { pid: 0, apiUrl: null };
}

/** The launcher that runs on the data directory, or null. */
export function lockHolder(dataDir: string): LockHolder | null {
  const found = readLock(lockFile(dataDir));
  if (found === null || !isAlive(found.pid) || startMarkOf(found.pid) !== found.startMark) return null;
  return { pid: found.pid, apiUrl: found.apiUrl };
}

function lockFile(dataDir: string): string {
  return join(dataDir, 'launcher.lock');
}

function heldLock(file: string, own: LockContent): LauncherLock {
  return {
    announce(apiUrl) {
      const partial = `${file}.${process.pid}`;
      writeFileSync(partial, JSON.stringify({ ...own, apiUrl }));
      renameSync(partial, file);
    },
    release() {
      if (readLock(file)?.pid === process.pid) unlinkSync(file);
    },
  };
}

function linked(from: string, to: string): boolean {
  try {
    linkSync(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** Moves the dead lock away. Should a faster starter have put a live one there meanwhile, it goes back. */
function setAsideStale(file: string): void {
  const aside = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, aside);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  const moved = readLock(aside);
  if (moved !== null && isAlive(moved.pid) && startMarkOf(moved.pid) === moved.startMark) linked(aside, file);
  unlinkSync(aside);
}

function readLock(file: string): LockContent | null {
  try {
    const found: unknown = JSON.parse(readFileSync(file, 'utf8'));
    // A damaged lock cannot be anyone's: ours are complete from the first moment.
    return isContent(found) ? found : null;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

// By hand: the command line asks for the lock at every call, and loading zod for it is a third of its start.
function isContent(value: unknown): value is LockContent {
  const { pid, startMark, apiUrl } = (value ?? {}) as Record<keyof LockContent, unknown>;
  return (
    Number.isSafeInteger(pid) &&
    typeof startMark === 'string' &&
    (apiUrl === null || typeof apiUrl === 'string')
  );
}
