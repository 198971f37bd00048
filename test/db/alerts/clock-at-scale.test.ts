// The look at the clock of two thousand syncs: as many statements as for one, few messages, and nothing written where nothing is new.
import type { Knex } from 'knex';
import { sentBy } from '../../../bench/data/plans';
import { judgeByClock } from '../../../db/alerts/judge/judge-by-clock';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import type { Lateness } from '../../../domain/alerts/judge-clock';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { messagesOf } from './judging';

const syncs = 2_000;
jest.setTimeout(60_000);

let database: TestDatabase;
let knex: Knex;
let first: StoredSync;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 4 });
  first = await aSync(knex, { schedule: daily });
  await anAlertChannel(knex, first.workspaceId);
  for (const statement of [
    `INSERT INTO syncs (id, workspace_id, name, model_id, destination_id, version, overlap_policy)
     SELECT 'sync_s' || n, workspace_id, 'Scheduled ' || n, model_id, destination_id, version, overlap_policy
     FROM syncs, generate_series(2, ${syncs}) n WHERE id = ?`,
    `INSERT INTO sync_schedules (sync_id, workspace_id, interval_seconds, cron, time_zone, jitter_seconds, catch_up_seconds)
     SELECT 'sync_s' || n, workspace_id, interval_seconds, cron, time_zone, jitter_seconds, catch_up_seconds
     FROM sync_schedules, generate_series(2, ${syncs}) n WHERE sync_id = ?`,
  ])
    await knex.raw(statement, [first.id]);
  await knex.raw('VACUUM ANALYZE');
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const overdue: Lateness = { overdue: new Date('2025-01-15T09:00:00Z'), knownUntil: new Date(0) };
const known: Lateness = { overdue: null, knownUntil: new Date('2025-01-15T09:00:00Z') };

/** A look at which that many are so; what it did, and how many statements that took. */
async function look(lateness: Lateness, many = syncs): Promise<{ changes: number; statements: number }> {
  let changes = 0;
  const sent = await sentBy(knex, async () => {
    changes = await judgeByClock(
      knex,
      async (schedules) => new Map(schedules.map(({ syncId }, at) => [syncId, at < many ? lateness : known])),
    );
  });
  return { changes, statements: sent.length };
}

/** Who wrote to the alerts last, or locked one. */
async function touched(): Promise<unknown> {
  const { rows } = await knex.raw(
    `SELECT count(*) AS alerts, max(xmin::text::bigint) AS written, max(xmax::text::bigint) AS locked FROM alerts`,
  );
  return rows;
}

test('of which nothing is to be said are four statements, however many they are', async () => {
  expect(await look(known)).toEqual({ changes: 0, statements: 4 });
});

test('that are all late at once are as many statements as one that is, and one message more', async () => {
  const one = await look(overdue, 1);
  const all = await look(overdue);
  expect([one.changes, all.changes]).toEqual([1, syncs - 1]);
  expect(all.statements).toBe(one.statements);
  expect(await messagesOf(knex, first)).toEqual([
    ['alert.raised', 'pending', 1],
    ['alert.raised', 'pending', syncs - 1],
  ]);
});

test('that stay late are ten statements, and neither write nor lock an alert', async () => {
  const before = await touched();
  expect(await look(overdue)).toEqual({ changes: 0, statements: 10 });
  expect(await touched()).toEqual(before);
});

test('that are late no more are a few statements, and over in one message; what nobody had heard of is not told', async () => {
  const all = await look(known);
  expect(all.changes).toBe(syncs);
  expect(all.statements).toBeLessThan(20);
  expect(await messagesOf(knex, first)).toEqual([
    ['alert.raised', 'pending', 1],
    ['alert.raised', 'withdrawn', 0],
    ['alert.resolved', 'pending', 1],
  ]);
  expect(await knex('alerts').whereNull('resolved_at')).toEqual([]);
});
