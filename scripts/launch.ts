// The launcher: starts everything on this machine in order, prints the Ready block, and ends everything in order.
// scripts/start.js calls it once packages and build are there.
import { join } from 'node:path';
import { type Config, ConfigError, loadConfig } from '../config';
import { type DataDir, openDataDir } from './launcher/data-dir';
import { LaunchError } from './launcher/launch-error';
import { type LauncherLock, takeLauncherLock } from './launcher/launcher-lock';
import { createProgress } from './launcher/progress';
import { readyBlock } from './launcher/ready-block';
import { type RunningParts, createRunningParts } from './launcher/processes/running-parts';
import { startPrograms } from './launcher/start-programs';
import { prepareBundle, startDatabase, startTemporalService, usablePort } from './launcher/start-services';

// One press of Ctrl-C arrives twice within a millisecond (from the terminal and from npm).
const samePressMs = 500;
const parentCheckMs = 1000;

/** Runs until it is stopped; ends the process itself, with 0 after Ctrl-C and 1 after a failure. */
export function launch(): void {
  const startedAt = Date.now();
  const parts = createRunningParts();
  let lock: LauncherLock | undefined;

  const end = createEnd(parts, () => lock?.release());
  try {
    const config = loadConfig(process.env);
    const dataDir = openDataDir(config.dataDir);
    lock = takeLock(config.dataDir);
    listenForEnd(end, parts);
    run(config, dataDir, parts, lock, startedAt, end).catch((error: unknown) => end.failed(error));
  } catch (error) {
    end.failed(error);
  }
}

async function run(
  config: Config,
  dataDir: DataDir,
  parts: RunningParts,
  lock: LauncherLock,
  startedAt: number,
  end: End,
): Promise<void> {
  const progress = createProgress((line) => {
    if (!end.hasBegun()) console.log(line);
  });
  const context = { config, dataDir, progress, parts };
  const secretKey = config.secretKey?.toString('base64') ?? dataDir.secret('secret-key', 'base64');
  const apiToken = config.apiToken ?? dataDir.secret('api-token', 'base64url');

  const onGivenUp = (words: string): void => end.byItself(words);

  // Before anything is started: a port that is taken should not cost the start of two servers.
  const port = await usablePort(context, 'PORT', config.port, config.host);
  const [database, temporal, bundlePath] = await Promise.all([
    startDatabase(context, onGivenUp),
    startTemporalService(context, onGivenUp),
    prepareBundle(context),
  ]);
  const surroundings = { port, database, temporal, bundlePath, apiToken, secretKey };
  const programs = await startPrograms(context, surroundings, onGivenUp);
  if (end.hasBegun()) return;
  lock.announce(programs.apiUrl);
  const elapsedSeconds = (Date.now() - startedAt) / 1000;
  const logsFolder = join(dataDir.path, 'logs');
  console.log(
    readyBlock({ ...programs, temporalUiUrl: temporal.uiUrl, apiToken, logsFolder, elapsedSeconds }),
  );
}

function takeLock(dataDir: string): LauncherLock {
  const lock = takeLauncherLock(dataDir);
  if ('release' in lock) return lock;
  const where = lock.apiUrl === null ? 'still starting' : `API ${lock.apiUrl}`;
  throw new LaunchError(
    `SignalSmith already runs on ${dataDir}: process ${lock.pid}, ${where}. ` +
      'Stop it with Ctrl-C there, or set DATA_DIR to run a second one.',
  );
}

interface End {
  hasBegun(): boolean;
  /** Asked for: everything stops, exit 0. */
  asked(): void;
  /** A program ended that should run: everything stops, exit 1. */
  byItself(words: string): void;
  failed(error: unknown): void;
}

function createEnd(parts: RunningParts, release: () => void): End {
  let begun = false;

  function stop(exitCode: number): void {
    begun = true;
    parts.stopAll().then(
      () => {
        release();
        process.exit(exitCode);
      },
      (error: unknown) => {
        console.error(error);
        parts.killAll();
        process.exit(1);
      },
    );
  }

  return {
    hasBegun: () => begun,
    asked() {
      console.log('\nStopping everything that was started; the data stays.');
      stop(0);
    },
    byItself(words) {
      if (begun) return;
      console.error(`\n${words}, so everything stops. Its log tells why.`);
      stop(1);
    },
    failed(error) {
      // What fails because everything is being stopped is no news.
      if (begun) return;
      const isKnown = error instanceof LaunchError || error instanceof ConfigError;
      console.error(isKnown ? `\n${error.message}` : error);
      stop(1);
    },
  };
}

function listenForEnd(end: End, parts: RunningParts): void {
  let presses = 0;
  let lastPressAt = 0;
  const onSignal = (): void => {
    if (Date.now() - lastPressAt < samePressMs) return;
    lastPressAt = Date.now();
    presses += 1;
    if (!end.hasBegun()) end.asked();
    else if (presses < 3)
      console.log(`Waiting for ${parts.stopping() ?? 'the last process'} to end; press again to force it.`);
    else {
      parts.killAll();
      process.exit(130);
    }
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, onSignal);
  process.on('uncaughtException', (error) => end.failed(error));
  endWithNpm(onSignal);
}

/** npm killed with -9 cannot pass anything on: its disappearance is the signal. */
function endWithNpm(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const parentPid = process.ppid;
  setInterval(() => {
    if (process.ppid !== parentPid) onGone();
  }, parentCheckMs).unref();
}
