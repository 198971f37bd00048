// What is ours to write, nobody else writes: keys that a route does not have are refused on every route that takes a body.
import { type AppDependencies, apiRoutes } from '../../api/create-app';
import type { Route } from '../../api/route';
import { aWorld } from '../support/requests/a-world';
import { goodRequest, withQuery } from '../support/requests/good-requests';
import { plainCall } from '../support/requests/plain-call';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const routes = apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies);
const named = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [`${route.method} ${route.path}`, route] as const);
const writing = named(({ method }) => method === 'POST' || method === 'PUT' || method === 'PATCH');
const reading = named(({ method }) => method === 'GET' || method === 'DELETE');

/** Ours alone: who owns it, what it is called, how it stands, what was counted, when. */
const ours = [
  'id',
  'workspace_id',
  'token_id',
  'created_by',
  'triggered_by',
  'created_at',
  'updated_at',
  'revoked_at',
  'status',
  'outcome',
  'version',
  'queue_no',
  'trigger',
  'retry_of',
  'started_at',
  'completed_at',
  'rows_processed',
  'rows_created',
  'rows_updated',
  'rows_deleted',
  'rows_failed',
  'counter_mismatch',
  'constructor',
  'prototype',
  'isAdmin',
];

/** Keys of this name that a route has for itself. */
const theirs: Readonly<Record<string, readonly string[]>> = {};

/** The body with the key at its top, and in each object within. */
function withKey(body: object, key: string): [pointer: string, body: object][] {
  const within = Object.entries(body).filter(([, value]) => isPlain(value));
  return [
    [`/${key}`, { ...body, [key]: 'ours' }],
    ...within.map(([name, value]): [string, object] => [
      `/${name}/${key}`,
      { ...body, [name]: { ...(value as object), [key]: 'ours' } },
    ]),
  ];
}

function isPlain(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

test.each(writing)('%s refuses keys that are ours, wherever they stand', async (name, route) => {
  const good = goodRequest(route, await aWorld(api.knex, api.workspaceId));
  for (const key of ours.filter((key) => !theirs[name]?.includes(key))) {
    for (const [pointer, body] of withKey(good.body ?? {}, key)) {
      const answer = await plainCall(api.url, api.token, { ...good, body: { ...body } });
      const { errors } = JSON.parse(answer.text);
      expect([pointer, answer.status]).toEqual([pointer, 400]);
      expect(errors).toContainEqual(expect.objectContaining({ pointer, code: 'unknown_key' }));
    }
  }
});

test.each(writing)('%s takes no prototype', async (_, route) => {
  const good = goodRequest(route, await aWorld(api.knex, api.workspaceId));
  const body = { ...good.body, ['__proto__']: { isAdmin: true } };
  expect(JSON.stringify(body)).toContain('__proto__');
  expect((await plainCall(api.url, api.token, { ...good, body })).status).toBe(400);
  expect('isAdmin' in {}).toBe(false);
});

test.each(reading)('%s refuses query parameters that it does not have', async (_, route) => {
  const good = goodRequest(route, await aWorld(api.knex, api.workspaceId));
  for (const key of ['workspace_id', 'admin', '__proto__', 'access_token']) {
    const answer = await plainCall(api.url, api.token, {
      ...good,
      path: withQuery(good.path, `${key}=ours`),
    });
    const { errors } = JSON.parse(answer.text);
    expect([key, answer.status]).toEqual([key, 400]);
    expect(errors).toContainEqual(expect.objectContaining({ pointer: `/${key}`, code: 'unknown_key' }));
  }
});
