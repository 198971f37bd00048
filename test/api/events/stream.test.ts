// A run's events as a stream: what is sent, in which form, how it is gone on with, and how it ends.
import { once } from 'node:events';
import { request } from 'node:http';
import { connect as connectSocket } from 'node:net';
import { aLiveRun, endings, endLiveRun } from '../../factories/a-live-run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aQueuedRun } from '../../factories/a-planned-run';
import { LiveEvents, type LiveEventsOptions } from '../../../api/events/live-events';
import { writeEvent } from '../../../db/runs/run-events';
import { startRun } from '../../../db/runs/start-run';
import { type RunningApi, startApi } from '../running-api';
import { type Frame, type OpenOptions, OpenStream } from './open-stream';
import { until } from '../../support/until';

let api: RunningApi;
let liveEvents: LiveEvents;
beforeAll(async () => {
  api = await startApi((own) => {
    liveEvents = new LiveEvents(own);
    return { liveEvents };
  });
});
afterAll(() => api.stop());

const open = (path: string, options?: OpenOptions) => OpenStream.open(api, path, options);
const typesOf = (frames: readonly Frame[]) => frames.map(({ event }) => event);

async function withLive(
  options: Partial<LiveEventsOptions>,
  look: (own: RunningApi, live: LiveEvents) => Promise<void>,
): Promise<void> {
  let live: LiveEvents | undefined;
  const own = await startApi((made) => ({ liveEvents: (live = new LiveEvents({ ...made, ...options })) }));
  try {
    if (live) await look(own, live);
  } finally {
    await own.stop();
  }
}

test('it begins with the pause before coming back, then all there was, then what happens, and ends with the run', async () => {
  const run = await aLiveRun(api.knex, api);
  const stream = await open(run.events);
  expect(stream.answer.status).toBe(200);
  expect(Object.fromEntries(stream.answer.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-accel-buffering': 'no',
    vary: 'Accept-Encoding, Accept',
  });
  const first = await stream.next();
  expect(first?.retry).toBeGreaterThanOrEqual(1_000);
  expect(first?.retry).toBeLessThanOrEqual(3_000);
  const past = [];
  for (let seen = 0; seen < 5; seen += 1) past.push(await stream.nextEvent());
  const { data } = (await api.get(run.events)).body;
  expect(past).toEqual(data.map((event: { id: number; type: string }) => frameOf(event)));

  await writeEvent(api.knex, run, 'cancel_requested', { by: 'token_1' });
  expect(await stream.nextEvent()).toMatchObject({
    event: 'cancel_requested',
    data: { detail: { by: 'token_1' } },
  });
  await endLiveRun(api.knex, run);
  const [completed, end, ...more] = await stream.rest();
  expect(completed).toMatchObject({ event: 'run_completed', data: { detail: { outcome: 'clean' } } });
  expect(end).toEqual({ event: 'end', data: { status: 'completed', outcome: 'clean' } });
  expect(more).toEqual([]);
});

const frameOf = (event: { id: number; type: string }) => ({ id: event.id, event: event.type, data: event });

test.each(endings)('a run that has ended %s is told to its end at once', async (ending) => {
  const run = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, run, ending);
  const { data } = (await api.get(run.events)).body;
  const { status, outcome } = (await api.get(run.path)).body;
  const stream = await open(run.events);
  expect(await stream.rest()).toEqual([...data.map(frameOf), { event: 'end', data: { status, outcome } }]);
});

test('a reader goes on after the last event it has seen, by the header or by the query', async () => {
  const run = await aLiveRun(api.knex, api);
  const { data } = (await api.get(run.events)).body;
  for (const stream of [
    await open(run.events, { lastEventId: data[2].id }),
    await open(`${run.events}?after=${data[2].id}`),
    await open(`${run.events}?after=0`, { lastEventId: data[2].id }),
  ]) {
    expect(await stream.nextEvent()).toMatchObject({ id: data[3].id });
    stream.close();
  }
});

test('whoever has seen all of an ended run gets 204, after which a browser does not come back', async () => {
  const run = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, run);
  const { data } = (await api.get(run.events)).body;
  const last = data.at(-1).id;
  const { answer } = await open(run.events, { lastEventId: last });
  expect(answer.status).toBe(204);
  // What is told of it later is still new.
  await writeEvent(api.knex, run, 'run_reset', { after_its_end: true });
  expect(typesOf(await (await open(run.events, { lastEventId: last })).rest())).toEqual(['run_reset', 'end']);
  const silent = await aRun(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }) });
  expect((await open(`/api/v1/syncs/${silent.syncId}/runs/${silent.id}/events`)).answer.status).toBe(204);
});

test('a queued run is waited for', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const queued = await aQueuedRun(api.knex, sync);
  const stream = await open(`/api/v1/syncs/${sync.id}/runs/${queued.runId}/events`);
  expect(typesOf([await stream.nextEvent(), await stream.nextEvent()] as Frame[])).toEqual([
    'run_queued',
    'run_admitted',
  ]);
  await startRun(api.knex, queued.runId);
  expect(await stream.nextEvent()).toMatchObject({ event: 'run_started' });
  stream.close();
});

test('progress is told when something has moved, without an id', async () => {
  const run = await aLiveRun(api.knex, api);
  const stream = await open(run.events);
  const nextProgress = async (): Promise<Frame> => {
    for (;;) {
      const frame = await stream.next();
      if (frame === null || frame.event === 'progress') return frame ?? {};
    }
  };
  const { progress } = (await api.get(run.path)).body;
  const first = await nextProgress();
  expect(first).toEqual({
    event: 'progress',
    data: { ...progress, rows_per_second: first.data.rows_per_second },
  });
  expect(first.data).toMatchObject({ phase: 'destination_writes', rows_planned: 10, rows_answered: 0 });
  await endLiveRun(api.knex, run);
  // The last one may have been told before the end, or not: the end is what counts.
  expect(typesOf(await stream.rest())).toEqual(['run_completed', 'end']);
});

test.each(['abc', '-1', '1.5', '99999999999999999999'])(
  'the last event id %s is refused',
  async (lastEventId) => {
    const run = await aLiveRun(api.knex, api);
    const { answer } = await open(run.events, { lastEventId });
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '/Last-Event-ID' }] });
  },
);

test('a stream has no limit, and takes a token with the scope read', async () => {
  const run = await aLiveRun(api.knex, api);
  const refused = await open(`${run.events}?limit=5`);
  expect([refused.answer.status, (await refused.json()).errors[0].pointer]).toEqual([400, '/limit']);
  const token = await api.newToken(['trigger']);
  expect((await open(run.events, { token })).answer.status).toBe(403);
});

test.each([
  ['text/event-stream, application/json;q=0.5', 'text/event-stream'],
  ['application/json, text/event-stream;q=0.9', 'application/json'],
  ['text/event-stream;q=0.1, */*;q=0.01', 'text/event-stream'],
  ['*/*', 'application/json'],
  ['text/html', 'application/json'],
])('Accept: %s gives %s', async (accept, type) => {
  const run = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, run);
  const answer = await fetch(api.url + run.events, {
    headers: { Authorization: `Bearer ${api.token}`, Accept: accept },
  });
  expect(answer.headers.get('content-type')).toContain(type);
  await answer.text();
});

test('a quiet stream gives signs of life', async () => {
  await withLive({ heartbeatMs: 20 }, async (own) => {
    const run = await aLiveRun(own.knex, own);
    const stream = await OpenStream.open(own, `${run.events}?after=999999`);
    expect(await stream.next()).toHaveProperty('retry');
    const next = [await stream.next(), await stream.next(), await stream.next()];
    expect(next.filter((frame) => frame?.event !== 'progress')).toContainEqual({});
    stream.close();
  });
});

test('a stream that is open for long ends between events; its reader is asked for its token again and goes on', async () => {
  await withLive({ heartbeatMs: 20, longestMs: 1 }, async (own) => {
    const run = await aLiveRun(own.knex, own);
    const seen = await (await OpenStream.open(own, run.events)).rest();
    expect(typesOf(seen).at(-1)).toBe('changes_planned');
    await endLiveRun(own.knex, run);
    const again = await OpenStream.open(own, run.events, { lastEventId: Number(seen.at(-1)?.id) });
    expect(typesOf(await again.rest())).toEqual(['run_completed', 'end']);
  });
});

test('a server that stops ends its streams in order and takes no new ones', async () => {
  const own = await startApi();
  const run = await aLiveRun(own.knex, own);
  const stream = await OpenStream.open(own, run.events);
  for (let seen = 0; seen < 5; seen += 1) await stream.nextEvent();
  // Held for longer than the drain lasts, it would be cut, and reading it would fail.
  await own.stop();
  expect(await stream.rest()).toEqual([]);

  const live = new LiveEvents({ knex: api.knex, databaseUrl: api.databaseUrl, logger: own.logger });
  await live.close();
  await expect(live.open(run, 'token_1', 0)).rejects.toMatchObject({ code: 'server_stopping', status: 503 });
});

test('places are counted for each token and in all, and come back when a reader leaves', async () => {
  await withLive({ mostPerToken: 2, mostInAll: 3 }, async (own) => {
    const run = await aLiveRun(own.knex, own);
    const one = await OpenStream.open(own, run.events);
    const two = await OpenStream.open(own, run.events);
    const { answer } = await OpenStream.open(own, run.events);
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '10']);
    expect(await answer.json()).toMatchObject({ code: 'too_many_requests' });
    const token = await own.newToken(['read']);
    const three = await OpenStream.open(own, run.events, { token });
    expect(three.answer.status).toBe(200);
    expect((await OpenStream.open(own, run.events, { token })).answer.status).toBe(429);
    one.close();
    await until('the places to be free again', async () => {
      const again = await OpenStream.open(own, run.events);
      again.close();
      return again.answer.status === 200;
    });
    for (const stream of [two, three]) stream.close();
  });
});

test('a thousand readers that come and go, each in its own way, leave nothing behind', async () => {
  const run = await aLiveRun(api.knex, api);
  const ended = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, ended);
  const ways: (() => Promise<unknown>)[] = [
    async () => {
      const stream = await open(run.events);
      await stream.nextEvent();
      stream.close();
    },
    async () => (await open(run.events)).close(),
    // Gone before there is an answer.
    () => sendAndLeave(run.events),
    () => headOf(run.events),
    async () => (await open(ended.events)).rest(),
  ];
  for (let round = 0; round < 40; round += 1)
    await Promise.all([...ways, ...ways, ...ways, ...ways, ...ways].map((way) => way()));
  // All places of the token are free again, once the last one that left early has been noticed.
  await until('the places to be free again', async () => {
    const streams = await Promise.all(Array.from({ length: 50 }, () => open(run.events)));
    for (const stream of streams) stream.close();
    return streams.every(({ answer }) => answer.status === 200);
  });
  await until('nothing to be open or watched', () => liveEvents.openStreams + liveEvents.watchedRuns === 0);
  expect(api.logged()).not.toContain('an answer could not be sent');
}, 120_000);

async function sendAndLeave(path: string): Promise<void> {
  const { hostname, port } = new URL(api.url);
  const socket = connectSocket(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${api.token}\r\nAccept: text/event-stream\r\n\r\n`,
    () => socket.destroy(),
  );
  await once(socket, 'close');
}

async function headOf(path: string): Promise<void> {
  const asked = request(api.url + path, {
    method: 'HEAD',
    headers: { Authorization: `Bearer ${api.token}`, Accept: 'text/event-stream' },
  });
  asked.end();
  const [answer] = await once(asked, 'response');
  expect(answer.statusCode).toBe(200);
  answer.resume();
}

test('a reader that takes nothing any more is cut, and can come back', async () => {
  await withLive({ heartbeatMs: 20 }, async (own, live) => {
    const run = await aLiveRun(own.knex, own);
    // More than the buffers of both sides hold.
    for (let written = 0; written < 64; written += 1)
      await writeEvent(own.knex, run, 'waiting', { reason: 'x'.repeat(256 * 1024) });
    const { hostname, port } = new URL(own.url);
    const socket = connectSocket(Number(port), hostname).pause();
    socket.on('error', () => undefined);
    socket.write(
      `GET ${run.events} HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${own.token}\r\nAccept: text/event-stream\r\n\r\n`,
    );
    await until('the stream to be open', () => live.openStreams === 1);
    await until('the stream to be gone', () => live.openStreams === 0);
    socket.destroy();
    const seen = await idsByComingBack(own, run.events, 5 + 64);
    const { data } = (await own.get(run.events)).body;
    expect(seen).toEqual(data.map(({ id }: { id: number }) => id));
  });
});

/** What a reader sees that comes back after its last id whenever it is cut: on a busy machine it is slow itself. */
async function idsByComingBack(own: RunningApi, path: string, count: number): Promise<number[]> {
  const seen: number[] = [];
  while (seen.length < count) {
    const last = seen.at(-1);
    const stream = await OpenStream.open(own, path, last === undefined ? {} : { lastEventId: last });
    const next = (): Promise<Frame | null> => stream.nextEvent().catch(() => null);
    for (let frame = await next(); frame?.id !== undefined; frame = await next()) {
      seen.push(frame.id);
      if (seen.length === count) break;
    }
    stream.close();
  }
  return seen;
}
