// Owns where the README's blocks are pasted: bash, with the variables it tells the reader to set, before a real API, worker and
// two databases. What the blocks have to come to is the tests'.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { temporalInspector } from '../../api/configuration/inspector';
import { createApp } from '../../api/create-app';
import { LiveEvents } from '../../api/events/live-events';
import { temporalRunLauncher } from '../../temporal/run-launcher';
import { temporalSchedules } from '../../temporal/schedules';
import { markedBlock } from '../docs/markdown';
import { aToken, testSecretKey } from '../factories/a-workspace';
import { Engine } from '../support/engine/engine';

export class ReadmePlace {
  private constructor(
    readonly engine: Engine,
    private readonly server: Server,
    private readonly env: NodeJS.ProcessEnv,
  ) {}

  /** With the source and the target of "Your own data" in it. */
  static async start(): Promise<ReadmePlace> {
    const engine = await Engine.start();
    const server = theApi(engine).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { token } = await aToken(engine.knex, engine.workspaceId);
    const env = {
      ...process.env,
      API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      API_TOKEN: token,
      SOURCE_URL: engine.databases.warehouse.url,
      TARGET_URL: engine.databases.target.url,
    };
    await engine.warehouse.raw(readmeBlock('own-data: source'));
    await engine.target.raw(readmeBlock('own-data: target'));
    return new ReadmePlace(engine, server, env);
  }

  /** What it prints; a block that prints a problem fails, since what follows would fail less clearly. */
  async paste(script: string, more: NodeJS.ProcessEnv = {}): Promise<string> {
    const env = { ...this.env, ...more };
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env, timeout: 25_000 });
    expect(stderr).toBe('');
    return stdout;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.engine.close();
  }
}

export function readmeBlock(mark: string): string {
  return markedBlock('README.md', mark);
}

/** Functions are still there in the shell that pasted the block they stand in. */
export function functionsOf(block: string): string {
  return block.slice(0, block.indexOf('SOURCE_ID='));
}

/** The real API; only the task queue is this test's own, because other tests' workers share the server. */
function theApi({ knex, client, taskQueue, databases }: Engine) {
  const logger = pino({ level: 'silent' });
  return createApp({
    knex,
    secretKey: testSecretKey,
    inspector: temporalInspector(client, { taskQueue }),
    launcher: temporalRunLauncher(client, taskQueue),
    schedules: temporalSchedules(client, taskQueue),
    checkTemporal: async () => undefined,
    temporalUi: null,
    liveEvents: new LiveEvents({ knex, databaseUrl: databases.ours.url, logger }),
    logger,
    isDraining: () => false,
  });
}
