// Streams outlive the database: they stay open while it is away, and tell what they could not hear.
import type { Knex } from 'knex';
import { LiveEvents } from '../../../api/events/live-events';
import { connect } from '../../../db/connect';
import { writeEvent } from '../../../db/runs/run-events';
import { aLiveRun, endLiveRun } from '../../factories/a-live-run';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { type RunningApi, startApi } from '../running-api';
import { OpenStream } from './open-stream';
import { until } from '../../support/until';

let api: RunningApi;
let gate: PostgresGate;
let behindGate: Knex;

beforeAll(async () => {
  // Only what the streams read goes through the gate: the test, and the rest of the API, go beside it.
  api = await startApi(async ({ databaseUrl, logger }) => {
    gate = await PostgresGate.openTo(databaseUrl);
    behindGate = connect(gate.url, { poolSize: 3 });
    return {
      liveEvents: new LiveEvents({ knex: behindGate, databaseUrl: gate.url, logger, heartbeatMs: 20 }),
    };
  });
});
afterAll(async () => {
  await api.stop();
  await behindGate.destroy();
  await gate.shut();
});

test('what happens while the database is away is told when it is back, and after that all is as before', async () => {
  const run = await aLiveRun(api.knex, api);
  const stream = await OpenStream.open(api, run.events);
  for (let seen = 0; seen < 5; seen += 1) expect(await stream.nextEvent()).toHaveProperty('id');
  await gate.shut();
  await until('the log to tell of the loss', () =>
    api.logged().includes('notifications of the database are lost'),
  );
  await writeEvent(api.knex, run, 'waiting');
  // Still alive: a sign of life comes that was sent after the loss.
  for (let beats = 0; beats < 3; beats += 1) expect(await stream.next()).not.toBeNull();
  await gate.beginStarting();
  await gate.shut();
  await gate.open();
  expect(await stream.nextEvent()).toMatchObject({ event: 'waiting' });
  await writeEvent(api.knex, run, 'cancel_requested');
  expect(await stream.nextEvent()).toMatchObject({ event: 'cancel_requested' });
  await endLiveRun(api.knex, run);
  expect((await stream.rest()).map(({ event }) => event)).toEqual(['run_completed', 'end']);
});

test('a stream that cannot be begun is a 503, and takes no place', async () => {
  const run = await aLiveRun(api.knex, api);
  await gate.shut();
  for (let tries = 0; tries < 60; tries += 1) {
    const refused = await OpenStream.open(api, run.events);
    expect([refused.answer.status, (await refused.json()).code]).toEqual([503, 'database_unavailable']);
  }
  await gate.open();
  const stream = await OpenStream.open(api, run.events);
  expect(stream.answer.status).toBe(200);
  stream.close();
});
