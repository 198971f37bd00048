// A server that is killed between the effect and its answer: whoever asks again under the same key gets the answer, and no
// second run.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { KillableApi } from '../../support/processes/killable-api';

let database: TestDatabase;
let knex: Knex;
let token: string;
let workspaceId: string;
const running: KillableApi[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
  workspaceId = (await aWorkspace(knex)).id;
  token = (await aToken(knex, workspaceId)).token;
});
afterAll(async () => {
  await Promise.all(running.map((api) => api.kill()));
  await knex.destroy();
  await database.drop();
});

async function start(options?: { diesAtStart: boolean }): Promise<KillableApi> {
  const api = await KillableApi.start(database.url, options);
  running.push(api);
  return api;
}

function trigger(api: KillableApi, syncId: string, key: string): Promise<Response> {
  return fetch(`${api.url}/api/v1/syncs/${syncId}/trigger`, {
    method: 'POST',
    headers: { Authorization: `Bearer ${token}`, 'Idempotency-Key': key },
  });
}

test('killed between effect and answer, the next server replays what was committed', async () => {
  const { id: syncId } = await aSync(knex, { workspaceId });
  const dying = await start({ diesAtStart: true });
  await expect(trigger(dying, syncId, 'once')).rejects.toThrow();
  expect(await dying.died()).toBe('SIGKILL');
  const runs = await knex('runs').where({ sync_id: syncId });
  expect(runs).toHaveLength(1);
  const next = await start();
  const answer = await trigger(next, syncId, 'once');
  expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([202, 'true']);
  expect(await answer.json()).toMatchObject({ id: runs[0].id, state: 'started' });
  expect(await knex('runs').where({ sync_id: syncId })).toHaveLength(1);
});

test('a request whose server was killed leaves no key in flight', async () => {
  const { id: syncId } = await aSync(knex, { workspaceId });
  const dying = await start();
  const holder = await knex.transaction();
  await holder('syncs').where({ id: syncId }).forUpdate();
  const lost = trigger(dying, syncId, 'held').catch(() => 'lost');
  for (let waiting = 0; waiting === 0;) {
    const { rows } = await knex.raw(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    waiting = rows.length;
  }
  await dying.kill();
  expect(await lost).toBe('lost');
  await holder.rollback();
  const next = await start();
  // PostgreSQL notices the dead client when it next speaks to it, which is right after the lock.
  let answer = await trigger(next, syncId, 'held');
  while (answer.status === 409) answer = await trigger(next, syncId, 'held');
  expect(answer.status).toBe(202);
  expect(await knex('runs').where({ sync_id: syncId })).toHaveLength(1);
});
