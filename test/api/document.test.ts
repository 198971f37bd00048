// The OpenAPI document: valid, complete, the same every time, and what the product page shows is in it.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import http from 'node:http';
import { join } from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { oas31 } from 'zod-openapi';
import { type AppDependencies, apiRoutes, createApp } from '../../api/create-app';
import { openApiDocument } from '../../api/openapi/document';
import { openOperations } from '../../api/openapi/open-operations';
import { operationId } from '../../api/openapi/operation-id';
import { pageExamples } from '../../api/openapi/page-examples';
import { documentPath } from '../../api/openapi/parameters';
import { launchedRunAnswer } from '../../api/runs/answers';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const deps = { secretKey: Buffer.alloc(32), isDraining: () => false } as AppDependencies;
const routes = apiRoutes(deps);
const document = openApiDocument(routes);
const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;
const operations = Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
  methods.flatMap((method) => {
    const operation = item[method];
    return operation ? [{ method, path, operation }] : [];
  }),
);

/** What the linter finds, without the findings that are as they should be. */
async function lintFindings(): Promise<string[]> {
  const linter = spawn(process.execPath, [join(__dirname, '..', 'support', 'lint-document.js')], {
    env: { ...process.env, REDOCLY_TELEMETRY: 'off' },
  });
  linter.stdin.end(JSON.stringify(document));
  const [out, trouble] = await Promise.all([
    textOf(linter.stdout),
    textOf(linter.stderr),
    once(linter, 'close'),
  ]);
  if (trouble !== '') throw new Error(trouble);
  return out.split('\n').filter((line) => line !== '' && !expected.some((finding) => finding.test(line)));
}

const expected: readonly RegExp[] = [
  // What takes no input has nothing to refuse.
  /^operation-4xx-response #\/paths\/(~1|~1livez|~1readyz|~1problems|~1docs|~1metrics|~1api~1v1~1openapi\.json)\/get/,
  // Words stand beside ids on purpose, and win: /models/preview is no model.
  /^no-ambiguous-paths #\/paths\/~1docs/,
];

test('the linter finds nothing', async () => {
  expect(await lintFindings()).toEqual([]);
});

test('every schema is valid JSON Schema, with formats and keywords that mean something', () => {
  const ajv = new Ajv2020({ strict: true, allowUnionTypes: true, strictRequired: false });
  addFormats(ajv);
  ajv.addVocabulary(['example', 'discriminator', 'components']);
  const { components } = document;
  const names = Object.keys(components?.schemas ?? {});
  expect(names).toContain('Problem');
  for (const name of names) {
    expect(() => ajv.compile({ components, $ref: `#/components/schemas/${name}` })).not.toThrow();
  }
  for (const { operation } of operations) {
    const { requestBody, parameters = [] } = operation;
    const body =
      requestBody && 'content' in requestBody ? requestBody.content['application/json'] : undefined;
    if (body?.schema) expect(() => ajv.compile({ ...body.schema, components })).not.toThrow();
    for (const parameter of parameters) {
      if ('schema' in parameter) expect(() => ajv.compile({ ...parameter.schema, components })).not.toThrow();
    }
  }
});

test('the same routes make the same bytes', () => {
  expect(JSON.stringify(openApiDocument(apiRoutes(deps)))).toBe(JSON.stringify(document));
});

test('the paths served and the paths of the document are the same', () => {
  const served = new Set<string>();
  for (const middleware of createApp({ ...deps, knex: api.knex }).middleware) {
    const { router } = middleware as { router?: { stack: { path: string; methods: string[] }[] } };
    for (const layer of router?.stack ?? []) {
      // A path that is read can be asked for its headers too.
      for (const method of layer.methods.filter((name) => name !== 'HEAD')) {
        served.add(`${method} ${documentPath(layer.path)}`);
      }
    }
  }
  const told = operations.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
  expect(told.toSorted()).toEqual([...served].toSorted());
  expect(told.length).toBe(routes.length + openOperations.length);
});

test('every operation has a name of its own, and the names stay', () => {
  const names = operations.map(({ operation }) => operation.operationId);
  expect(new Set(names).size).toBe(names.length);
  for (const name of names) expect(name).toMatch(/^[a-z][A-Za-z]+$/);
  const named: Readonly<Record<string, string>> = {
    'GET /sources': 'listSources',
    'POST /sources': 'createSource',
    'GET /sources/:source_id': 'getSource',
    'PATCH /sources/:source_id': 'updateSource',
    'POST /sources/:source_id/check': 'checkSource',
    'POST /models/preview': 'previewModel',
    'GET /models/:model_id/versions/:version': 'getModelVersion',
    'POST /syncs/:sync_id/trigger': 'triggerSync',
    'PUT /syncs/:sync_id/schedule': 'putSyncSchedule',
    'DELETE /syncs/:sync_id/schedule': 'deleteSyncSchedule',
    'GET /syncs/:sync_id/runs': 'listSyncRuns',
    'GET /runs': 'listRuns',
    'GET /syncs/:sync_id/runs/:run_id': 'getSyncRun',
    'POST /syncs/:sync_id/runs/:run_id/cancel': 'cancelSyncRun',
    'GET /syncs/:sync_id/runs/:run_id/errors': 'listSyncRunErrors',
    'GET /syncs/:sync_id/runs/:run_id/errors/groups': 'listSyncRunErrorGroups',
    'GET /syncs/:sync_id/runs/:run_id/errors/export': 'exportSyncRunErrors',
    'GET /syncs/:sync_id/rows/:row_key': 'getSyncRow',
    'GET /insights/sync-health': 'getInsightsSyncHealth',
    'POST /alerts/:alert_id/deliveries/:delivery_id/redeliver': 'redeliverAlertDelivery',
  };
  for (const [route, name] of Object.entries(named)) {
    const [method, path = ''] = route.split(' ');
    expect(operationId({ method: method as 'GET', path })).toBe(name);
  }
});

test('what needs a token says which scope, in words too; what needs none says so', () => {
  for (const { path, operation } of operations) {
    const route = routes.find((candidate) => operationId(candidate) === operation.operationId);
    if (route) {
      expect(operation.security).toEqual([{ token: [route.scope] }]);
      expect((operation as Record<string, unknown>)['x-scope']).toBe(route.scope);
      expect(operation.description).toContain(`\`${route.scope}\``);
    } else {
      expect([path, operation.security]).toEqual([path, []]);
    }
  }
});

test('what every path may answer is told of every path, and keys where they are looked at', () => {
  for (const { method, path, operation } of operations) {
    for (const status of ['408', '414', '431', '500'])
      expect([path, Object.keys(operation.responses ?? {})]).toEqual([
        path,
        expect.arrayContaining([status]),
      ]);
    const route = routes.find((candidate) => operationId(candidate) === operation.operationId);
    const takesKey = method === 'post' && !route?.isSafe;
    const told = JSON.stringify(operation);
    expect([path, told.includes('parameters/IdempotencyKey')]).toEqual([path, takesKey]);
    expect([path, told.includes('headers/Idempotency-Replayed')]).toEqual([path, takesKey]);
    expect([path, told.includes('IdempotencyKeyInFlight')]).toEqual([path, takesKey]);
  }
});

test('the newest run of a sync is told as every run is', () => {
  const sync = document.components?.schemas?.['SyncDetail'] as oas31.SchemaObject;
  expect(JSON.stringify(sync.properties?.['last_run'])).toContain('#/components/schemas/Run');
});

test('requests are shown as they are sent, not as they are kept', () => {
  const body = (path: string) =>
    (document.paths?.[path]?.post?.requestBody as oas31.RequestBodyObject | undefined)?.content[
      'application/json'
    ]?.schema;
  const source = JSON.stringify(body('/api/v1/sources'));
  expect(source).toContain('"url":{"type":"string"');
  expect(source).toContain('"additionalProperties":false');
  const { parameters = [] } = document.paths?.['/api/v1/syncs/{sync_id}/runs']?.get ?? {};
  const shown = Object.fromEntries((parameters as oas31.ParameterObject[]).map((one) => [one.name, one]));
  expect(shown['page']?.schema).toMatchObject({ type: 'integer', minimum: 1 });
  expect(shown['per_page']?.schema).toMatchObject({ type: 'integer', maximum: 100, default: 20 });
  expect(shown['status']).toMatchObject({ style: 'form', explode: false, schema: { type: 'array' } });
  expect(JSON.stringify(shown['status']?.schema)).toContain('"queued"');
  expect(shown['has_errors']?.schema).toEqual({ type: 'boolean' });
  expect(shown['started_after']?.schema).toMatchObject({ type: 'string', format: 'date-time' });
  expect(shown['sync_id']).toMatchObject({ in: 'path', schema: { pattern: '^sync_[0-9a-z]{1,40}$' } });
});

test('its examples are the product page’s four calls, key by key', () => {
  const { curl } = pageExamples['POST /syncs/:sync_id/trigger'] ?? {};
  expect(curl).toBe(
    'curl -X POST https://your-workspace.signalsmith.dev/api/v1/syncs/{sync_id}/trigger \\\n  -H "Authorization: Bearer $API_TOKEN"',
  );
  expect(Object.keys(pageExamples)).toHaveLength(4);
  for (const key of Object.keys(pageExamples)) {
    expect(routes.map(({ method, path }) => `${method} ${path}`)).toContain(key);
  }
  const list = pageExamples['GET /syncs/:sync_id/runs']?.answer as { data: object[]; pagination: object };
  expect(Object.keys(list.data[0] ?? {}).slice(0, 12)).toEqual([
    'id',
    'sync_id',
    'status',
    'trigger',
    'started_at',
    'completed_at',
    'duration_seconds',
    'rows_processed',
    'rows_created',
    'rows_updated',
    'rows_deleted',
    'rows_failed',
  ]);
  expect(list.pagination).toEqual({ page: 1, per_page: 20, total: 156 });
  const errors = pageExamples['GET /syncs/:sync_id/runs/:run_id/errors']?.answer as { data: object[] };
  expect(errors).toMatchObject({ total_errors: 336, page: 1, per_page: 100 });
  expect(Object.keys(errors.data[0] ?? {}).slice(0, 4)).toEqual(['row_id', 'field', 'message', 'raw_value']);
});

test('the answer to a trigger is shown with the ids of the page, as a run that was just queued', () => {
  const shown = pageExamples['POST /syncs/:sync_id/trigger']?.answer;
  expect(launchedRunAnswer.parse(shown)).toMatchObject({
    id: 'run_abc123',
    sync_id: 'sync_xyz789',
    status: 'queued',
    trigger: 'api',
    state: 'started',
  });
});

test('what can be pasted goes to this server: no other host is named', () => {
  expect(document.servers).toEqual([{ url: '/', description: 'This server' }]);
  const samples = operations.flatMap(({ operation }) => {
    const [sample] = (operation as { 'x-codeSamples'?: { source: string }[] })['x-codeSamples'] ?? [];
    return sample ? [sample.source] : [];
  });
  expect(samples).toHaveLength(4);
  for (const sample of samples) expect(sample).toMatch(/^curl (-X POST )?\$API_URL\/api\/v1\//);
});

test('every key that can be asked of a new run says what it is for', () => {
  for (const path of ['trigger', 'runs/{run_id}/retry']) {
    const { requestBody } = document.paths?.[`/api/v1/syncs/{sync_id}/${path}`]?.post ?? {};
    const schema = (requestBody as oas31.RequestBodyObject).content['application/json']
      ?.schema as oas31.SchemaObject;
    const asked = Object.entries(schema.properties ?? {}) as [string, oas31.SchemaObject][];
    expect(asked.length).toBeGreaterThanOrEqual(3);
    for (const [key, { description = '' }] of asked)
      expect([key, description]).toEqual([key, expect.stringMatching(/\.$/)]);
  }
});

/** By other means than fetch, which asks caches to look again: then there is never a 304. */
async function conditionally(path: string, etag: string): Promise<http.IncomingMessage> {
  const asked = http.get(`${api.url}${path}`, { headers: { 'If-None-Match': etag } });
  const [answer] = (await once(asked, 'response')) as [http.IncomingMessage];
  answer.resume();
  return answer;
}

test('anybody can read it, may keep it for a minute, and is told when it is still the same', async () => {
  const { status, headers, body } = await api.get('/api/v1/openapi.json', null);
  expect(status).toBe(200);
  expect(body).toEqual(JSON.parse(JSON.stringify(document)));
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(headers.get('cache-control')).toBe('public, max-age=60');
  const again = await conditionally('/api/v1/openapi.json', headers.get('etag') ?? '');
  expect(again.statusCode).toBe(304);
  expect((await conditionally('/api/v1/openapi.json', '"another"')).statusCode).toBe(200);
  expect((await api.get('/', null)).body.links).toMatchObject({
    documentation: '/docs',
    openapi: '/api/v1/openapi.json',
  });
});
