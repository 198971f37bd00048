// Gives tests a real Chromium without a window: the one of this machine, else one that is installed now. Opens no page.
import { execFile, execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type Browser, chromium } from 'playwright-core';

/** For `beforeAll`: fetching 200 MB of packages, and unpacking them on a loaded machine with two cores. */
export const installLimitMs = 900_000;

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];
const onMac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/** Close it. It resolves no name, so that nothing it loads can come from another machine. */
export async function openChromium(): Promise<Browser> {
  const args = ['--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1'];
  return chromium.launch({ executablePath: await ensureChromium(), args });
}

/** Its path. Throws with what to install when there is none and none can be had. */
async function ensureChromium(): Promise<string> {
  const reasons: string[] = [];
  for (const obtain of [async () => undefined, byApt, byPlaywright]) {
    try {
      await obtain();
    } catch (error) {
      reasons.push((error as Error).message.trim());
    }
    const found = findChromium();
    if (found !== null) return found;
  }
  throw new Error(
    `There is no Chromium on this machine and no way to get it:\n${reasons.join('\n')}\n` +
      'Install Chromium or Chrome so that it is on PATH, and run the tests again.',
  );
}

function findChromium(): string | null {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = folders.flatMap((folder) => names.map((name) => join(folder, name)));
  return [...onPath, onMac, chromium.executablePath()].find(runs) ?? null;
}

// Ubuntu has a script of that name that asks for a snap, and cannot be more than asked.
function runs(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    execFileSync(path, ['--version'], { stdio: 'ignore', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

/** On Debian and what comes of it, for who may. */
async function byApt(): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error('apt-get: only root may install packages');
  process.stderr.write('Installing Chromium for the tests with apt-get\n');
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  // Another one may be at work on this machine: waited for, seconds.
  const waits = ['-o', 'DPkg::Lock::Timeout=300'];
  await run('apt-get', [...waits, 'update'], env);
  await run('apt-get', [...waits, 'install', '--yes', '--no-install-recommends', 'chromium'], env);
}

async function byPlaywright(): Promise<void> {
  process.stderr.write('Downloading Chromium for the tests\n');
  const cli = join(dirname(require.resolve('playwright-core/package.json')), 'cli.js');
  await run(process.execPath, [cli, 'install', '--no-shell', '--no-progress', 'chromium']);
}

async function run(file: string, args: readonly string[], env = process.env): Promise<void> {
  await promisify(execFile)(file, args, { env, timeout: installLimitMs / 2, maxBuffer: 2 ** 26 });
}
