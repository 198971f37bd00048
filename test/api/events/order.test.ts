// Nothing is missed: events whose transactions end in another order than their ids were drawn in, and many writers at once.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { writeEvent } from '../../../db/runs/run-events';
import { aLiveRun, endLiveRun, type LiveRun } from '../../factories/a-live-run';
import { type SeededRandom, seededRandom } from '../../chaos/place/seeded-random';
import { type RunningApi, startApi } from '../running-api';
import { OpenStream } from './open-stream';

let api: RunningApi;
let writers: Knex;
beforeAll(async () => {
  api = await startApi();
  writers = connect(api.databaseUrl, { poolSize: 8 });
});
afterAll(async () => {
  await writers.destroy();
  await api.stop();
});

const idsOf = async (run: LiveRun): Promise<number[]> =>
  (await api.get(run.events)).body.data.map(({ id }: { id: number }) => id);

/** A stream that has told all there is. */
async function upToDate(run: LiveRun): Promise<OpenStream> {
  const stream = await OpenStream.open(api, run.events);
  for (let left = (await idsOf(run)).length; left > 0; left -= 1) await stream.nextEvent();
  return stream;
}

/** Waits until the process has taken note of all that was notified before. */
async function untilHeard(): Promise<void> {
  const other = await aLiveRun(api.knex, api);
  const stream = await upToDate(other);
  await writeEvent(api.knex, other, 'waiting');
  expect(await stream.nextEvent()).toMatchObject({ event: 'waiting' });
  stream.close();
}

test.each(['commit', 'rollback'] as const)(
  'an event is told only once the one before it is: a %s lets both go on',
  async (end) => {
    const run = await aLiveRun(api.knex, api);
    const stream = await upToDate(run);
    const onItsWay = await writers.transaction();
    await writeEvent(onItsWay, run, 'waiting');
    await writeEvent(writers, run, 'cancel_requested');
    await untilHeard();
    await onItsWay[end]();
    const told = [await stream.nextEvent()];
    if (end === 'commit') told.push(await stream.nextEvent());
    expect(told.map((frame) => frame?.event)).toEqual(
      end === 'commit' ? ['waiting', 'cancel_requested'] : ['cancel_requested'],
    );
    stream.close();
  },
);

test('what hangs on its way holds back nothing of before it, nor any other run', async () => {
  const run = await aLiveRun(api.knex, api);
  const onItsWay = await writers.transaction();
  await writeEvent(onItsWay, run, 'waiting');
  const stream = await upToDate(run);
  await untilHeard();
  await onItsWay.commit();
  expect(await stream.nextEvent()).toMatchObject({ event: 'waiting' });
  stream.close();
});

test('many writers at once: every reader is told every event once, in one order, however often it comes back', async () => {
  const run = await aLiveRun(api.knex, api);
  const random = seededRandom(20_260_115);
  const isWritten = Promise.all(Array.from({ length: 8 }, () => writeMany(run, random)));
  const readers = [read(run, Infinity), read(run, 7), read(run, 1), poll(run)];
  await isWritten;
  await endLiveRun(api.knex, run);
  const ids = await idsOf(run);
  expect(ids.length).toBeGreaterThan(100);
  for (const told of await Promise.all(readers)) expect(told).toEqual(ids);
});

/** Twenty transactions of one or two events, each open for some milliseconds, every eighth given up. */
async function writeMany(run: LiveRun, random: SeededRandom): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) {
    const trx = await writers.transaction();
    await writeEvent(trx, run, 'waiting', { turn });
    await sleep(random.between(0, 8));
    if (random.between(0, 1) < 0.3) await writeEvent(trx, run, 'phase_retried', { turn });
    await (random.between(0, 8) < 1 ? trx.rollback() : trx.commit());
  }
}

/** Reads the stream to its end; leaves after so many events, and goes on from the last. */
async function read(run: LiveRun, eventsAtOnce: number): Promise<number[]> {
  const told: number[] = [];
  for (;;) {
    const lastEventId = told.at(-1);
    const stream = await OpenStream.open(api, run.events, lastEventId === undefined ? {} : { lastEventId });
    if (stream.answer.status === 204) return told;
    for (let seen = 0; seen < eventsAtOnce; seen += 1) {
      const frame = await stream.nextEvent();
      if (frame === null || frame.event === 'end') return told;
      told.push(Number(frame.id));
    }
    stream.close();
  }
}

/** Asks for what came after, again and again, until the run has ended. */
async function poll(run: LiveRun): Promise<number[]> {
  const told: number[] = [];
  for (;;) {
    const { completed_at: endedAt } = (await api.get(run.path)).body;
    const { data } = (await api.get(`${run.events}?after=${told.at(-1) ?? 0}&limit=50`)).body;
    told.push(...data.map(({ id }: { id: number }) => id));
    if (endedAt !== null && data.length === 0) return told;
  }
}
