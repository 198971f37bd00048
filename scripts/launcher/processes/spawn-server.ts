// Starts and stops server programs that are not Node: they end with us, whatever happens to us. Knows no
// server in particular.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { sizeOf, tailOf } from './log-tail';
import { projectRoot } from '../project-root';

/** A user to run as; null means the current one. */
export interface RunAs {
  uid: number;
  gid: number;
}

export interface ServerCommand {
  name: string;
  command: string;
  args: readonly string[];
  /** File that receives what the server prints; appended to. */
  logFile: string;
  runAs?: RunAs | null;
  env?: NodeJS.ProcessEnv;
  cwd?: string;
}

/** A running server program. */
export interface ServerProcess {
  name: string;
  pid: number;
  /** Becomes true once the process has ended. */
  hasEnded(): boolean;
  /** Settles when the process has ended, with the words to say about it. */
  ended: Promise<string>;
  /** What the server has printed since it was started, at most the last 8 kB. */
  output(): string;
  /** Asks it to end, waits, and forces it after graceMs. Safe to repeat. */
  stop(graceMs: number): Promise<void>;
  /** Ends it at once. */
  kill(): void;
}

/** Starts a server in its own process group, so that Ctrl-C reaches it through us and in order. */
export function spawnServer(server: ServerCommand): ServerProcess {
  const logStart = sizeOf(server.logFile);
  const log = openSync(server.logFile, 'a');
  const { file, args, asUser } = endingWithParent(server);
  const child = spawn(file, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: server.env ?? process.env,
    ...(server.cwd === undefined ? {} : { cwd: server.cwd }),
    ...asUser,
  });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`${server.name} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`${server.name} ended (${signal ?? `exit code ${code}`})`));
  });
  return {
    name: server.name,
    pid: child.pid ?? 0,
    hasEnded: () => hasEnded(child),
    ended,
    output: () => tailOf(server.logFile, logStart),
    stop: (graceMs) => stopChild(child, ended, graceMs),
    kill: () => killGroup(child),
  };
}

/** Asks a child that leads its own process group to end, and kills the group after graceMs. */
export async function stopChild(
  child: ChildProcess,
  ended: Promise<unknown>,
  graceMs: number,
  signal: NodeJS.Signals = 'SIGINT',
): Promise<void> {
  if (hasEnded(child)) return;
  const force = setTimeout(() => killGroup(child), graceMs);
  child.kill(signal);
  await ended;
  clearTimeout(force);
}

/** Kills a child and whatever it started in its process group. */
export function killGroup(child: ChildProcess): void {
  if (child.pid === undefined || hasEnded(child)) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

function hasEnded(child: ChildProcess): boolean {
  return child.pid === undefined || child.exitCode !== null || child.signalCode !== null;
}

/** The command line that runs a program and interrupts it when this process dies, even by SIGKILL. */
export function endingWithParent(server: Pick<ServerCommand, 'command' | 'args' | 'runAs'>): {
  file: string;
  args: string[];
  asUser: Partial<RunAs>;
} {
  const runAs = server.runAs ?? null;
  const setpriv = findDeathSignalSetter();
  if (setpriv !== null) {
    const args = ['--pdeathsig', 'INT', '--', server.command, ...server.args];
    return { file: setpriv, args, asUser: runAs ?? {} };
  }
  const guard = join(projectRoot, 'dist', 'scripts', 'launcher', 'processes', 'guard.js');
  const user = [runAs?.uid ?? '', runAs?.gid ?? ''].map(String);
  return { file: process.execPath, args: [guard, ...user, server.command, ...server.args], asUser: {} };
}

let deathSignalSetter: string | null | undefined;

/** Path of a setpriv that knows --pdeathsig (the one of busybox does not), or null. Looked up once. */
function findDeathSignalSetter(): string | null {
  if (deathSignalSetter !== undefined) return deathSignalSetter;
  // By full path, because a server's own environment may have another PATH.
  const paths = (process.env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'setpriv'));
  deathSignalSetter = paths.find(setsDeathSignal) ?? null;
  return deathSignalSetter;
}

function setsDeathSignal(setpriv: string): boolean {
  return spawnSync(setpriv, ['--pdeathsig', 'INT', '--', 'true'], { stdio: 'ignore' }).status === 0;
}
