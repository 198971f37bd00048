// Owns where the API is and with which token it is asked: flags, then the environment, then what `npm start` left behind.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ClientSettings } from './api/client';
import { UsageError } from './api/errors';

export interface SettingsFlags {
  readonly url?: string | undefined;
  readonly token?: string | undefined;
}

const defaultUrl = 'http://127.0.0.1:8080';

/** The launcher that runs. */
export interface RunningLauncher {
  /** Null while it is still starting. */
  readonly apiUrl: string | null;
}

/** Finds the launcher that runs on a data directory; null when none does. The launcher itself knows how to ask. */
export type LauncherOn = (dataDir: string) => RunningLauncher | null;

/** `dataDir`: the data directory of `npm start`, which need not be there. Throws UsageError when something is missing. */
export function readSettings(
  flags: SettingsFlags,
  env: NodeJS.ProcessEnv,
  dataDir: string,
  launcherOn: LauncherOn,
): ClientSettings {
  // Whatever else answers at an address the launcher once had must not be sent its token.
  const holder = nullWhenUnreadable(() => launcherOn(dataDir));
  const local = holder?.apiUrl == null ? null : originOf(holder.apiUrl);
  const url = originOf(flags.url ?? given(env, 'SIGNALSMITH_URL') ?? local ?? defaultUrl);
  const token = flags.token ?? given(env, 'SIGNALSMITH_TOKEN') ?? localToken(dataDir, url, local);
  if (!token) throw new UsageError(`There is no token: ${wayToToken(holder)}`);
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('The token holds characters that no token has.');
  return { url, token };
}

function wayToToken(holder: RunningLauncher | null): string {
  const own = 'set SIGNALSMITH_TOKEN, or give --token.';
  if (holder === null)
    return `npm start has one while it runs, and it does not run here. Start it, or ${own}`;
  if (holder.apiUrl === null)
    return `npm start has one once it is ready, and it is still starting. Wait, or ${own}`;
  return `${own} The Ready block of npm start shows one.`;
}

function given(env: NodeJS.ProcessEnv, name: string): string | undefined {
  const value = env[name]?.trim();
  return value === '' ? undefined : value;
}

function originOf(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol))
    throw new UsageError(`"${text}" is not an address like ${defaultUrl}.`);
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

// The token of this machine's own API is not for others: it goes nowhere but there.
function localToken(dataDir: string, url: string, local: string | null): string | undefined {
  if (url !== local) return undefined;
  return nullWhenUnreadable(() => readFileSync(join(dataDir, 'api-token'), 'utf8').trim()) ?? undefined;
}

function nullWhenUnreadable<Value>(read: () => Value): Value | null {
  try {
    return read();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return null;
    throw error;
  }
}
