// The timeline of a run as JSON: as it always was, and after an event.
import { aWorkspace } from '../../factories/a-workspace';
import { aLiveRun, endLiveRun } from '../../factories/a-live-run';
import { writeEvent } from '../../../db/runs/run-events';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const typesOf = (data: { type: string }[]) => data.map(({ type }) => type);

test('a run’s events are all there, oldest first, each with its time to the millisecond', async () => {
  const run = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, run);
  const { status, headers, body } = await api.get(run.events);
  expect(status).toBe(200);
  expect(headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(Object.keys(body)).toEqual(['data']);
  expect(typesOf(body.data)).toEqual([
    'run_queued',
    'run_admitted',
    'run_started',
    'model_read',
    'changes_planned',
    'run_completed',
  ]);
  expect(Object.keys(body.data[3])).toEqual(['id', 'at', 'type', 'detail']);
  expect(body.data[3].at).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  expect(body.data[3].detail).toMatchObject({ rows_read: 10 });
});

test('an answer that was chosen by its type, and packed, varies with both; a problem of it too', async () => {
  const run = await aLiveRun(api.knex, api);
  for (let times = 0; times < 20; times += 1) await writeEvent(api.knex, run, 'waiting');
  const headers = { 'Accept-Encoding': 'gzip' };
  const packed = await api.send(run.events, { headers });
  expect([packed.status, packed.headers.get('content-encoding')]).toEqual([200, 'gzip']);
  const streamed = { ...headers, Accept: 'text/event-stream' };
  const refused = await api.send(`${run.events}?limit=1`, { headers: streamed });
  expect(refused.status).toBe(400);
  for (const answer of [packed, refused]) expect(answer.headers.get('vary')).toBe('Accept-Encoding, Accept');
});

test('after an event come the ones behind it, as many as are wanted', async () => {
  const run = await aLiveRun(api.knex, api);
  const { data } = (await api.get(run.events)).body;
  const after = (id: number, more = '') => api.get(`${run.events}?after=${id}${more}`);
  expect((await after(0)).body.data).toEqual(data);
  expect((await after(data[1].id)).body.data).toEqual(data.slice(2));
  expect((await after(data[1].id, '&limit=2')).body.data).toEqual(data.slice(2, 4));
  expect((await api.get(`${run.events}?limit=1`)).body.data).toEqual(data.slice(0, 1));
  expect((await after(data.at(-1).id)).body.data).toEqual([]);
});

test('an event waits for the one before it that is still on its way, for whoever goes on from there', async () => {
  const run = await aLiveRun(api.knex, api);
  const { data } = (await api.get(run.events)).body;
  const onItsWay = await api.knex.transaction();
  await writeEvent(onItsWay, run, 'waiting');
  await writeEvent(api.knex, run, 'cancel_requested');
  // Whoever looks at all of it sees what there is.
  expect(typesOf((await api.get(run.events)).body.data).at(-1)).toBe('cancel_requested');
  expect((await api.get(`${run.events}?after=0`)).body.data).toEqual(data);
  expect((await api.get(`${run.events}?after=${data.at(-1).id}`)).body.data).toEqual([]);
  await onItsWay.commit();
  const { body } = await api.get(`${run.events}?after=${data.at(-1).id}`);
  expect(typesOf(body.data)).toEqual(['waiting', 'cancel_requested']);
});

test.each([
  ['?after=-1', '/after'],
  ['?after=1e3', '/after'],
  ['?after=99999999999999999999', '/after'],
  ['?after=', '/after'],
  ['?limit=0', '/limit'],
  ['?limit=10001', '/limit'],
  ['?since=1', '/since'],
])('%s is refused', async (query, pointer) => {
  const run = await aLiveRun(api.knex, api);
  const answer = await api.get(run.events + query);
  expect(answer.status).toBe(400);
  expect(answer.body.errors).toMatchObject([{ pointer }]);
});

test('another workspace’s run is as absent as one that is nowhere, as JSON and as a stream', async () => {
  const run = await aLiveRun(api.knex, api);
  const stranger = await api.newToken(['read'], (await aWorkspace(api.knex)).id);
  const nowhere = run.events.replace(run.runId, 'run_0000000000000000000000000');
  for (const headers of [{}, { Accept: 'text/event-stream' }]) {
    const one = await api.send(run.events, { token: stranger, headers });
    const other = await api.send(nowhere, { headers });
    const { request_id: _one, instance: _path, ...problem } = one.body;
    const { request_id: _other, instance: _nowhere, ...same } = other.body;
    expect([one.status, problem]).toEqual([404, same]);
  }
});
