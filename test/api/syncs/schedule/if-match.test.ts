// Two who change one schedule: whoever sends the ETag they read changes that state of it alone.
import { aSync } from '../../../factories/a-sync';
import { type ApiAnswer, type RunningApi, startApi } from '../../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const aSyncHere = async (): Promise<string> => (await aSync(api.knex, { workspaceId: api.workspaceId })).id;
const ask = (id: string, method: string, ifMatch?: string, body?: unknown): Promise<ApiAnswer> =>
  api.send(`/api/v1/syncs/${id}/schedule`, {
    method,
    body,
    headers: ifMatch === undefined ? {} : { 'If-Match': ifMatch },
  });
const put = (id: string, seconds: number, ifMatch?: string) =>
  ask(id, 'PUT', ifMatch, { interval_seconds: seconds });
const etagOf = ({ headers }: ApiAnswer): string => headers.get('etag') ?? '';
const refused = (answer: ApiAnswer) =>
  expect([answer.status, answer.body.code]).toEqual([412, 'precondition_failed']);

test('the ETag of a read or a write is good for one change, by PUT or DELETE', async () => {
  const id = await aSyncHere();
  const first = etagOf(await put(id, 900));
  const read = await ask(id, 'GET');
  expect(etagOf(read)).toBe(first);
  const second = await put(id, 600, first);
  expect([second.status, second.body.interval_seconds]).toEqual([200, 600]);
  refused(await put(id, 300, first));
  refused(await ask(id, 'DELETE', first));
  expect((await ask(id, 'GET')).body.interval_seconds).toBe(600);
  expect((await ask(id, 'DELETE', etagOf(second))).status).toBe(204);
});

test('without If-Match, and with *, whatever there is gives way', async () => {
  const id = await aSyncHere();
  await put(id, 900);
  expect((await put(id, 600)).status).toBe(200);
  expect((await put(id, 300, '*')).status).toBe(200);
  expect((await ask(id, 'DELETE', '*')).status).toBe(204);
});

test('what is not there matches nothing', async () => {
  const id = await aSyncHere();
  refused(await put(id, 900, '*'));
  refused(await ask(id, 'DELETE', '*'));
  expect((await ask(id, 'GET')).status).toBe(404);
  expect((await ask(id, 'DELETE')).status).toBe(204);
});

test('the overlap policy is part of what was read, next times and slots are not', async () => {
  const id = await aSyncHere();
  const tag = etagOf(await put(id, 900));
  await api.post(`/api/v1/syncs/${id}/pause`, { note: 'not now' });
  const paused = await ask(id, 'GET');
  expect(etagOf(paused)).not.toBe(tag);
  expect((await put(id, 900, tag)).status).toBe(200);
  const sync = await api.get(`/api/v1/syncs/${id}`);
  await api.send(`/api/v1/syncs/${id}`, {
    method: 'PATCH',
    body: { overlap_policy: 'skip' },
    headers: { 'If-Match': etagOf(sync) },
  });
  refused(await put(id, 900, tag));
});

test('of two changes at once with one ETag one is made', async () => {
  for (let time = 0; time < 5; time += 1) {
    const id = await aSyncHere();
    const tag = etagOf(await put(id, 900));
    const answers = await Promise.all([put(id, 600, tag), put(id, 300, tag)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 412]);
    const made = answers.find(({ status }) => status === 200);
    expect((await ask(id, 'GET')).body.interval_seconds).toBe(made?.body.interval_seconds);
  }
});
