// The watches of alerts: what is due is judged and what cannot be is logged; the clock finds late and paused schedules.
import type { Knex } from 'knex';
import { noteMissedSlots } from '../../../db/configuration/schedule-checks';
import { pauseSync, removeSchedule, resumeSync } from '../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { alertClockWatch, judgeWatch } from '../../../worker/alerts/judge-watch';
import { Bell } from '../../../worker/reconciler/bell';
import { failingRun, judgeAll, messagesOf, storyOf } from '../../db/alerts/judging';
import { aRun } from '../../factories/a-run';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 8 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  sync = await aSync(knex, { name: 'Users → CRM', schedule: daily });
  await anAlertChannel(knex, sync.workspaceId);
});

const bells = () => ({ closed: new Bell(), told: new Bell() });
const signal = new AbortController().signal;
const place = () => ({ workspaceId: sync.workspaceId, syncId: sync.id });
const lookAtClock = () => alertClockWatch(knex).round(signal);
const alerts = () => knex('alerts').where({ sync_id: sync.id }).orderBy(['opened_at', 'id']);

describe('what is due', () => {
  test('is judged in one round, however much it is', async () => {
    const syncs = await Promise.all(
      Array.from({ length: 60 }, () => aSync(knex, { workspaceId: sync.workspaceId })),
    );
    for (const each of [...syncs, ...syncs.slice(0, 5)]) await failingRun(knex, each);
    await judgeWatch(knex, { error: fail }, bells()).round(signal);
    expect(await knex('judgements_due')).toEqual([]);
    expect(await knex('alerts').where({ workspace_id: sync.workspaceId })).toHaveLength(60);
  });

  test('and cannot be judged is logged with its run and how often that was', async () => {
    await knex.raw(`CREATE FUNCTION break_down() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'broken on purpose'; END $$`);
    await knex.raw(
      `CREATE TRIGGER broken BEFORE INSERT ON alerts FOR EACH ROW EXECUTE FUNCTION break_down()`,
    );
    const runId = await failingRun(knex, sync);
    const logged: Record<string, unknown>[] = [];
    await judgeWatch(knex, { error: (about) => logged.push(about) }, bells()).round(signal);
    expect(logged).toEqual([{ syncId: sync.id, runId, attempts: 1, error: 'broken on purpose' }]);
    await knex.raw(`DROP TRIGGER broken ON alerts`);
    await knex('judgements_due').delete();
  });

  const fail = (about: object): never => {
    throw new Error(JSON.stringify(about));
  };
});

describe('a schedule that is late', () => {
  const hourMs = 3_600_000;
  const slotAgo = (days: number) =>
    new Date(Math.floor(Date.now() / (24 * hourMs)) * 24 * hourMs - days * 24 * hourMs);
  const ranSlot = async (slotAt: Date) => {
    const run = await aRun(knex, { sync, trigger: 'schedule' });
    await knex('runs').where({ id: run.id }).update({ slot_at: slotAt });
  };
  const writtenLongAgo = () =>
    knex('sync_schedules').where({ sync_id: sync.id }).update({ updated_at: '2025-01-01' });

  test('is told with its slot, once, and over when that has its run', async () => {
    await ranSlot(slotAgo(3));
    await writtenLongAgo();
    await lookAtClock();
    await lookAtClock();
    expect(await alerts()).toMatchObject([
      { kind: 'run_late', occurrences: 1, first_run_id: null, detail: { dueAt: slotAgo(2).toISOString() } },
    ]);
    await ranSlot(slotAgo(0));
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened run_late', 'resolved run_late']);
    expect((await messagesOf(knex, sync)).map(([type]) => type)).toEqual(['alert.raised', 'alert.resolved']);
  });

  test('is told again after a day', async () => {
    await ranSlot(slotAgo(3));
    await writtenLongAgo();
    await lookAtClock();
    await knex('alerts')
      .where({ sync_id: sync.id })
      .update({ told_at: knex.raw(`now() - interval '24 hours'`) });
    await lookAtClock();
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened run_late', 'reminded run_late']);
    expect(await alerts()).toMatchObject([{ occurrences: 1 }]);
  });

  test('is not waited for any more once it is paused or gone', async () => {
    await ranSlot(slotAgo(3));
    await writtenLongAgo();
    await lookAtClock();
    await pauseSync(knex, place(), null, null);
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened run_late', 'resolved run_late']);
  });

  test('and missed slots for good is told by their event, until the next slot has its run', async () => {
    await ranSlot(slotAgo(0));
    await knex('sync_schedules')
      .where({ sync_id: sync.id })
      .update({ missed_slots: 0, updated_at: '2025-01-01' });
    const due = { ...place(), missedSlots: 0 } as Parameters<typeof noteMissedSlots>[1];
    await Promise.all([1, 2].map(() => noteMissedSlots(knex, due, 3)));
    await judgeAll(knex);
    await lookAtClock();
    expect(await alerts()).toMatchObject([
      { kind: 'run_late', occurrences: 1, resolved_at: null, detail: { observed: 3 } },
    ]);
    await ranSlot(new Date(Date.now() + hourMs));
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened run_late', 'resolved run_late']);
  });
});

describe('a schedule that is paused', () => {
  const pausedFor = async (days: number) => {
    await pauseSync(knex, place(), null, null);
    await knex('syncs')
      .where({ id: sync.id })
      .update({ paused_at: knex.raw(`now() - make_interval(days => ?)`, [days]) });
    await lookAtClock();
  };

  test('for more than a week is told, and over when it is resumed', async () => {
    await pausedFor(6);
    expect(await alerts()).toEqual([]);
    await pausedFor(8);
    expect(await alerts()).toMatchObject([
      { kind: 'schedule_paused', detail: { sentence: 'Users → CRM has been paused for 8 d' } },
    ]);
    await resumeSync(knex, place(), null, null);
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened schedule_paused', 'resolved schedule_paused']);
  });

  test('as long as its sync’s own rule says', async () => {
    await knex('alert_rules').insert({
      workspace_id: sync.workspaceId,
      sync_id: sync.id,
      kind: 'schedule_paused',
      enabled: true,
      settings: '{"days":1}',
    });
    await pausedFor(2);
    expect(await alerts()).toHaveLength(1);
  });

  test('is over with its schedule', async () => {
    await pausedFor(8);
    await removeSchedule(knex, place(), null);
    await lookAtClock();
    expect(await storyOf(knex, sync)).toEqual(['opened schedule_paused', 'resolved schedule_paused']);
  });
});

test('what is open of a sync that was deleted ends without a word', async () => {
  await failingRun(knex, sync);
  await judgeAll(knex);
  await knex('syncs').where({ id: sync.id }).update({ deleted_at: knex.fn.now() });
  await lookAtClock();
  expect(await storyOf(knex, sync)).toEqual(['opened run_failed', 'resolved run_failed']);
  expect((await messagesOf(knex, sync)).map(([type]) => type)).toEqual(['alert.raised']);
});

test('what was written down for a channel just as it was switched off goes nowhere, but a test of it does', async () => {
  await failingRun(knex, sync);
  await judgeAll(knex);
  const [{ id, channel_id: channelId }] = await knex('alert_deliveries').where({
    workspace_id: sync.workspaceId,
  });
  await knex.raw(
    `INSERT INTO alert_deliveries (id, workspace_id, channel_id, type, due_at, give_up_at)
     VALUES ('dlv_test', ?, ?, 'channel.test', 'infinity', 'infinity')`,
    [sync.workspaceId, channelId],
  );
  await lookAtClock();
  await knex('alert_channels').where({ id: channelId }).update({ enabled: false });
  expect((await messagesOf(knex, sync)).map(([, state]) => state)).toEqual(['pending', 'pending']);
  await lookAtClock();
  expect(
    await knex('alert_deliveries').where({ channel_id: channelId, state: 'withdrawn' }).pluck('id'),
  ).toEqual([id]);
});

test('several workers that look at the clock at once open one alert', async () => {
  await pauseSync(knex, place(), null, null);
  await knex('syncs').where({ id: sync.id }).update({ paused_at: '2025-01-01' });
  await Promise.all([lookAtClock(), lookAtClock(), lookAtClock()]);
  expect(await storyOf(knex, sync)).toEqual(['opened schedule_paused']);
});
