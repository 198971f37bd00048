// The judge under trouble: crashes, several of them, a thousand syncs at once, flapping, and runs that cannot be judged.
import type { Knex } from 'knex';
import { judgeDue } from '../../../db/alerts/judge/judge-due';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { completedRun, failingRun, judgeAll, messagesOf, passGathering, storyOf } from './judging';

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
let channelIds: string[];
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
  await knex.raw(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION 'broken on purpose' USING ERRCODE = TG_ARGV[0]; END $$`);
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  sync = await aSync(knex);
  channelIds = [await anAlertChannel(knex, sync.workspaceId), await anAlertChannel(knex, sync.workspaceId)];
});

const alertsOf = (place = sync) => knex('alerts').where({ sync_id: place.id });
const isDue = async (place = sync) => (await knex('judgements_due').where({ sync_id: place.id })).length;

/** Has writing to that table fail with this SQLSTATE; of alerts for the sync alone. */
async function breaking(table: string, code: string, work: () => Promise<void>): Promise<void> {
  const act = table === 'judgements_due' ? 'DELETE' : 'INSERT';
  const when = table === 'alerts' ? `WHEN (NEW.sync_id = '${sync.id}')` : '';
  await knex.raw(
    `CREATE TRIGGER broken BEFORE ${act} ON ${table} FOR EACH ROW ${when} EXECUTE FUNCTION break_down('${code}')`,
  );
  try {
    await work();
  } finally {
    await knex.raw(`DROP TRIGGER broken ON ${table}`);
  }
}

// In the order in which they are written.
test.each(['alerts', 'alert_deliveries', 'alert_delivery_alerts', 'alert_events', 'judgements_due'])(
  'a server that stops while %s is written leaves all to the next judge, who finds it once',
  async (table) => {
    await failingRun(knex, sync);
    await breaking(table, '57P01', async () => {
      await expect(judgeDue(knex)).rejects.toMatchObject({ code: '57P01' });
    });
    expect(await alertsOf()).toEqual([]);
    expect(await isDue()).toBe(1);
    await judgeAll(knex);
    await judgeAll(knex);
    expect(await storyOf(knex, sync)).toEqual(['opened run_failed']);
    expect(await messagesOf(knex, sync)).toHaveLength(2);
  },
);

test('a judge that is killed in the middle has done nothing', async () => {
  await failingRun(knex, sync);
  const killed = connect(database.url, { poolSize: 1, applicationName: 'killed' });
  await knex.transaction(async (trx) => {
    // It comes as far as the alerts, and waits there.
    await trx.raw(`LOCK TABLE alert_events IN ACCESS EXCLUSIVE MODE`);
    const judging = judgeDue(killed).catch((error: unknown) => error);
    for (let waits = 0; waits === 0;) {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE application_name = 'killed' AND wait_event_type = 'Lock' AND datname = current_database()`,
      );
      waits = rows.length;
    }
    expect(await judging).toBeInstanceOf(Error);
  });
  await killed.destroy();
  expect(await alertsOf()).toEqual([]);
  await judgeAll(knex);
  expect(await storyOf(knex, sync)).toEqual(['opened run_failed']);
});

test('several judges at once find everything once and in order', async () => {
  const syncs = await Promise.all(
    Array.from({ length: 12 }, () => aSync(knex, { workspaceId: sync.workspaceId })),
  );
  const judges = [1, 2, 3].map(() => connect(database.url, { poolSize: 2 }));
  const ended = new AbortController();
  const judging = judges.map(async (judge) => {
    while (!ended.signal.aborted) await judgeDue(judge, 3);
  });
  await Promise.all(
    syncs.map(async (each) => {
      await failingRun(knex, each);
      await failingRun(knex, each);
      await completedRun(knex, each);
      await failingRun(knex, each);
    }),
  );
  ended.abort();
  await Promise.all(judging);
  await Promise.all(judges.map(judgeAll));
  for (const each of syncs)
    expect(await storyOf(knex, each)).toEqual([
      'opened run_failed',
      'repeated run_failed',
      'resolved run_failed',
      'opened run_failed',
    ]);
  await Promise.all(judges.map((judge) => judge.destroy()));
});

test('a thousand syncs that fail within a minute are two messages for each channel, with every alert in one of them', async () => {
  const failed = `'sync_many' || lpad(n::text, 4, '0')`;
  for (const statement of [
    `INSERT INTO syncs (id, workspace_id, name, model_id, destination_id, version, overlap_policy)
     SELECT ${failed}, workspace_id, 'Many ' || n, model_id, destination_id, version, overlap_policy
     FROM syncs, generate_series(1, 1000) n WHERE id = :id`,
    `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, outcome, workflow_id, queued_at, completed_at,
       failure_code, failure_message)
     SELECT 'run_many' || n, :workspaceId, ${failed}, 1, 'schedule', 'failed', 'nothing_applied', 'run_many' || n, now(), now(),
       'destination_auth_expired', 'Destination authentication expired' FROM generate_series(1, 1000) n`,
    `INSERT INTO judgements_due (workspace_id, sync_id, run_id)
     SELECT :workspaceId, ${failed}, 'run_many' || n FROM generate_series(1, 1000) n`,
  ])
    await knex.raw(statement, { id: sync.id, workspaceId: sync.workspaceId });
  expect(await judgeAll(knex)).toEqual({ judged: 1_000, setAside: 0 });
  expect(await knex('alerts').where({ workspace_id: sync.workspaceId })).toHaveLength(1_000);
  for (const channelId of channelIds) {
    const { rows } = await knex.raw<{ rows: { messages: number; alerts: number; different: number }[] }>(
      `SELECT count(DISTINCT d.id) AS messages, count(*) AS alerts, count(DISTINCT alert_id) AS different
       FROM alert_deliveries d JOIN alert_delivery_alerts a ON a.delivery_id = d.id WHERE d.channel_id = ?`,
      [channelId],
    );
    expect(rows).toEqual([{ messages: 2, alerts: 1_000, different: 1_000 }]);
  }
});

test('a sync that flaps is told that it failed and that it works again, and what comes within two minutes once', async () => {
  const [channelId] = channelIds;
  await knex('alert_channels')
    .whereNot({ id: channelId })
    .where({ workspace_id: sync.workspaceId })
    .update({ enabled: false });
  for (let flap = 0; flap < 4; flap += 1) {
    await failingRun(knex, sync);
    await judgeAll(knex);
    await completedRun(knex, sync);
    await judgeAll(knex);
  }
  const told = async () => (await messagesOf(knex, sync)).filter(([, state]) => state !== 'withdrawn');
  expect(await told()).toEqual([
    ['alert.raised', 'pending', 1],
    ['alert.resolved', 'pending', 1],
  ]);
  await failingRun(knex, sync);
  await judgeAll(knex);
  expect((await told()).slice(2)).toEqual([['alert.raised', 'pending', 1]]);
  await passGathering(knex, sync);
  // It was told meanwhile.
  await knex('alert_deliveries')
    .where({ workspace_id: sync.workspaceId, gathers: true })
    .update({ gathers: false });
  await completedRun(knex, sync);
  await judgeAll(knex);
  expect((await told()).slice(2)).toEqual([
    ['alert.raised', 'pending', 1],
    ['alert.resolved', 'pending', 1],
  ]);
  expect((await storyOf(knex, sync)).filter((said) => said.startsWith('opened'))).toHaveLength(5);
});

describe('a run that cannot be judged', () => {
  test('is set aside, holds nobody up, and is judged once it can be', async () => {
    const other = await aSync(knex, { workspaceId: sync.workspaceId });
    await failingRun(knex, sync);
    await failingRun(knex, other);
    await breaking('alerts', 'P0001', async () => {
      expect(await judgeAll(knex)).toEqual({ judged: 1, setAside: 1 });
      expect(await alertsOf(other)).toHaveLength(1);
      expect(await knex('judgements_due').where({ sync_id: sync.id })).toMatchObject([
        { attempts: 1, not_before: expect.any(Date) },
      ]);
      await tryNow();
      expect(await judgeAll(knex)).toEqual({ judged: 0, setAside: 1 });
      const [waits] = await knex('judgements_due')
        .where({ sync_id: sync.id })
        .select('attempts', knex.raw(`extract(epoch FROM not_before - now()) > 100 AS longer`));
      expect(waits).toEqual({ attempts: 2, longer: true });
    });
    expect(await judgeAll(knex)).toEqual({ judged: 0, setAside: 0 });
    await tryNow();
    expect(await judgeAll(knex)).toEqual({ judged: 1, setAside: 0 });
    expect(await storyOf(knex, sync)).toEqual(['opened run_failed']);
  });

  test('says nothing more when a later run of its sync has spoken since', async () => {
    await failingRun(knex, sync);
    await breaking('alerts', 'P0001', async () => {
      await judgeAll(knex);
    });
    await completedRun(knex, sync);
    await judgeAll(knex);
    await tryNow();
    await judgeAll(knex);
    expect(await isDue()).toBe(0);
    expect(await storyOf(knex, sync)).toEqual([]);
  });

  const tryNow = () =>
    knex('judgements_due').where({ sync_id: sync.id }).update({ not_before: knex.fn.now() });
});
