// The whole life of a sync through the typed client alone, over HTTP, on a real engine: the document is proven by use.
import { setTimeout as later } from 'node:timers/promises';
import { type ApiClient, apiClient } from '../../client/api-client';
import { temporalInspector } from '../../api/configuration/inspector';
import { Engine } from '../support/engine/engine';
import { type EngineApi, engineApi } from '../support/engine/engine-api';
import { contactMapping, TestCrm } from '../support/engine/test-crm';

let engine: Engine;
let crm: TestCrm;
let api: EngineApi;
let client: ApiClient;

beforeAll(async () => {
  [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
  api = await engineApi(engine, {
    inspector: temporalInspector(engine.client, { taskQueue: engine.taskQueue }),
  });
  client = apiClient(api);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'usr_' || n AS id, 'Diaz' AS last_name,
    CASE WHEN n % 10 = 3 THEN 'not-an-email' ELSE 'e' || n || '@example.org' END AS email
    FROM generate_series(1, 50) n`);
});
afterAll(async () => {
  await api.close();
  await Promise.all([engine.close(), crm.close()]);
});

interface Called<Data> {
  readonly data?: Data | undefined;
  readonly error?: unknown;
  readonly response: Response;
}

/** The answer of a call that has to go well. */
async function good<Data>(status: number, call: Promise<Called<Data>>): Promise<NonNullable<Data>> {
  const { data, error, response } = await call;
  expect([response.status, error]).toEqual([status, undefined]);
  return data as NonNullable<Data>;
}

type RunPath = { sync_id: string; run_id: string };

async function ended(path: RunPath) {
  for (;;) {
    const { status } = await good(
      200,
      client.GET('/api/v1/syncs/{sync_id}/runs/{run_id}', { params: { path } }),
    );
    if (status !== 'queued' && status !== 'running') return status;
    await later(50);
  }
}

async function aContactSync(name: string): Promise<string> {
  const source = await good(
    201,
    client.POST('/api/v1/sources', {
      body: {
        name: `Warehouse of ${name}`,
        kind: 'postgres',
        config: { url: engine.databases.warehouse.url },
      },
    }),
  );
  const checked = await good(
    200,
    client.POST('/api/v1/sources/{source_id}/check', { params: { path: { source_id: source.id } } }),
  );
  expect(checked).toMatchObject({ ok: true, checks: [{ name: 'connection' }, { name: 'rights' }] });
  const model = await good(
    201,
    client.POST('/api/v1/models', {
      body: {
        name: `Users of ${name}`,
        source_id: source.id,
        sql: 'SELECT id, email, last_name FROM users',
        row_key: ['id'],
      },
    }),
  );
  expect(model.columns.map(({ name }) => name)).toEqual(['id', 'email', 'last_name']);
  const { config, secrets } = crm.destination();
  const destination = await good(
    201,
    client.POST('/api/v1/destinations', {
      body: { name: `CRM of ${name}`, kind: 'http', config: config as { url: string }, secrets },
    }),
  );
  const sync = await good(
    201,
    client.POST('/api/v1/syncs', {
      body: {
        name,
        model_id: model.id,
        destination_id: destination.id,
        mapping: contactMapping,
      },
    }),
  );
  return sync.id;
}

test('source, model, destination, sync, run, row errors, retry, cancel, and its end', async () => {
  const sync_id = await aContactSync('Users to CRM');
  const path = { sync_id };

  const first = await good(202, client.POST('/api/v1/syncs/{sync_id}/trigger', { params: { path } }));
  expect(first).toMatchObject({ state: 'started', trigger: 'api', kind: 'normal' });
  expect(await ended({ sync_id, run_id: first.id })).toBe('completed');

  const run = await good(
    200,
    client.GET('/api/v1/syncs/{sync_id}/runs/{run_id}', { params: { path: { sync_id, run_id: first.id } } }),
  );
  expect(run).toMatchObject({ outcome: 'with_row_errors', rows_processed: 50, rows_failed: 5 });
  const errors = await good(
    200,
    client.GET('/api/v1/syncs/{sync_id}/runs/{run_id}/errors', {
      params: { path: { sync_id, run_id: first.id }, query: { field: 'Email', per_page: 2 } },
    }),
  );
  expect(errors).toMatchObject({ total_errors: 5, per_page: 2 });
  expect(errors.data[0]).toMatchObject({ row_id: 'usr_3', field: 'Email', raw_value: 'not-an-email' });

  // Put right, and only those sent again.
  await engine.warehouse.raw(`UPDATE users SET email = 'put-right@example.org' WHERE email = 'not-an-email'`);
  const retried = await good(
    202,
    client.POST('/api/v1/syncs/{sync_id}/runs/{run_id}/retry', {
      params: { path: { sync_id, run_id: first.id } },
      body: { scope: 'failed', note: 'addresses put right' },
    }),
  );
  expect(await ended({ sync_id, run_id: retried.id })).toBe('completed');

  // A destination that hangs: cancelled, and said so.
  crm.crm.behaviour.change({ hang: true });
  await engine.warehouse.raw(`UPDATE users SET last_name = 'Díaz'`);
  const hanging = await good(202, client.POST('/api/v1/syncs/{sync_id}/trigger', { params: { path } }));
  const hangingPath = { sync_id, run_id: hanging.id };
  await good(
    202,
    client.POST('/api/v1/syncs/{sync_id}/runs/{run_id}/cancel', { params: { path: hangingPath } }),
  );
  expect(await ended(hangingPath)).toBe('cancelled');
  crm.crm.behaviour.change({ hang: false });

  const list = await good(
    200,
    client.GET('/api/v1/syncs/{sync_id}/runs', {
      params: { path, query: { status: ['completed', 'cancelled'], per_page: 10 } },
    }),
  );
  expect(list.pagination).toEqual({ page: 1, per_page: 10, total: 3 });
  expect(list.data.map(({ id }) => id)).toEqual([hanging.id, retried.id, first.id]);
  const events = await good(
    200,
    client.GET('/api/v1/syncs/{sync_id}/runs/{run_id}/events', { params: { path: hangingPath } }),
  );
  if (typeof events === 'string') throw new Error('asked for JSON, the answer is a stream');
  expect(events.data.at(-1)?.type).toBe('run_cancelled');

  const { response } = await client.DELETE('/api/v1/syncs/{sync_id}', { params: { path } });
  expect(response.status).toBe(204);
});

test('a schedule is written, read, paused, resumed and removed', async () => {
  const path = { sync_id: await aContactSync('Users, once a day') };
  const params = { params: { path } };
  const put = await good(
    200,
    client.PUT('/api/v1/syncs/{sync_id}/schedule', { ...params, body: { cron: '0 9 * * 1-5' } }),
  );
  expect(put).toMatchObject({ cadence: 'At 09:00, Monday through Friday (UTC)', cron: '0 9 * * 1-5' });
  const paused = await good(
    200,
    client.POST('/api/v1/syncs/{sync_id}/pause', { ...params, body: { note: 'a holiday' } }),
  );
  expect(paused.paused?.note).toBe('a holiday');
  expect((await good(200, client.POST('/api/v1/syncs/{sync_id}/resume', params))).paused).toBeNull();
  const read = await good(200, client.GET('/api/v1/syncs/{sync_id}/schedule', params));
  expect(read.next).toHaveLength(5);
  expect((await client.DELETE('/api/v1/syncs/{sync_id}/schedule', params)).response.status).toBe(204);
  expect((await client.GET('/api/v1/syncs/{sync_id}/schedule', params)).error?.code).toBe('not_found');
});

test('what goes wrong is typed too', async () => {
  const missing = { sync_id: 'sync_xyz789', run_id: 'run_abc123' };
  const { error, data, response } = await client.GET('/api/v1/syncs/{sync_id}/runs/{run_id}', {
    params: { path: missing },
  });
  expect([response.status, data]).toEqual([404, undefined]);
  expect(error).toMatchObject({ code: 'not_found', status: 404, errors: [] });
  const refused = await client.POST('/api/v1/syncs/{sync_id}/trigger', {
    params: { path: { sync_id: missing.sync_id } },
    // @ts-expect-error: there is no such kind of run, and the types say so.
    body: { kind: 'everything' },
  });
  expect(refused.error).toMatchObject({ code: 'invalid_request', errors: [{ pointer: '/kind' }] });
});
