// Which events are notified: those of runs that somebody watches, for as long as the word holds.
import { Client } from 'pg';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { runEventsChannel, watchNothing, watchRuns } from '../../../db/live/run-watches';
import { writeEvent, writeSyncEvent } from '../../../db/runs/run-events';
import { aLiveRun } from '../../factories/a-live-run';
import { aWorkspace } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let client: Client;
let workspaceId: string;
const heard: (string | undefined)[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
  workspaceId = (await aWorkspace(knex)).id;
  client = new Client({ connectionString: database.url });
  await client.connect();
  client.on('notification', ({ payload }) => heard.push(payload));
  await client.query(`LISTEN ${runEventsChannel}`);
});
afterAll(async () => {
  await client.end();
  await knex.destroy();
  await database.drop();
});

/** What was heard since the last call: notifications come before the answer to a later query. */
async function heardNow(): Promise<(string | undefined)[]> {
  await client.query('SELECT 1');
  return heard.splice(0);
}

const aRun = () => aLiveRun(knex, { workspaceId });

test('an event of a watched run is notified once for a transaction, one of another run or of a sync is not', async () => {
  const [watched, other] = [await aRun(), await aRun()];
  await watchRuns(knex, 'one', [watched]);
  await watchRuns(knex, 'two', [watched]);
  await knex.transaction(async (trx) => {
    for (let written = 0; written < 3; written += 1) await writeEvent(trx, watched, 'waiting');
    await writeEvent(trx, other, 'waiting');
    await writeSyncEvent(trx, watched, 'sync_paused');
  });
  expect(await heardNow()).toEqual([watched.runId]);
  await watchNothing(knex, 'one');
  await writeEvent(knex, watched, 'waiting');
  expect(await heardNow()).toEqual([watched.runId]);
  await watchNothing(knex, 'two');
  await writeEvent(knex, watched, 'waiting');
  expect(await heardNow()).toEqual([]);
});

test('the word of a watcher that is gone runs out, and the next one removes it', async () => {
  const [left, other] = [await aRun(), await aRun()];
  await watchRuns(knex, 'gone', [left]);
  await knex('run_watches')
    .where({ watcher: 'gone' })
    .update({ until: knex.raw(`now() - interval '1 second'`) });
  await writeEvent(knex, left, 'waiting');
  expect(await heardNow()).toEqual([]);
  await watchRuns(knex, 'alive', [other]);
  expect(await knex('run_watches').pluck('watcher')).toEqual(['alive']);
  await watchNothing(knex, 'alive');
});

test('a watcher that comes late with its next word is heard again', async () => {
  const run = await aRun();
  await watchRuns(knex, 'late', [run]);
  await knex('run_watches').update({ until: knex.raw(`now() - interval '1 second'`) });
  await watchRuns(knex, 'late', [run]);
  await writeEvent(knex, run, 'waiting');
  expect(await heardNow()).toEqual([run.runId]);
});
