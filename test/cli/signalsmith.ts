// Runs the compiled command line as a process of its own, as people do. Knows no assertion.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const program = join(__dirname, '..', '..', 'dist', 'scripts', 'command-line.js');

export interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
  /** Waits until stdout matches; rejects when the command ends before. */
  prints(pattern: RegExp): Promise<void>;
}

/** Only these variables: none of the test run's own, nor of a launcher that runs beside it. */
export function startCli(args: readonly string[], env: NodeJS.ProcessEnv): Started {
  const child = spawn(process.execPath, [program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'], DATA_DIR: join(tmpdir(), 'no-data-of-signalsmith'), ...env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const ended = once(child, 'close').then(([status]) => ({
    status: status as number | null,
    stdout,
    stderr,
  }));
  return {
    child,
    ended,
    prints: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          if (pattern.test(stdout)) resolve();
        };
        child.stdout.on('data', look);
        look();
        void ended.then(({ status }) => reject(new Error(`ended with ${status}: ${stdout}${stderr}`)));
      }),
  };
}

export const runCli = (args: readonly string[], env: NodeJS.ProcessEnv): Promise<Ended> =>
  startCli(args, env).ended;
