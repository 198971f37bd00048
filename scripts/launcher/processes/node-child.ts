// Starts and stops our own compiled programs, which report over IPC. Knows no program in particular.
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { LaunchError } from '../launch-error';
import { sizeOf, tailOf } from './log-tail';
import type { Say } from '../progress';
import { projectRoot } from '../project-root';
import { killGroup, stopChild } from './spawn-server';

export interface NodeProgram {
  name: string;
  /** Path below the compiled root, such as "api/main.js". */
  script: string;
  args?: readonly string[];
  /** Options of Node itself. */
  nodeOptions?: readonly string[];
  env: NodeJS.ProcessEnv;
  /** File that receives what it prints. */
  logFile: string;
  /** Receives its progress messages. */
  say?: Say;
}

/** A program that runs until it is stopped. */
export interface RunningProgram {
  name: string;
  pid: number;
  /** What it said with its ready message. */
  ready: Readonly<Record<string, unknown>>;
  /** Settles when the process has ended, with the words to say about it. */
  ended: Promise<string>;
  stop(graceMs: number): Promise<void>;
  kill(): void;
}

/** Lets the caller end a program that is still starting. */
export type OnSpawn = (child: Pick<RunningProgram, 'name' | 'stop' | 'kill'>) => void;

/** Compiled programs live here; tests point elsewhere with stand-ins. */
const compiledRoot = join(projectRoot, 'dist');

/** Starts a program and waits for its ready message. Throws LaunchError when it ends before. */
export function startProgram(
  program: NodeProgram,
  onSpawn: OnSpawn,
  root = compiledRoot,
): Promise<RunningProgram> {
  const logStart = sizeOf(program.logFile);
  const child = spawnProgram(program, root, [
    '--require',
    join(compiledRoot, 'scripts', 'launcher', 'processes', 'end-with-parent.js'),
  ]);
  const ended = untilEnded(program.name, child);
  const controls = controlsOf(program.name, child, ended);
  onSpawn(controls);
  return new Promise((resolve, reject) => {
    onMessages(child, program.say, (ready) => resolve({ ...controls, pid: child.pid ?? 0, ready, ended }));
    void ended.then((words) => reject(failure(program, words, logStart)));
  });
}

/** Runs a program to its end and returns its ready message. Throws LaunchError unless it exits with 0. */
export function runProgram(
  program: NodeProgram,
  onSpawn: OnSpawn,
  root = compiledRoot,
): Promise<Readonly<Record<string, unknown>>> {
  const logStart = sizeOf(program.logFile);
  const child = spawnProgram(program, root, []);
  const ended = untilEnded(program.name, child);
  onSpawn(controlsOf(program.name, child, ended));
  let ready: Readonly<Record<string, unknown>> = {};
  onMessages(child, program.say, (message) => {
    ready = message;
  });
  // The end of a process can be told before its last message is: the channel's end comes after both.
  return Promise.all([ended, untilSilent(child)]).then(([words]) => {
    if (child.exitCode !== 0) throw failure(program, words, logStart);
    return ready;
  });
}

function spawnProgram(program: NodeProgram, root: string, preloads: string[]): ChildProcess {
  const log = openSync(program.logFile, 'a');
  const nodeOptions = [...preloads, ...(program.nodeOptions ?? [])];
  try {
    return spawn(process.execPath, [...nodeOptions, join(root, program.script), ...(program.args ?? [])], {
      // Its own process group: Ctrl-C comes to the launcher, which stops everything in order.
      detached: true,
      cwd: projectRoot,
      env: program.env,
      stdio: ['ignore', log, log, 'ipc'],
    });
  } finally {
    closeSync(log);
  }
}

function controlsOf(
  name: string,
  child: ChildProcess,
  ended: Promise<string>,
): Pick<RunningProgram, 'name' | 'stop' | 'kill'> {
  return {
    name,
    stop: (graceMs) => stopChild(child, ended, graceMs, 'SIGTERM'),
    kill: () => killGroup(child),
  };
}

function untilEnded(name: string, child: ChildProcess): Promise<string> {
  return new Promise((resolve) => {
    child.once('error', (error) => resolve(`${name} could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(`${name} ended (${signal ?? `exit code ${code}`})`));
  });
}

function untilSilent(child: ChildProcess): Promise<void> {
  if (!child.connected) return Promise.resolve();
  return new Promise((resolve) => child.once('disconnect', () => resolve()));
}

function onMessages(
  child: ChildProcess,
  say: Say | undefined,
  onReady: (ready: Record<string, unknown>) => void,
): void {
  child.on('message', (message: { type?: string; text?: string } & Record<string, unknown>) => {
    if (message.type === 'progress' && message.text !== undefined) say?.(message.text);
    if (message.type === 'ready') onReady(message);
  });
}

function failure(program: NodeProgram, words: string, logStart: number): LaunchError {
  const lines = tailOf(program.logFile, logStart).trimEnd().split('\n');
  // Of an uncaught error the line with its message says it all; the stack is in the log for who wants it.
  const message = lines.find((line) => /^(Uncaught )?\w*Error\b/.test(line));
  const lastWords = message === undefined ? lines.slice(-3) : [message];
  return new LaunchError(`${words}:\n  ${lastWords.join('\n  ')}\nMore in ${program.logFile}.`);
}
