// One path, one key: however a client writes a path that reaches the same route, its Idempotency-Key means the same.
import { aSync } from '../../factories/a-sync';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function ask(method: string, path: string, key?: string): Promise<{ status: number; text: string }> {
  const answer = await fetch(api.url + path, {
    method,
    headers: {
      Authorization: `Bearer ${api.token}`,
      ...(key === undefined ? {} : { 'Idempotency-Key': key }),
    },
  });
  return { status: answer.status, text: await answer.text() };
}

test('a slash at the end and an encoded letter make no other request of it', async () => {
  const { id } = await aSync(api.knex, { workspaceId: api.workspaceId });
  const first = await ask('POST', `/api/v1/syncs/${id}/trigger`, 'once');
  expect(first.status).toBe(202);
  const encoded = id.replace('s', '%73');
  for (const path of [`${id}/trigger/`, `${encoded}/trigger`, `${encoded}/trigger/`]) {
    const again = await ask('POST', `/api/v1/syncs/${path}`, 'once');
    expect([path, again]).toEqual([path, first]);
  }
  expect(await api.knex('runs').where({ sync_id: id })).toHaveLength(1);
});

test('a list answers the same with and without a slash at its end', async () => {
  await aSync(api.knex, { workspaceId: api.workspaceId });
  const one = await ask('GET', '/api/v1/syncs');
  expect(one.status).toBe(200);
  expect(await ask('GET', '/api/v1/syncs/')).toEqual(one);
});
