// Owns our own processes of a chaos place: one API, some workers, each killed and started at will. Notes who ended unasked.
import { join } from 'node:path';
import {
  type NodeProgram,
  type RunningProgram,
  startProgram,
} from '../../scripts/launcher/processes/node-child';
import { workerProgram } from '../../scripts/launcher/processes/worker-program';

/** API and workers from dist/, as `npm start` runs them. */
export class ChaosPrograms {
  /** Words about every process that ended without being told to. */
  readonly unaskedEnds: string[] = [];
  private readonly running = new Map<string, RunningProgram>();
  private readonly asked = new Set<number>();
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

  async stopAll(graceMs: number): Promise<void> {
    const all = [...this.running.values()];
    for (const { pid } of all) this.asked.add(pid);
    await Promise.all(all.map((program) => program.stop(graceMs)));
  }

  private async start(name: string, program: NodeProgram): Promise<RunningProgram> {
    const started = await startProgram(program, (child) => {
      // One that is still starting has to end with the place, too.
      this.running.set(name, { ...child, pid: 0, ready: {}, ended: Promise.resolve('') });
    });
    this.running.set(name, started);
    void started.ended.then((words) => {
      if (!this.asked.has(started.pid)) this.unaskedEnds.push(words);
    });
    return started;
  }

  private async kill(name: string): Promise<void> {
    const program = this.running.get(name);
    if (program === undefined) throw new Error(`${name} was never started`);
    this.asked.add(program.pid);
    program.kill();
    await program.ended;
  }
}
