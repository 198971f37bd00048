// Makes and checks a PostgreSQL data directory, and clears what a killed server left in it. Does not run the
// server.
import { spawnSync } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  rmSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { LaunchError } from '../launch-error';
import { commandLineOf, isAlive, waitUntilEnded } from '../processes/own-process';
import type { PostgresInstall } from './postgres-install';

export const superuser = 'signalsmith';

/** Makes the data directory when there is none, and throws LaunchError when the one there is not fit to start. */
export async function ensureCluster(
  folder: string,
  install: PostgresInstall,
  password: string | null,
): Promise<'made' | 'found'> {
  // A first start that was killed left its half here.
  rmSync(`${folder}.new`, { recursive: true, force: true });
  const contents = readFolder(folder);
  if (contents.length === 0) {
    initialise(folder, install, password);
    return 'made';
  }
  const version = readVersion(folder, contents);
  const major = install.version.split('.')[0];
  if (version !== major) {
    throw new LaunchError(
      `The data in ${folder} was made by PostgreSQL ${version}, and this is PostgreSQL ${major}. ` +
        'Nothing was changed. Use the version of SignalSmith that made it, or start afresh with another DATA_DIR or `npm run reset`.',
    );
  }
  await clearLeftovers(folder);
  return 'found';
}

function initialise(folder: string, install: PostgresInstall, password: string | null): void {
  const fresh = `${folder}.new`;
  const passwordFile = `${folder}.password`;
  try {
    // What lies above the data has to let the server's user pass.
    mkdirSync(dirname(fresh), { recursive: true, mode: 0o711 });
    mkdirSync(fresh, { mode: 0o700 });
  } catch (error) {
    throw new LaunchError(
      `Cannot make ${folder} (${(error as NodeJS.ErrnoException).code}). Choose another DATA_DIR.`,
    );
  }
  if (password !== null) writeFileSync(passwordFile, password, { mode: 0o600 });
  if (install.runAs !== null) {
    chownSync(fresh, install.runAs.uid, install.runAs.gid);
    if (password !== null) chownSync(passwordFile, install.runAs.uid, install.runAs.gid);
  }
  const access = password === null ? ['--auth=trust'] : ['--auth=scram-sha-256', `--pwfile=${passwordFile}`];
  // The builtin locale sorts alike on every machine, and needs nothing installed.
  const locale = ['--encoding=UTF8', '--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
  const args = ['-D', fresh, '-U', superuser, ...access, ...locale];
  const run = spawnSync(join(install.binFolder, 'initdb'), args, {
    encoding: 'utf8',
    cwd: '/',
    ...install.runAs,
  });
  rmSync(passwordFile, { force: true });
  if (run.status !== 0) {
    rmSync(fresh, { recursive: true, force: true });
    const reason = run.error?.message ?? `${run.stderr}${run.stdout}`.trim().split('\n').slice(-3).join(' ');
    throw new LaunchError(`PostgreSQL could not make its data directory ${folder}: ${reason}`);
  }
  renameSync(fresh, folder);
}

function readFolder(folder: string): string[] {
  try {
    return existsSync(folder) ? readdirSync(folder) : [];
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function readVersion(folder: string, contents: string[]): string {
  if (!contents.includes('PG_VERSION')) {
    throw new LaunchError(
      `${folder} is not empty and is not a PostgreSQL data directory. Move it away, or choose another DATA_DIR.`,
    );
  }
  try {
    return readFileSync(join(folder, 'PG_VERSION'), 'utf8').trim();
  } catch (error) {
    throw unreadable(folder, error);
  }
}

function unreadable(folder: string, error: unknown): LaunchError {
  return new LaunchError(
    `Cannot read ${folder} (${(error as NodeJS.ErrnoException).code}). Start as the user that owns it, or choose another DATA_DIR.`,
  );
}

/**
 * After kill -9 of everything the lock file names a process that is gone, or whose number belongs to a stranger now:
 * PostgreSQL would refuse to start. A server that really still runs on this folder is asked to end first; nobody
 * else can own it, because the caller holds the lock on the data directory.
 */
async function clearLeftovers(folder: string): Promise<void> {
  const lockFile = join(folder, 'postmaster.pid');
  if (!existsSync(lockFile)) return;
  const pid = Number(readFileSync(lockFile, 'utf8').split('\n')[0]);
  if (Number.isInteger(pid) && pid > 1 && isAlive(pid) && commandLineOf(pid).includes(folder)) {
    process.kill(pid, 'SIGINT');
    // A fast stop writes a checkpoint: seconds at most with our max_wal_size.
    if (!(await waitUntilEnded(pid, 30_000))) {
      throw new LaunchError(
        `PostgreSQL (process ${pid}) still runs on ${folder} and does not stop. End it, then start again.`,
      );
    }
  }
  if (existsSync(lockFile)) unlinkSync(lockFile);
}
