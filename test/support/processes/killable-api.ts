// Starts an API as a process of its own, which can be told to die between an effect and its answer. It ends with the test.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { testSecretKey } from '../../factories/a-workspace';

export class KillableApi {
  private constructor(
    private readonly child: ChildProcess,
    readonly url: string,
  ) {}

  /** `diesAtStart`: SIGKILL once a run is committed, before its workflow is started and before the answer. */
  static async start(databaseUrl: string, { diesAtStart = false } = {}): Promise<KillableApi> {
    const child = fork(join(__dirname, 'api-process.js'));
    child.send({ databaseUrl, secretKey: testSecretKey.toString('hex'), diesAtStart });
    const [message] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
    const { url } = (message ?? {}) as { url?: string };
    if (url === undefined) throw new Error(`the API process ended with ${String(message)}`);
    return new KillableApi(child, url);
  }

  /** Returns when it has gone by itself, with the signal it died of. */
  async died(): Promise<string | null> {
    if (this.child.exitCode === null && this.child.signalCode === null) await once(this.child, 'exit');
    return this.child.signalCode;
  }

  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    this.child.kill('SIGKILL');
    await once(this.child, 'exit');
  }
}
