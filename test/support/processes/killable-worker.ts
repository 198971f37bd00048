// Starts a worker as a process of its own, so that a test can kill it. The process ends with the test in any case.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { workerProgram } from '../../../scripts/launcher/processes/worker-program';
import { testSecretKey } from '../../factories/a-workspace';
import { ampleMemory, type Engine } from '../engine/engine';
import { loopback } from '../outside/loopback';
import { testServers } from '../servers';

/** A worker for the engine's task queue, already polling. */
export class KillableWorker {
  private constructor(private readonly child: ChildProcess) {}

  /** `databaseUrl`: another way to the engine's own database. */
  static async start(
    engine: Engine,
    { shutdownGraceMs = 5_000, databaseUrl = engine.databases.ours.url } = {},
  ): Promise<KillableWorker> {
    const { temporalAddress, bundlePath } = testServers();
    // As the product starts one: tests judge its memory.
    const { nodeOptions = [], env } = workerProgram(process.env, '');
    const child = fork(join(__dirname, 'worker-process.js'), { execArgv: [...nodeOptions], env });
    child.send({
      databaseUrl,
      secretKey: testSecretKey.toString('hex'),
      temporalAddress,
      bundlePath,
      taskQueue: engine.taskQueue,
      sieveMemoryBytes: ampleMemory,
      allowedInside: loopback,
      shutdownGraceMs,
    });
    const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    if (message !== 'ready') throw new Error(`the worker process ended with ${String(message)}`);
    return new KillableWorker(child);
  }

  get pid(): number {
    return this.child.pid ?? 0;
  }

  /** SIGKILL: no line of its code runs any more. Returns when it is gone. */
  kill(): Promise<void> {
    return this.end('SIGKILL');
  }

  /** What a deploy does: no new work, and an end in order. */
  shutDown(): Promise<void> {
    return this.end('SIGTERM');
  }

  private async end(signal: 'SIGKILL' | 'SIGTERM'): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const gone = once(this.child, 'exit');
    this.child.kill(signal);
    await gone;
  }
}
