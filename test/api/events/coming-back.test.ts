// A reader that is cut and comes back after what it has seen last: no event twice, none missed, wherever it was cut.
import { EventStream } from '../../../api/events/event-stream';
import { RunWatch } from '../../../api/events/run-watch';
import { writeEvent } from '../../../db/runs/run-events';
import type { RunEventView } from '../../../db/views/run-events-view';
import { aLiveRun, endLiveRun } from '../../factories/a-live-run';
import { type RunningApi, startApi } from '../running-api';
import { OpenStream } from './open-stream';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

type LiveRun = Awaited<ReturnType<typeof aLiveRun>>;
const idsOf = async (run: LiveRun): Promise<number[]> =>
  (await api.get(run.events)).body.data.map(({ id }: { id: number }) => id);

test('cut after each event of a run that goes on, it sees all of them once, and 204 after the end', async () => {
  const run = await aLiveRun(api.knex, api);
  // Keeps the run watched from its first event on: what comes back finds a watch that others opened.
  const other = await OpenStream.open(api, run.events);
  const seen: number[] = [];
  const readOne = async (): Promise<boolean> => {
    const last = seen.at(-1);
    const stream = await OpenStream.open(api, run.events, last === undefined ? {} : { lastEventId: last });
    const frame = await stream.nextEvent();
    stream.close();
    if (frame?.id !== undefined) seen.push(frame.id);
    return frame?.id !== undefined;
  };
  const known = (await idsOf(run)).length;
  for (let at = 0; at < known; at += 1) await readOne();
  for (let at = 0; at < 5; at += 1) {
    await writeEvent(api.knex, run, 'waiting', { reason: `${at}` });
    await readOne();
  }
  await endLiveRun(api.knex, run);
  while (await readOne());
  expect(seen).toEqual(await idsOf(run));
  const { answer } = await OpenStream.open(api, run.events, { lastEventId: Number(seen.at(-1)) });
  expect(answer.status).toBe(204);
  other.close();
});

test('cut after any event of an ended run, it is told the rest of them and the end', async () => {
  const run = await aLiveRun(api.knex, api);
  await endLiveRun(api.knex, run);
  const ids = await idsOf(run);
  for (const [at, lastEventId] of ids.slice(0, -1).entries()) {
    const rest = await (await OpenStream.open(api, run.events, { lastEventId })).rest();
    expect(rest.map(({ id }) => id)).toEqual([...ids.slice(at + 1), undefined]);
    expect(rest.at(-1)).toMatchObject({ event: 'end' });
  }
});

test('an id between two events, as one of another run is, goes on with the next one', async () => {
  const [one, other] = [await aLiveRun(api.knex, api), await aLiveRun(api.knex, api)];
  await writeEvent(api.knex, one, 'waiting', { reason: 'after the other run' });
  const between = Number((await idsOf(other)).at(-1));
  const stream = await OpenStream.open(api, one.events, { lastEventId: between });
  expect(await stream.nextEvent()).toMatchObject({ id: (await idsOf(one)).at(-1) });
  stream.close();
});

test('what it has seen from another process, and this one reads only now, is not told again', async () => {
  const watch = new RunWatch({ workspaceId: 'ws', syncId: 'sync', runId: 'run' });
  const take = (status: 'running' | 'completed', ...ids: number[]): void =>
    watch.take({
      events: ids.map(event),
      isWhole: true,
      status,
      outcome: status === 'completed' ? 'clean' : null,
    });
  take('running', 1, 2);
  const stream = new EventStream(watch, {
    after: 4,
    retryMs: 1,
    endsAtMs: Infinity,
    closed: () => undefined,
  });
  const told = read(stream);
  take('running', 3, 4, 5);
  take('completed', 6);
  expect((await told).match(/^id: \d+|^event: end/gm)).toEqual(['id: 5', 'id: 6', 'event: end']);
});

const event = (id: number): RunEventView => ({ id, at: new Date(0), type: 'waiting', detail: {} });

async function read(stream: EventStream): Promise<string> {
  let text = '';
  for await (const chunk of stream) text += String(chunk);
  return text;
}
