// What the time that passes does to open alerts: reminders, mutes that are over, rules that are switched off, runs that move again,
// and what a person has put an end to.
import type { Knex } from 'knex';
import {
  acknowledgeAlert,
  type ActAuthor,
  muteAlert,
  resolveAlert,
  unmuteAlert,
} from '../../../db/alerts/alert-acts';
import { judgeByClock } from '../../../db/alerts/judge/judge-by-clock';
import { pauseSync, resumeSync } from '../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { beatPulse } from '../../../db/runs/pulse';
import { noteStuckRuns } from '../../../db/runs/reconcile/reconcile-stuck';
import { defaultSettings } from '../../../domain/sync';
import { aQueuedRun } from '../../factories/a-planned-run';
import { aRun } from '../../factories/a-run';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace } from '../../factories/a-workspace';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { completedRun, failingRun, judgeAll, messagesOf, passGathering, storyOf } from './judging';

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
let channelId: string;
let author: ActAuthor;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  sync = await aSync(knex, { name: 'Users → CRM', schedule: daily });
  channelId = await anAlertChannel(knex, sync.workspaceId);
  author = { by: (await aToken(knex, sync.workspaceId)).id, note: null };
});

const place = () => ({ workspaceId: sync.workspaceId, syncId: sync.id });
const alerts = () => knex('alerts').where({ sync_id: sync.id }).orderBy(['opened_at', 'id']);
const told = async () => (await messagesOf(knex, sync)).map(([type]) => type);

/** A look at which the schedule of the sync is overdue since `slot`; null: none is. */
const look = (slot: Date | null = null) =>
  judgeByClock(knex, async () =>
    slot ? new Map([[sync.id, { overdue: slot, knownUntil: new Date(0) }]]) : new Map(),
  );

async function setRule(kind: string, given: { enabled?: boolean; settings?: object; channelIds?: string[] }) {
  await knex('alert_rules').insert({
    workspace_id: sync.workspaceId,
    kind,
    enabled: given.enabled ?? true,
    settings: JSON.stringify(given.settings ?? {}),
    channel_ids: given.channelIds ?? null,
  });
}

async function failed(): Promise<{ workspaceId: string; alertId: string }> {
  await failingRun(knex, sync);
  await judgeAll(knex);
  return { workspaceId: sync.workspaceId, alertId: (await alerts())[0].id };
}

const agoHours = (hours: number) => knex.raw(`now() - make_interval(secs => ?)`, [hours * 3_600]);

describe('an alert of runs', () => {
  const toldAgo = (hours: number) =>
    knex('alerts')
      .where({ sync_id: sync.id })
      .update({ told_at: agoHours(hours) });

  test('that was seen a moment too early to be told again is told once its time has come, and not before', async () => {
    await failed();
    await passGathering(knex, sync);
    await toldAgo(23.999);
    await failed();
    await look();
    expect(await told()).toEqual(['alert.raised']);
    await toldAgo(24);
    await look();
    await look();
    expect(await told()).toEqual(['alert.raised', 'alert.repeated']);
    expect((await storyOf(knex, sync)).slice(-2)).toEqual(['repeated run_failed', 'reminded run_failed']);
    expect(await alerts()).toMatchObject([{ occurrences: 2 }]);
  });

  test('that was not seen since is told no more', async () => {
    await failed();
    await toldAgo(200);
    await knex('alerts')
      .where({ sync_id: sync.id })
      .update({ opened_at: agoHours(300), last_seen_at: agoHours(300) });
    expect(await look()).toBe(0);
    expect(await told()).toEqual(['alert.raised']);
  });

  test.each([
    [{ remindHours: 0 }, 0],
    [{ remindHours: 48 }, 0],
    [{ remindHours: 2 }, 1],
  ])('is told as often as its rule says: %j', async (settings, changes) => {
    await failed();
    await setRule('run_failed', { settings });
    await toldAgo(3);
    expect(await look()).toBe(changes);
  });

  test('whose mute is over is told, as nobody has heard of it', async () => {
    const alert = await failed();
    await muteAlert(knex, alert, { hours: 1 }, author);
    await completedRun(knex, sync);
    await failed();
    expect(await told()).toEqual(['alert.raised']);
    expect(await look()).toBe(0);
    await knex('alerts').where({ sync_id: sync.id }).update({ muted_until: knex.fn.now() });
    await look();
    await look();
    expect(await told()).toEqual(['alert.raised', 'alert.raised']);
    expect((await alerts()).at(-1)).toMatchObject({ occurrences: 1, told_at: expect.any(Date) });
  });

  test('whose mute was taken back is told as well, and one that somebody is at is not', async () => {
    const alert = await failed();
    await knex('alert_deliveries')
      .where({ channel_id: channelId })
      .update({ due_at: agoHours(-1), gathers: true });
    await muteAlert(knex, alert, { hours: 1 }, author);
    expect((await messagesOf(knex, sync)).map(([, state]) => state)).toEqual(['withdrawn']);
    await unmuteAlert(knex, alert, author);
    await look();
    expect(await told()).toEqual(['alert.raised', 'alert.raised']);

    await muteAlert(knex, alert, { hours: 1 }, author);
    await acknowledgeAlert(knex, alert, author);
    await knex('alerts').where({ sync_id: sync.id }).update({ muted_until: null, told_at: null });
    expect(await look()).toBe(0);
  });

  test('of which nobody could be told is told once there is a channel for its rule', async () => {
    await knex('alert_channels').where({ id: channelId }).update({ enabled: false });
    await failed();
    expect(await look()).toBe(0);
    const other = await anAlertChannel(knex, sync.workspaceId);
    await setRule('run_failed', { channelIds: [channelId] });
    expect(await look()).toBe(0);
    expect(await told()).toEqual([]);
    await knex('alert_rules')
      .where({ workspace_id: sync.workspaceId })
      .update({ channel_ids: [other] });
    await look();
    expect(await told()).toEqual(['alert.raised']);
  });

  test('ends with its rule at the next look, whether its sync runs or not', async () => {
    await failed();
    await setRule('run_failed', { enabled: false });
    await look();
    expect(await storyOf(knex, sync)).toEqual(['opened run_failed', 'resolved run_failed']);
    expect(await told()).toEqual(['alert.raised']);
    expect(await look()).toBe(0);
  });

  test('whose message still gathered is not told at all when its rule is switched off, or its sync deleted', async () => {
    const others = [1, 2].map(() =>
      aSync(knex, { workspaceId: sync.workspaceId, destinationId: sync.destinationId }),
    );
    await failed();
    const [off, deleted] = await Promise.all(others);
    for (const each of [off, deleted]) await failingRun(knex, each as StoredSync);
    await judgeAll(knex);
    expect(await messagesOf(knex, sync)).toEqual([
      ['alert.raised', 'pending', 1],
      ['alert.raised', 'pending', 2],
    ]);
    await knex('alert_rules').insert({
      workspace_id: sync.workspaceId,
      sync_id: off?.id,
      kind: 'run_failed',
      enabled: false,
      settings: '{}',
    });
    await knex('syncs').where({ id: deleted?.id }).update({ deleted_at: knex.fn.now() });
    await look();
    expect(await messagesOf(knex, sync)).toEqual([
      ['alert.raised', 'pending', 1],
      ['alert.raised', 'withdrawn', 0],
    ]);
  });

  test('stays where a rule of its sync is on, though that of the workspace is off', async () => {
    await failed();
    await setRule('run_failed', { enabled: false });
    await knex('alert_rules').insert({
      workspace_id: sync.workspaceId,
      sync_id: sync.id,
      kind: 'run_failed',
      enabled: true,
      settings: '{}',
    });
    expect(await look()).toBe(0);
    expect(await storyOf(knex, sync)).toEqual(['opened run_failed']);
  });
});

describe('a run that is stuck', () => {
  const stuckRun = async () => {
    const startedAt = new Date(Date.now() - (defaultSettings.stuckAfterSeconds + 60) * 1_000);
    const run = await aRun(knex, { sync, status: 'running', startedAt });
    await noteStuckRuns(knex);
    await judgeAll(knex);
    return run.id;
  };

  test('is so still when one that waits for it is cancelled', async () => {
    const runId = await stuckRun();
    const waiting = await aQueuedRun(knex, sync);
    await closeRun(knex, waiting.runId, { kind: 'cancelled', failure: null });
    await judgeAll(knex);
    await look();
    expect(await storyOf(knex, sync)).toEqual(['opened run_stuck']);
    await closeRun(knex, runId, { kind: 'cancelled', failure: null });
    await judgeAll(knex);
    expect(await storyOf(knex, sync)).toEqual(['opened run_stuck', 'resolved run_stuck']);
  });

  test('is not any more once it moves, and is told anew when it stops again', async () => {
    const runId = await stuckRun();
    await look();
    expect(await told()).toEqual(['alert.raised']);
    await beatPulse(knex, runId, { rowsRead: 1, moved: true });
    await look();
    expect(await told()).toEqual(['alert.raised', 'alert.resolved']);
    await knex('run_events')
      .where({ run_id: runId })
      .update({ at: agoHours(2) });
    await knex('run_pulses')
      .where({ run_id: runId })
      .update({ progressed_at: agoHours(1) });
    await noteStuckRuns(knex);
    await judgeAll(knex);
    await look();
    expect(await storyOf(knex, sync)).toEqual(['opened run_stuck', 'resolved run_stuck', 'opened run_stuck']);
  });

  test.each(['ended long ago', 'gone'])('and whose end was lost sight of is over: %s', async (how) => {
    const runId = await stuckRun();
    await closeRun(knex, runId, { kind: 'cancelled', failure: null });
    await knex('judgements_due').where({ run_id: runId }).delete();
    await look();
    expect(await storyOf(knex, sync)).toEqual(['opened run_stuck']);
    if (how === 'gone')
      await knex('alerts')
        .where({ sync_id: sync.id })
        .update({ detail: knex.raw(`jsonb_set(detail, '{run,id}', '"run_gone"')`) });
    else
      await knex('runs')
        .where({ id: runId })
        .update({ completed_at: agoHours(0.1) });
    await look();
    expect(await storyOf(knex, sync)).toEqual(['opened run_stuck', 'resolved run_stuck']);
  });
});

describe('what a person has resolved', () => {
  test('of a sync that fails again at once is a new alert, and told', async () => {
    for (const _ of [1, 2, 3]) await failed();
    for (const { id } of await alerts())
      await resolveAlert(knex, { workspaceId: sync.workspaceId, alertId: id }, author);
    await look();
    await failed();
    expect((await storyOf(knex, sync)).slice(-4)).toEqual([
      'resolved run_failed',
      'resolved consecutive_failures',
      'opened run_failed',
      'opened consecutive_failures',
    ]);
    const open = await knex('alerts').where({ sync_id: sync.id }).whereNull('resolved_at').orderBy('kind');
    expect(open).toMatchObject([
      { kind: 'consecutive_failures', detail: { observed: 4 }, told_at: expect.any(Date) },
      { kind: 'run_failed', occurrences: 1, told_at: expect.any(Date) },
    ]);
  });

  const resolve = async () => {
    const { id } = (await alerts()).at(-1);
    await resolveAlert(knex, { workspaceId: sync.workspaceId, alertId: id }, author);
  };
  const resolvedAgo = (hours: number) =>
    knex('alerts')
      .where({ sync_id: sync.id })
      .update({ opened_at: agoHours(hours), last_seen_at: agoHours(hours), resolved_at: agoHours(hours) });

  test('of a schedule that stays paused is not open again half a minute later, but as late as a reminder', async () => {
    await pauseSync(knex, place(), null, null);
    await knex('syncs')
      .where({ id: sync.id })
      .update({ paused_at: agoHours(200) });
    await look();
    await resolve();
    expect(await look()).toBe(0);
    await resolvedAgo(167);
    expect(await look()).toBe(0);
    await resolvedAgo(168);
    await look();
    expect((await storyOf(knex, sync)).filter((said) => said === 'opened schedule_paused')).toHaveLength(2);
  });

  test('of another pause is open again', async () => {
    await setRule('schedule_paused', { settings: { days: 1 } });
    await pauseSync(knex, place(), null, null);
    await knex('syncs')
      .where({ id: sync.id })
      .update({ paused_at: agoHours(200) });
    await look();
    await resolve();
    await resumeSync(knex, place(), null, null);
    await look();
    await resolvedAgo(100);
    await pauseSync(knex, place(), null, null);
    await knex('syncs')
      .where({ id: sync.id })
      .update({ paused_at: agoHours(25) });
    await look();
    expect((await alerts()).at(-1)).toMatchObject({ kind: 'schedule_paused', resolved_at: null });
  });

  test('of a slot that never came is open again for the next one only', async () => {
    const [first, next] = [new Date('2025-01-15T09:00:00Z'), new Date('2025-01-16T09:00:00Z')];
    await look(first);
    await resolve();
    expect(await look(first)).toBe(0);
    await look(next);
    expect(await alerts()).toMatchObject([
      { kind: 'run_late', resolved_at: expect.any(Date) },
      { kind: 'run_late', resolved_at: null, detail: { dueAt: next.toISOString() } },
    ]);
  });
});

test('another workspace hears nothing of it', async () => {
  const other = await aWorkspace(knex);
  await anAlertChannel(knex, other.id);
  await failed();
  await knex('alerts').where({ sync_id: sync.id }).update({ told_at: null });
  await look();
  expect(await messagesOf(knex, { workspaceId: other.id })).toEqual([]);
});
