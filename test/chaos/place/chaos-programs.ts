// Owns our own processes of a chaos place: one API, some workers, each killed and started at will, each with a clock that
// can be set wrong. Notes who ended unasked.
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  type NodeProgram,
  type RunningProgram,
  startProgram,
} from '../../../scripts/launcher/processes/node-child';
import { workerProgram } from '../../../scripts/launcher/processes/worker-program';

const steppedClock = require.resolve('../../support/processes/stepped-clock.js');
// The thirty seconds after which a worker drops what is left, and as long again as its other ends may take.
const orderlyEndMs = 60_000;

/** API and workers from dist/, as `npm start` runs them. */
export class ChaosPrograms {
  /** Words about every process that ended without being told to. */
  readonly unaskedEnds: string[] = [];
  private readonly running = new Map<string, RunningProgram>();
  private readonly asked = new Set<number>();
  private readonly clocks = new Map<string, string>();
  private url = '';

  constructor(
    private readonly folder: string,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** Without a slash at the end; stays the same over restarts. */
  get apiUrl(): string {
    return this.url;
  }

  async startApi(): Promise<void> {
    const program = {
      name: 'The API',
      script: 'api/main.js',
      env: this.env,
      logFile: join(this.folder, 'api.log'),
    };
    const { ready } = await this.start('api', program);
    this.url = String(ready['url']);
  }

  async startWorker(at = 0): Promise<void> {
    await this.start(`worker ${at}`, workerProgram(this.env, join(this.folder, `worker-${at}.log`)));
  }

  killApi(): Promise<void> {
    return this.kill('api');
  }

  /** SIGKILL: no line of its code runs any more. Returns when it is gone. */
  killWorker(at = 0): Promise<void> {
    return this.kill(`worker ${at}`);
  }

  /** SIGTERM, as a deploy does it. Returns when it is gone; throws unless it ended in order, with exit code 0. */
  async stopWorker(at = 0): Promise<void> {
    const program = this.toEnd(`worker ${at}`);
    await program.stop(orderlyEndMs);
    const words = await program.ended;
    if (!words.includes('exit code 0')) throw new Error(`${words} when it was told to stop`);
  }

  /**
   * Puts the wall clock of `api` or of `worker 0` so far ahead, or behind: at once when it was started with a clock of
   * its own, and else from its next start on.
   */
  setClock(name: string, aheadMs: number): void {
    const file = join(this.folder, `clock of ${name}`);
    this.clocks.set(name, file);
    // Whole or not at all: the program may read at any moment.
    writeFileSync(`${file}.new`, String(aheadMs));
    renameSync(`${file}.new`, file);
  }

  /** Whether the program goes by the clock it was given last. */
  hasTakenClock(name: string): boolean {
    const file = join(this.folder, `clock of ${name}`);
    try {
      return readFileSync(`${file}.taken`, 'utf8') === readFileSync(file, 'utf8');
    } catch {
      return false;
    }
  }

  async stopAll(graceMs: number): Promise<void> {
    const all = [...this.running.values()];
    for (const { pid } of all) this.asked.add(pid);
    await Promise.all(all.map((program) => program.stop(graceMs)));
  }

  private async start(name: string, program: NodeProgram): Promise<RunningProgram> {
    const started = await startProgram(this.withClock(name, program), (child) => {
      // One that is still starting has to end with the place, too.
      this.running.set(name, { ...child, pid: 0, ready: {}, ended: Promise.resolve('') });
    });
    this.running.set(name, started);
    void started.ended.then((words) => {
      if (!this.asked.has(started.pid)) this.unaskedEnds.push(words);
    });
    return started;
  }

  private withClock(name: string, program: NodeProgram): NodeProgram {
    const file = this.clocks.get(name);
    if (file === undefined) return program;
    return {
      ...program,
      nodeOptions: [...(program.nodeOptions ?? []), '--require', steppedClock],
      env: { ...program.env, CLOCK_FILE: file },
    };
  }

  private async kill(name: string): Promise<void> {
    const program = this.toEnd(name);
    program.kill();
    await program.ended;
  }

  /** The program, whose end is asked for from now on. */
  private toEnd(name: string): RunningProgram {
    const program = this.running.get(name);
    if (program === undefined) throw new Error(`${name} was never started`);
    this.asked.add(program.pid);
    return program;
  }
}
