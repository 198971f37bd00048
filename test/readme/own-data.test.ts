// Owns the proof that the README's own-data blocks work: bash runs them against a real API, worker and two databases.
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { createApp } from '../../api/create-app';
import { LiveEvents } from '../../api/events/live-events';
import { temporalInspector } from '../../api/configuration/inspector';
import { temporalRunLauncher } from '../../temporal/run-launcher';
import { temporalSchedules } from '../../temporal/schedules';
import { aToken, testSecretKey } from '../factories/a-workspace';
import { Engine } from '../support/engine/engine';
import { readmeBlock } from './readme-blocks';

/** What the README's last block prints: the run and its row errors. */
interface Printed {
  readonly syncId: string;
  readonly run: Record<string, unknown>;
  readonly errors: { readonly data: readonly Record<string, unknown>[]; readonly total_errors: number };
}

let engine: Engine;
let server: Server;
let env: NodeJS.ProcessEnv;

beforeAll(async () => {
  engine = await Engine.start();
  server = theApi().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { token } = await aToken(engine.knex, engine.workspaceId);
  env = {
    ...process.env,
    API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    API_TOKEN: token,
    SOURCE_URL: engine.databases.warehouse.url,
    TARGET_URL: engine.databases.target.url,
  };
  await engine.warehouse.raw(readmeBlock('own-data: source'));
  await engine.target.raw(readmeBlock('own-data: target'));
});

afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await engine.close();
});

test("the README's own-data calls sync a table, and pasted again they sync what changed", async () => {
  const create = readmeBlock('own-data: create');
  const run = readmeBlock('own-data: run');

  const first = await paste(`${create}\n${run}\necho "$SYNC_ID"`);
  expect(first.run).toMatchObject({
    status: 'completed',
    outcome: 'with_row_errors',
    rows_processed: 3,
    rows_created: 2,
    rows_failed: 1,
  });
  expect(first.errors.total_errors).toBe(1);
  expect(first.errors.data[0]).toMatchObject({ row_id: '2', field: 'email', raw_value: null });
  expect(await contacts()).toEqual([
    { external_id: 1, email: 'ada@example.org', name: 'Ada Adeyemi', lifetime_value: '120.50' },
    { external_id: 3, email: 'chloe@example.org', name: 'Chloé Costa', lifetime_value: '87.90' },
  ]);

  await engine.warehouse.raw(`UPDATE customers SET email = 'ben@example.org' WHERE id = 2`);
  // The functions of the first block are still there in the shell that pasted it.
  const functions = create.slice(0, create.indexOf('SOURCE_ID='));
  const second = await paste(`SYNC_ID=${first.syncId}\n${functions}\n${run}\necho "$SYNC_ID"`);
  expect(second.run).toMatchObject({ outcome: 'clean', rows_created: 1, rows_unchanged: 2, rows_failed: 0 });
  expect(second.errors.total_errors).toBe(0);
  expect(await contacts()).toHaveLength(3);

  const scheduled = await shell(`SYNC_ID=${first.syncId}\n${readmeBlock('own-data: schedule')}`);
  expect(JSON.parse(scheduled)).toMatchObject({ applied: true, cadence: expect.stringContaining('06:30') });
  expect(JSON.parse(scheduled).next).toHaveLength(5);
});

/** The real API; only the task queue is this test's own, because other tests' workers share the server. */
function theApi() {
  const { knex, client, taskQueue, databases } = engine;
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

async function shell(script: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script], { env, timeout: 25_000 });
  // The problems of refused calls go there; said here, since the run that follows would fail less clearly.
  expect(stderr).toBe('');
  return stdout;
}

async function paste(script: string): Promise<Printed> {
  const stdout = await shell(script);
  const [run = '', errors = '', syncId = ''] = stdout.trim().split('\n');
  return { syncId, run: JSON.parse(run), errors: JSON.parse(errors) };
}

async function contacts(): Promise<unknown[]> {
  const { rows } = await engine.target.raw(`SELECT * FROM contacts ORDER BY external_id`);
  return rows;
}
