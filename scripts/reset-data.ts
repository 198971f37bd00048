// Deletes the data directory: only ours, only when nothing runs on it, only after a yes. Called by scripts/reset.js.
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { ConfigError, loadConfig } from '../config';
import { deleteDataDir, isDataDir } from './launcher/data-dir';
import { LaunchError } from './launcher/launch-error';
import { lockHolder } from './launcher/launcher-lock';

/** Asks (unless --yes) and deletes; ends the process with 1 when it must not. */
export function resetData(args: readonly string[]): void {
  reset(args).catch((error: unknown) => {
    console.error(error instanceof LaunchError || error instanceof ConfigError ? error.message : error);
    process.exitCode = 1;
  });
}

async function reset(args: readonly string[]): Promise<void> {
  const unknown = args.filter((argument) => argument !== '--yes');
  if (unknown.length > 0)
    throw new LaunchError(`Unknown argument ${unknown.join(' ')}; only --yes is understood.`);
  const { dataDir } = loadConfig(process.env);
  if (!existsSync(dataDir)) {
    console.log(`There is no data directory at ${dataDir}; nothing to delete.`);
    return;
  }
  if (!isDataDir(dataDir)) {
    throw new LaunchError(
      `${dataDir} is not a data directory of SignalSmith; it is left alone. Check DATA_DIR.`,
    );
  }
  const holder = lockHolder(dataDir);
  if (holder !== null)
    throw new LaunchError(`SignalSmith runs on ${dataDir} (process ${holder.pid}). Stop it first.`);
  if (!args.includes('--yes') && !(await isConfirmed(dataDir))) {
    console.log('Nothing was deleted.');
    return;
  }
  deleteDataDir(dataDir);
  console.log(`${dataDir} is deleted.`);
}

async function isConfirmed(dataDir: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    throw new LaunchError(
      'There is no terminal to ask at. Add --yes (npm run reset -- --yes) to delete without asking.',
    );
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  try {
    const answer = await terminal.question(`Delete ${dataDir} with all syncs, runs and demo data? [y/N] `);
    return /^y(es)?$/i.test(answer.trim());
  } finally {
    terminal.close();
  }
}
