// Owns the data directory: its mark, its secrets, its remembered ports, its log files. Does not own what servers keep
// in their own folders, and does not lock it.
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { isPortFree, nextFreePort } from './free-port';
import { LaunchError } from './launch-error';
import { reachableClusterFolder } from './postgres/postgres-install';

/** The version of the directory's layout; a newer program may raise it, an older one must not touch it then. */
const layout = 1;
const markFile = 'signalsmith.json';
// A log this long is set aside at the next start, so that the directory does not grow for ever.
const longLogBytes = 10 * 1024 * 1024;

const mark = z.object({ layout: z.number().int() });
const ports = z.record(z.string(), z.number().int());

/** A data directory of ours that may be written to. */
export interface DataDir {
  path: string;
  /** The PostgreSQL data directory: inside, unless the unprivileged user could not reach it there. */
  clusterFolder: string;
  /** A folder inside, made when missing. */
  folder(name: string): string;
  logFile(name: string): string;
  /** A secret kept with mode 0600; made the first time. */
  secret(name: string, encoding: 'base64' | 'base64url'): string;
  /** The port used last time, else the next free one; kept, because stored configuration may point at it. */
  rememberedPort(name: string, first: number, onMoved: (from: number, to: number) => void): Promise<number>;
}

/** Opens or makes the data directory. Throws LaunchError when it is not ours, too new, or closed to us. */
export function openDataDir(path: string): DataDir {
  try {
    // Others may pass (PostgreSQL runs as another user when root starts it) but not look around.
    mkdirSync(path, { recursive: true, mode: 0o711 });
    if (!isDataDir(path)) {
      if (readdirSync(path).length > 0) {
        throw new LaunchError(
          `${path} is not empty and is not a data directory of SignalSmith. Choose another DATA_DIR.`,
        );
      }
      writeFileSync(join(path, markFile), `${JSON.stringify({ layout })}\n`);
    }
    mkdirSync(join(path, 'logs'), { recursive: true });
  } catch (error) {
    throw asLaunchError(path, error);
  }
  return {
    path,
    clusterFolder: reachableClusterFolder(join(path, 'postgres')),
    folder: (name) => madeFolder(join(path, name)),
    logFile: (name) => freshLog(join(path, 'logs', `${name}.log`)),
    secret: (name, encoding) => readOrMakeSecret(join(path, name), encoding),
    rememberedPort: (name, first, onMoved) => rememberPort(join(path, 'ports.json'), name, first, onMoved),
  };
}

/** True when the directory carries our mark. Throws LaunchError when a newer version made it. */
export function isDataDir(path: string): boolean {
  const file = join(path, markFile);
  if (!existsSync(file)) return false;
  const found = mark.safeParse(parseOrNull(readFileSync(file, 'utf8')));
  if (!found.success)
    throw new LaunchError(
      `${file} is damaged. Restore it ({"layout":${layout}}), or choose another DATA_DIR.`,
    );
  if (found.data.layout !== layout) {
    throw new LaunchError(
      `${path} was made by another version of SignalSmith (layout ${found.data.layout}, this is ${layout}). Nothing was changed. ` +
        'Use that version, or choose another DATA_DIR.',
    );
  }
  return true;
}

/** Deletes the directory and what root keeps elsewhere for it. */
export function deleteDataDir(path: string): void {
  const clusterFolder = reachableClusterFolder(join(path, 'postgres'));
  rmSync(path, { recursive: true, force: true });
  // Never the folder above the data: /var/lib holds other people's.
  if (!clusterFolder.startsWith(path)) rmSync(dirname(clusterFolder), { recursive: true, force: true });
}

function asLaunchError(path: string, error: unknown): Error {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return new LaunchError(
      `The data directory ${path} is closed to this user (${code}). Change its owner, or choose another DATA_DIR.`,
    );
  }
  if (code === 'ENOTDIR' || code === 'EEXIST') return new LaunchError(`DATA_DIR ${path} is not a directory.`);
  if (code === 'ENOSPC') return new LaunchError(`There is no space left for the data directory ${path}.`);
  return error as Error;
}

function madeFolder(path: string): string {
  mkdirSync(path, { recursive: true });
  return path;
}

function freshLog(file: string): string {
  if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) > longLogBytes) renameSync(file, `${file}.old`);
  return file;
}

function readOrMakeSecret(file: string, encoding: 'base64' | 'base64url'): string {
  if (!existsSync(file)) {
    writeAtomically(file, `${randomBytes(32).toString(encoding)}\n`, 0o600);
  }
  try {
    const secret = readFileSync(file, 'utf8').trim();
    if (Buffer.from(secret, encoding).length < 32)
      throw new LaunchError(`${file} is damaged. Restore it from a backup.`);
    return secret;
  } catch (error) {
    throw asLaunchError(dirname(file), error);
  }
}

async function rememberPort(
  file: string,
  name: string,
  first: number,
  onMoved: (from: number, to: number) => void,
): Promise<number> {
  const known = ports.safeParse(existsSync(file) ? parseOrNull(readFileSync(file, 'utf8')) : {}).data ?? {};
  const last = known[name];
  if (last !== undefined && (await isPortFree(last, '127.0.0.1'))) return last;
  const port = await nextFreePort(first, '127.0.0.1', Object.values(known));
  writeAtomically(file, `${JSON.stringify({ ...known, [name]: port })}\n`, 0o644);
  if (last !== undefined) onMoved(last, port);
  return port;
}

function writeAtomically(file: string, text: string, mode: number): void {
  const partial = `${file}.${process.pid}`;
  writeFileSync(partial, text, { mode });
  chmodSync(partial, mode);
  renameSync(partial, file);
}

function parseOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
