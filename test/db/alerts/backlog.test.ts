// What has ended while nobody judged: worked off in groups of fifty, each run as of its end, and no storm of messages.
import type { Knex } from 'knex';
import { sentBy } from '../../../bench/data/plans';
import { judgeWatch } from '../../../worker/alerts/judge-watch';
import { Bell } from '../../../worker/reconciler/bell';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { messagesOf, storyOf } from './judging';

// An afternoon: two hundred syncs that fail every other half hour, and one that has been minutely all day.
const syncs = 200;
const runsOfEach = 9;
const minutely = 450;
jest.setTimeout(300_000);

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
  sync = await aSync(knex);
  await anAlertChannel(knex, sync.workspaceId);
  for (const statement of [
    `INSERT INTO syncs (id, workspace_id, name, model_id, destination_id, version, overlap_policy)
     SELECT 'sync_b' || n, workspace_id, 'Behind ' || n, model_id, destination_id, version, overlap_policy
     FROM syncs, generate_series(1, :syncs) n WHERE id = :id`,
    `INSERT INTO sync_versions SELECT (jsonb_populate_record(v, jsonb_build_object('sync_id', 'sync_b' || n))).*
     FROM sync_versions v, generate_series(1, :syncs) n WHERE v.sync_id = :id`,
    `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, outcome, workflow_id, sync_version, model_version,
       queued_at, started_at, completed_at, failure_code, failure_message)
     SELECT 'run_' || sync_id || '_' || n, :workspaceId, sync_id, n, 'schedule', CASE WHEN fails THEN 'failed' ELSE 'completed' END,
       CASE WHEN fails THEN 'nothing_applied' ELSE 'no_changes' END, 'run_' || sync_id || '_' || n, 1, 1, at, at, at,
       CASE WHEN fails THEN 'destination_auth_expired' END, CASE WHEN fails THEN 'Destination authentication expired' END
     FROM (
       SELECT 'sync_b' || s AS sync_id, n, n % 2 = 1 AS fails, now() - make_interval(mins => 300 - n * 30) AS at
       FROM generate_series(1, :syncs) s, generate_series(1, :runsOfEach) n
       UNION ALL
       SELECT :id, n, n % 2 = 1, now() - make_interval(mins => 1000 - n) FROM generate_series(1, :minutely) n) made`,
    `INSERT INTO judgements_due (workspace_id, sync_id, run_id)
     SELECT workspace_id, sync_id, id FROM runs ORDER BY completed_at`,
  ])
    await knex.raw(statement, { id: sync.id, workspaceId: sync.workspaceId, syncs, runsOfEach, minutely });
  await knex.raw('VACUUM ANALYZE');
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

test('all is judged in one round, fifty at most at once, and each in its order', async () => {
  const log = {
    error: (about: object) => {
      throw new Error(JSON.stringify(about));
    },
  };
  const watch = judgeWatch(knex, log, { closed: new Bell(), told: new Bell() });
  const sent = await sentBy(knex, () => watch.round(new AbortController().signal));
  const groups = sent.flatMap(({ sql, bindings }) =>
    sql.startsWith('DELETE FROM judgements_due') ? [(bindings[0] as unknown[]).length] : [],
  );
  expect(groups.reduce((sum, size) => sum + size, 0)).toBe(syncs * runsOfEach + minutely);
  expect(Math.max(...groups)).toBe(50);
  expect(await knex('judgements_due')).toEqual([]);

  const again = ['opened run_failed', 'resolved run_failed'];
  expect(await storyOf(knex, { id: 'sync_b7', workspaceId: sync.workspaceId })).toEqual([
    ...Array.from({ length: (runsOfEach - 1) / 2 }, () => again).flat(),
    'opened run_failed',
  ]);
  expect(await storyOf(knex, sync)).toEqual(Array.from({ length: minutely / 2 }, () => again).flat());
});

test('of all that came and went meanwhile there is a message, and what is still open is in another', async () => {
  const told = (await messagesOf(knex, sync)).filter(([, state]) => state !== 'withdrawn');
  const tally = new Map<string, number>();
  for (const [type] of told) tally.set(type, (tally.get(type) ?? 0) + 1);
  expect(tally.get('alert.raised')).toBeLessThanOrEqual(3);
  expect(tally.get('alert.resolved')).toBeLessThanOrEqual(3);
  const { rows } = await knex.raw<{ rows: { open: number; told: number }[] }>(
    `SELECT count(*) AS open, count(*) FILTER (WHERE EXISTS (
       SELECT 1 FROM alert_delivery_alerts t JOIN alert_deliveries d ON d.id = t.delivery_id
       WHERE t.alert_id = a.id AND d.state = 'pending' AND d.type = 'alert.raised')) AS told
     FROM alerts a WHERE resolved_at IS NULL`,
  );
  expect(rows).toEqual([{ open: syncs, told: syncs }]);
});
