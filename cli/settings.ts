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

/** `dataDir`: the data directory of `npm start`, which need not be there. Throws UsageError when something is missing. */
export function readSettings(flags: SettingsFlags, env: NodeJS.ProcessEnv, dataDir: string): ClientSettings {
  const local = launchedUrl(dataDir);
  const url = originOf(flags.url ?? given(env, 'SIGNALSMITH_URL') ?? local ?? defaultUrl);
  const token = flags.token ?? given(env, 'SIGNALSMITH_TOKEN') ?? localToken(dataDir, url, local);
  if (!token) {
    throw new UsageError(
      'There is no token: set SIGNALSMITH_TOKEN, or give --token. The Ready block of npm start shows one.',
    );
  }
  if (!/^[\x21-\x7e]+$/.test(token)) throw new UsageError('The token holds characters that no token has.');
  return { url, token };
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

/** The address the launcher has written into its lock; null when none runs. */
function launchedUrl(dataDir: string): string | null {
  try {
    const { apiUrl } = JSON.parse(textOf(join(dataDir, 'launcher.lock')) ?? '{}') as { apiUrl?: unknown };
    return typeof apiUrl === 'string' && URL.canParse(apiUrl) ? originOf(apiUrl) : null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

// The token of this machine's own API is not for others: it goes nowhere but there.
function localToken(dataDir: string, url: string, local: string | null): string | undefined {
  if (url !== (local ?? defaultUrl)) return undefined;
  return textOf(join(dataDir, 'api-token'))?.trim();
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'EACCES' || code === 'ENOTDIR') return null;
    throw error;
  }
}
