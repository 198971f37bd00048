// What many event streams cost the database: one connection that listens, for all of a process.
import { writeEvent } from '../../../db/runs/run-events';
import { aLiveRun } from '../../factories/a-live-run';
import { type RunningApi, startApi } from '../running-api';
import { OpenStream } from './open-stream';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Connections to this database, by what they say they are. */
async function connections(): Promise<Record<string, number>> {
  const { rows } = await api.knex.raw<{ rows: { name: string; count: number }[] }>(
    `SELECT application_name AS name, count(*)::int FROM pg_stat_activity
     WHERE datname = current_database() AND backend_type = 'client backend' GROUP BY 1`,
  );
  return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
}

test('thirty streams of six runs are told what happens over one connection that listens', async () => {
  expect((await connections())['signalsmith-listener']).toBeUndefined();
  const runs = await Promise.all(Array.from({ length: 6 }, () => aLiveRun(api.knex, api)));
  const streams = await Promise.all(
    runs.flatMap((run) =>
      Array.from({ length: 5 }, async () => {
        const stream = await OpenStream.open(api, run.events);
        expect(stream.answer.status).toBe(200);
        return stream;
      }),
    ),
  );
  for (const run of runs) await writeEvent(api.knex, run, 'waiting', { reason: 'to be told' });
  // Each of them has it, and so is listened for.
  for (const stream of streams) {
    for (let frame = await stream.nextEvent(); frame?.event !== 'waiting'; frame = await stream.nextEvent())
      expect(frame).not.toBeNull();
  }
  const { 'signalsmith-listener': listeners, ...others } = await connections();
  expect(listeners).toBe(1);
  // All else are the pool's, which has five.
  expect(Object.values(others).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(5);
  for (const stream of streams) stream.close();
});
