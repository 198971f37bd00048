// A watched run is read by one look at a time, whoever asks for it.
import { pino } from 'pino';
import type { Knex } from 'knex';
import { RunWatch } from '../../../api/events/run-watch';
import { WatchReader } from '../../../api/events/watch-reader';
import { connect } from '../../../db/connect';
import { runEvents } from '../../../db/views/run-events-view';
import { writeEvent } from '../../../db/runs/run-events';
import { aLiveRun } from '../../factories/a-live-run';
import { aWorkspace } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

test('looks that are asked for at the same time take every event in once', async () => {
  const run = await aLiveRun(knex, { workspaceId: (await aWorkspace(knex)).id });
  const watch = new RunWatch(run);
  const reader = new WatchReader(knex, pino({ level: 'silent' }));
  reader.ask(watch);
  await Promise.all([reader.read(watch), reader.read(watch), writeEvent(knex, run, 'waiting')]);
  reader.ask(watch);
  await Promise.all([reader.read(watch), reader.read(watch)]);
  await until('the watch to be settled', () => watch.isSettled);
  const events = await runEvents(knex, run.workspaceId, run.runId);
  const frames = Array.from({ length: events.length + 1 }, (_, place) => watch.frameAt(place));
  expect(frames.map((frame) => frame?.id)).toEqual([...events.map(({ id }) => id), undefined]);
});
