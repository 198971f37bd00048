// Finds a `temporal` binary, or gets one into the per-user cache. Does not run the server.
import {
  accessSync,
  constants,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { buildTemporal } from './build-temporal';
import { downloadTemporal } from './download-temporal';
import { LaunchError } from '../launch-error';
import type { Say } from '../progress';
import { temporalCliVersion, usableServerVersion } from './temporal-version';

export interface TemporalBinary {
  path: string;
  /** Such as "1.29.1"; part of the database's file name, since a schema is only made with a new file. */
  serverVersion: string;
  origin: 'found on PATH' | 'cached' | 'downloaded' | 'built';
}

/** PATH, then the cache, then a download, then a build with Go. Throws LaunchError that says what to install. */
export async function ensureTemporalBinary(
  say: Say,
  env: NodeJS.ProcessEnv = process.env,
): Promise<TemporalBinary> {
  const onPath = findOnPath(env);
  if (onPath !== null) return onPath;

  const folder = join(cacheFolder(env), `temporal-v${temporalCliVersion}`);
  const cached = join(folder, 'temporal');
  const cachedVersion = isExecutable(cached) ? usableServerVersion(cached) : null;
  if (cachedVersion !== null) return { path: cached, serverVersion: cachedVersion, origin: 'cached' };

  mkdirSync(folder, { recursive: true });
  removeAbandoned(folder);
  const reasons: string[] = [];
  for (const { origin, obtain } of [
    { origin: 'downloaded', obtain: downloadTemporal },
    { origin: 'built', obtain: buildTemporal },
  ] as const) {
    // A folder of its own, then a rename: nobody ever sees half a binary, and two at once do not disturb each other.
    const partial = mkdtempSync(join(folder, 'partial-'));
    const removePartial = () => rmSync(partial, { recursive: true, force: true });
    // Also when Ctrl-C ends the launcher in the middle.
    process.once('exit', removePartial);
    try {
      const obtained = await obtain(partial, say, env);
      const serverVersion = usableServerVersion(obtained);
      if (serverVersion === null) throw new LaunchError('the binary does not run on this machine');
      renameSync(obtained, cached);
      return { path: cached, serverVersion, origin };
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error;
      reasons.push(error.message);
    } finally {
      removePartial();
      process.off('exit', removePartial);
    }
  }
  throw new LaunchError(
    `There is no Temporal on this machine and no way to get it:\n  ${reasons.join('\n  ')}\n` +
      'Install the Temporal CLI (https://docs.temporal.io/cli, for example `brew install temporal`) so that `temporal` is on PATH,\n' +
      'or Go 1.21 or newer (https://go.dev/dl), or set TEMPORAL_ADDRESS to a Temporal service. Then start again.',
  );
}

/** $XDG_CACHE_HOME/signalsmith, by default ~/.cache/signalsmith. */
function cacheFolder(env: NodeJS.ProcessEnv = process.env): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'signalsmith');
}

function findOnPath(env: NodeJS.ProcessEnv): TemporalBinary | null {
  for (const folder of (env['PATH'] ?? '').split(delimiter).filter((entry) => entry !== '')) {
    const path = join(folder, 'temporal');
    const serverVersion = isExecutable(path) ? usableServerVersion(path) : null;
    if (serverVersion !== null) return { path, serverVersion, origin: 'found on PATH' };
  }
  return null;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch (error) {
    if (['ENOENT', 'EACCES', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return false;
    throw error;
  }
}

/** Partial folders of killed starts hold up to 250 MB each. */
function removeAbandoned(folder: string): void {
  // No download or build takes an hour; a younger one may be at work next door.
  const oldestMs = Date.now() - 3_600_000;
  for (const name of readdirSync(folder).filter((entry) => entry.startsWith('partial-'))) {
    const path = join(folder, name);
    if (statSync(path).mtimeMs < oldestMs) rmSync(path, { recursive: true, force: true });
  }
}
