// Copies the working tree as a fresh clone would have it, and runs its scripts as a user would. Knows no assertion.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const root = join(__dirname, '..', '..', '..');
const notInAClone = new Set(['node_modules', 'dist', '.data', '.git', 'coverage']);

/** A copy of the working tree in a temporary folder. */
export interface Clone {
  folder: string;
  /** A data directory that does not exist yet. */
  dataDir: string;
  /** Starts a command of it, with its output gathered. */
  run(command: readonly string[], env?: NodeJS.ProcessEnv, user?: { uid: number; gid: number }): CommandRun;
  /** Processes that any of its commands started and that still live. */
  survivors(): number[];
  /** Kills what is left. */
  endAll(): Promise<void>;
  remove(): Promise<void>;
}

/** A command of a clone while it runs and after. */
export interface CommandRun {
  child: ChildProcess;
  output(): string;
  /** Waits until the output matches. Rejects when the command ends before. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  exitCode: Promise<number | null>;
}

/** Files git knows or would add; without git, everything that is not made. */
export function makeClone(): Clone {
  const parent = mkdtempSync(join(tmpdir(), 'signalsmith-clone-'));
  // The mark in the environment of every process finds those that were left behind.
  const mark = `SIGNALSMITH_TEST_CLONE=${randomBytes(8).toString('hex')}`;
  const folder = join(parent, 'clone');
  mkdirSync(folder);
  execFileSync('chmod', ['755', parent]);
  for (const file of filesOfTheTree()) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    cpSync(join(root, file), join(folder, file));
  }
  const survivors = () => processesWith(mark);
  const endAll = async () => {
    for (const pid of survivors()) kill(pid, 'SIGKILL');
    while (survivors().length > 0) await sleep(50);
  };
  return {
    folder,
    dataDir: join(parent, 'data'),
    run: (command, env = {}, user) => runCommand(folder, command, { ...baseEnv(parent, mark), ...env }, user),
    survivors,
    endAll,
    async remove() {
      await endAll();
      rmSync(parent, { recursive: true, force: true });
    },
  };
}

/** Ends a process that may be gone already. */
export function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function filesOfTheTree(): string[] {
  if (!existsSync(join(root, '.git'))) {
    return readdirSync(root, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
      .filter((file) => !file.split('/').some((part) => notInAClone.has(part)));
  }
  const options = { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 } as const;
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    options,
  );
  return listed.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

function baseEnv(parent: string, mark: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    // Nothing of this run's own npm, jest or configuration may leak into the clone's.
    ([name]) =>
      !/^(npm_|JEST_|NODE_ENV$|INIT_CWD$|SIGNALSMITH_|DATABASE_URL$|TEMPORAL_|API_TOKEN$|SECRET_KEY$)/.test(
        name,
      ),
  );
  const [markName, markValue] = mark.split('=') as [string, string];
  return { ...Object.fromEntries(kept), DATA_DIR: join(parent, 'data'), [markName]: markValue };
}

function runCommand(
  cwd: string,
  [file, ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  user: { uid: number; gid: number } | undefined,
): CommandRun {
  if (file === undefined) throw new Error('a command needs a program');
  const child = spawn(file, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], ...user });
  let output = '';
  let listeners: (() => void)[] = [];
  const heard = (chunk?: Buffer) => {
    output += chunk?.toString() ?? '';
    for (const listener of listeners) listener();
  };
  child.stdout.on('data', heard);
  child.stderr.on('data', heard);
  const exitCode = new Promise<number | null>((resolve) => child.once('close', (code) => resolve(code)));
  void exitCode.then(() => heard());
  return {
    child,
    output: () => output,
    exitCode,
    says: (pattern) =>
      new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output);
          const hasEnded = child.exitCode !== null || child.signalCode !== null;
          if (match === null && !hasEnded) return;
          listeners = listeners.filter((listener) => listener !== look);
          if (match === null) reject(new Error(`ended without saying ${pattern}:\n${output}`));
          else resolve(match);
        };
        listeners.push(look);
        look();
      }),
  };
}

function processesWith(mark: string): number[] {
  if (process.platform !== 'linux') {
    const listing = execFileSync('ps', ['-Aww', '-E', '-o', 'pid=,command='], { encoding: 'utf8' });
    return listing
      .split('\n')
      .filter((line) => line.includes(mark))
      .map((line) => Number.parseInt(line, 10));
  }
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => environmentOf(name).includes(mark))
    .map((name) => Number(basename(name)));
}

function environmentOf(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch (error) {
    // Gone meanwhile, ended but not yet collected, or somebody else's.
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes((error as NodeJS.ErrnoException).code ?? ''))
      return '';
    throw error;
  }
}
