// From the end of a run to its alert and the messages of it, on a real database: what is opened, repeated, told again, resolved.
import type { Knex } from 'knex';
import { noteToJudge } from '../../../db/alerts/judge/due-judgements';
import { pauseSync } from '../../../db/configuration/schedule-store';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { closeAsInternal, closeRun } from '../../../db/runs/close-run';
import { noteStuckRuns } from '../../../db/runs/reconcile/reconcile-stuck';
import { defaultSettings } from '../../../domain/sync';
import { failureOf } from '../../../domain/failure';
import { rowOutcome } from '../../../domain/row-outcome';
import { aQueuedRun } from '../../factories/a-planned-run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { anAlertChannel } from '../../factories/an-alert';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { completedRun, failingRun, judgeAll, messagesOf, passGathering, storyOf } from './judging';

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
let channelId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  sync = await aSync(knex, { name: 'Users → CRM' });
  channelId = await anAlertChannel(knex, sync.workspaceId);
});
afterEach(async () => {
  await judgeAll(knex);
});

const alertsOf = (place = sync) => knex('alerts').where({ sync_id: place.id }).orderBy(['opened_at', 'id']);
const due = (place = sync) => knex('judgements_due').where({ sync_id: place.id }).orderBy('no');

async function setRule(kind: string, given: object, syncId: string | null = null): Promise<void> {
  const { enabled = true, settings = {}, channelIds = null } = given as Record<string, never>;
  await knex('alert_rules').insert({
    workspace_id: sync.workspaceId,
    sync_id: syncId,
    kind,
    enabled,
    settings: JSON.stringify(settings),
    channel_ids: channelIds,
  });
}

describe('whoever ends a run leaves one thing to judge, in the same transaction', () => {
  test('the workflow, as often as it tries', async () => {
    const runId = await failingRun(knex, sync);
    await closeRun(knex, runId, { kind: 'failed', failure: failureOf('internal') });
    expect(await due()).toMatchObject([{ what: 'run_ended', run_id: runId, workspace_id: sync.workspaceId }]);
  });

  test('the way out of a close that fails', async () => {
    const { runId } = await aQueuedRun(knex, sync);
    await closeAsInternal(knex, runId, 'broken');
    expect(await due()).toMatchObject([{ what: 'run_ended', run_id: runId }]);
  });

  test('a close that is undone leaves none', async () => {
    const { runId } = await aQueuedRun(knex, sync);
    const undone = knex.transaction(async (trx) => {
      await closeRun(trx, runId, { kind: 'failed', failure: null });
      throw new Error('undone');
    });
    await expect(undone).rejects.toThrow('undone');
    expect(await due()).toEqual([]);
  });
});

test('a failing sync is told once, its repeats are counted, and its recovery is told', async () => {
  const first = await failingRun(knex, sync);
  await judgeAll(knex);
  expect(await alertsOf()).toMatchObject([
    { kind: 'run_failed', severity: 'critical', occurrences: 1, first_run_id: first, resolved_at: null },
  ]);
  const second = await failingRun(knex, sync);
  await judgeAll(knex);
  const last = await completedRun(knex, sync);
  await judgeAll(knex);
  const [alert] = await alertsOf();
  expect(alert).toMatchObject({
    occurrences: 2,
    first_run_id: first,
    last_run_id: second,
    resolved_run_id: last,
    resolved_by: null,
    told_at: expect.any(Date),
  });
  const ends: { completed_at: Date }[] = await knex('runs').where({ sync_id: sync.id }).orderBy('queue_no');
  const [opened, seen, resolved] = ends.map(({ completed_at: at }) => at);
  expect(alert).toMatchObject({ opened_at: opened, last_seen_at: seen, resolved_at: resolved });
  expect(await storyOf(knex, sync)).toEqual([
    'opened run_failed',
    'repeated run_failed',
    'resolved run_failed',
  ]);
  expect(await messagesOf(knex, sync)).toEqual([
    ['alert.raised', 'pending', 1],
    ['alert.resolved', 'pending', 1],
  ]);
});

test('a message holds the alert as it was then', async () => {
  await failingRun(knex, sync);
  await judgeAll(knex);
  await failingRun(knex, sync);
  await judgeAll(knex);
  await completedRun(knex, sync);
  await judgeAll(knex);
  const told = await knex('alert_delivery_alerts').where({ workspace_id: sync.workspaceId }).pluck('told');
  told.sort((one, other) => one.occurrences - other.occurrences);
  const [alert] = await alertsOf();
  const same = {
    id: alert.id,
    kind: 'run_failed',
    severity: 'critical',
    sync: { id: sync.id, name: 'Users → CRM' },
    sentence: 'Users → CRM failed: Destination authentication expired',
    about: { kind: 'destination', id: sync.destinationId },
    openedAt: alert.opened_at.toISOString(),
  };
  const [, failed, completed] = (await knex('runs').where({ sync_id: sync.id }).orderBy('queue_no')).map(
    ({ id }) => id,
  );
  expect(told).toMatchObject([
    { ...same, occurrences: 1, resolvedAt: null, resolvedRun: null },
    {
      ...same,
      occurrences: 2,
      run: { id: failed, status: 'failed' },
      resolvedAt: alert.resolved_at.toISOString(),
      resolvedRun: { id: completed, status: 'completed', rowsCreated: 10 },
      resolvedByHand: false,
    },
  ]);
  // Nothing but the facts, whatever else the judge knows of a run.
  expect(Object.keys(told[1].resolvedRun)).toEqual(Object.keys(told[1].run));
});

describe('an alert that goes on', () => {
  const toldAgo = (hours: number) =>
    knex('alerts')
      .where({ sync_id: sync.id })
      .update({ told_at: knex.raw(`now() - make_interval(hours => ?)`, [hours]) });

  beforeEach(async () => {
    await setRule('consecutive_failures', { enabled: false });
    await failingRun(knex, sync);
    await judgeAll(knex);
    await passGathering(knex, sync);
  });

  const again = async () => {
    await failingRun(knex, sync);
    await judgeAll(knex);
    return (await messagesOf(knex, sync)).slice(1).map(([type]) => type);
  };

  test('is told again after a day, and not before', async () => {
    await toldAgo(23);
    expect(await again()).toEqual([]);
    await toldAgo(24);
    expect(await again()).toEqual(['alert.repeated']);
    expect(await again()).toEqual(['alert.repeated']);
    expect((await storyOf(knex, sync)).slice(1)).toEqual([
      'repeated run_failed',
      'repeated run_failed',
      'reminded run_failed',
      'repeated run_failed',
    ]);
  });

  test('and was acknowledged is told no more, but its end is', async () => {
    await toldAgo(24);
    await knex('alerts').where({ sync_id: sync.id }).update({ acknowledged_at: knex.fn.now() });
    expect(await again()).toEqual([]);
    await completedRun(knex, sync);
    await judgeAll(knex);
    expect((await messagesOf(knex, sync)).at(-1)?.[0]).toBe('alert.resolved');
  });

  test('and is muted is told no more, nor is its end, nor the next one until then', async () => {
    await toldAgo(24);
    await knex('alerts')
      .where({ sync_id: sync.id })
      .update({ muted_until: knex.raw(`now() + interval '1 hour'`) });
    expect(await again()).toEqual([]);
    await completedRun(knex, sync);
    await judgeAll(knex);
    expect(await again()).toEqual([]);
    const [, next] = await alertsOf();
    expect(next).toMatchObject({ told_at: null, muted_until: expect.any(Date), resolved_at: null });
    await knex('alerts').where({ id: next.id }).update({ muted_until: knex.fn.now() });
    expect(await again()).toEqual(['alert.raised']);
  });
});

test('three failures in a row are an alert of their own, whatever was cancelled or only planned in between', async () => {
  await failingRun(knex, sync);
  await failingRun(knex, sync);
  const cancelled = await aQueuedRun(knex, sync);
  await closeRun(knex, cancelled.runId, { kind: 'cancelled', failure: null });
  await aRun(knex, { sync, kind: 'dry_run', startedAt: new Date() });
  await judgeAll(knex);
  expect((await alertsOf()).map(({ kind }) => kind)).toEqual(['run_failed']);
  await failingRun(knex, sync);
  await judgeAll(knex);
  const [, inARow] = await alertsOf();
  expect(inARow).toMatchObject({ kind: 'consecutive_failures', detail: { observed: 3 } });
  await completedRun(knex, sync);
  await failingRun(knex, sync);
  await judgeAll(knex);
  expect((await storyOf(knex, sync)).slice(-4)).toEqual([
    'opened consecutive_failures',
    'resolved run_failed',
    'resolved consecutive_failures',
    'opened run_failed',
  ]);
});

test('runs that ended before anybody judged them are judged one after the other, each as of its end', async () => {
  await failingRun(knex, sync);
  await completedRun(knex, sync);
  await failingRun(knex, sync);
  await failingRun(knex, sync);
  await failingRun(knex, sync);
  expect(await judgeAll(knex)).toEqual({ judged: 5, setAside: 0 });
  expect(await storyOf(knex, sync)).toEqual([
    'opened run_failed',
    'resolved run_failed',
    'opened run_failed',
    'repeated run_failed',
    'repeated run_failed',
    'opened consecutive_failures',
  ]);
  expect(await due()).toEqual([]);
});

test('a run that was terminated in Temporal, and one that never started, alert as well', async () => {
  await failingRun(knex, sync, 'terminated_by_operator');
  const other = await aSync(knex, { workspaceId: sync.workspaceId });
  const { runId } = await aQueuedRun(knex, other);
  await closeRun(knex, runId, { kind: 'failed', failure: failureOf('internal') });
  await judgeAll(knex);
  expect([...(await alertsOf()), ...(await alertsOf(other))]).toMatchObject([
    { kind: 'run_failed', cause: 'workspace:terminated_by_operator' },
    { kind: 'run_failed', cause: 'workspace:internal' },
  ]);
});

test('counters, held deletes and row errors of a run are seen', async () => {
  await setRule('error_rate', { settings: { minRows: 10 } });
  const runId = await completedRun(knex, sync, rowOutcome.failed);
  await knex('runs').where({ id: runId }).update({ counter_mismatch: 1, rows_processed: 11 });
  await knex('run_events').insert({
    workspace_id: sync.workspaceId,
    sync_id: sync.id,
    run_id: runId,
    type: 'deletes_held',
    detail: '{"rows":1201,"snapshot_rows":1300}',
  });
  await judgeAll(knex);
  const found = Object.fromEntries((await alertsOf()).map(({ kind, detail }) => [kind, detail.observed]));
  expect(found).toEqual({ error_rate: 10 / 11, deletes_held: 1_201, counter_mismatch: 1 });
});

test('a sudden change is told at the run it comes with, repeated while it goes on, and over when it is usual', async () => {
  const day = (at: number) => new Date(Date.UTC(2025, 0, at));
  const ran = (at: number, updated: number) =>
    aRun(knex, { sync, startedAt: day(at), counts: { updated }, durationSeconds: 60 });
  for (let at = 1; at <= 30; at += 1) await ran(at, 1_000 + (at % 3));
  for (const [at, rows] of [3_000, 3_010, 3_020, 3_000, 3_010].entries()) {
    const run = await ran(31 + at, rows);
    const place = { workspaceId: sync.workspaceId, syncId: sync.id };
    await knex.transaction((trx) =>
      noteToJudge(trx, { ...place, what: 'run_ended', runId: run.id, detail: {} }),
    );
    await judgeAll(knex);
  }
  expect(await storyOf(knex, sync)).toEqual([
    'opened row_count_spike',
    'repeated row_count_spike',
    'repeated row_count_spike',
    'resolved row_count_spike',
  ]);
});

test('a run that is stuck is told while it goes on, and its end ends that', async () => {
  const startedAt = new Date(Date.now() - (defaultSettings.stuckAfterSeconds + 60) * 1_000);
  const run = await aRun(knex, { sync, status: 'running', startedAt });
  await noteStuckRuns(knex);
  expect(await due()).toMatchObject([{ what: 'run_stuck', run_id: run.id, detail: { phase: null } }]);
  await judgeAll(knex);
  expect(await alertsOf()).toMatchObject([{ kind: 'run_stuck', last_run_id: run.id }]);
  await closeRun(knex, run.id, { kind: 'cancelled', failure: null });
  await judgeAll(knex);
  expect(await storyOf(knex, sync)).toEqual(['opened run_stuck', 'resolved run_stuck']);
});

describe('rules that were set', () => {
  test('of a sync stand above those of its workspace, and name the channels', async () => {
    const other = await aSync(knex, { workspaceId: sync.workspaceId });
    const named = await anAlertChannel(knex, sync.workspaceId);
    await setRule('run_failed', { enabled: false });
    await setRule('run_failed', { channelIds: [named] }, sync.id);
    await failingRun(knex, sync);
    await failingRun(knex, other);
    await judgeAll(knex);
    expect(await alertsOf(other)).toEqual([]);
    const raised = await knex('alert_deliveries').where({ workspace_id: sync.workspaceId });
    expect(raised.map((delivery) => delivery.channel_id)).toEqual([named]);
  });

  test('have a completed run told, each time, and a dry one not', async () => {
    await setRule('run_completed', {});
    const runs = [await completedRun(knex, sync), await completedRun(knex, sync)];
    await judgeAll(knex);
    const told = await knex('alert_deliveries').where({ channel_id: channelId }).orderBy('no');
    expect(told.map((delivery) => [delivery.type, delivery.run_id])).toEqual(
      runs.map((runId) => ['sync_run.completed', runId]),
    );
    expect(await alertsOf()).toEqual([]);
  });

  test('and are switched off end what they had opened, without a word', async () => {
    await failingRun(knex, sync);
    await judgeAll(knex);
    await setRule('run_failed', { enabled: false });
    await failingRun(knex, sync);
    await judgeAll(knex);
    expect(await storyOf(knex, sync)).toEqual(['opened run_failed', 'resolved run_failed']);
    expect(await messagesOf(knex, sync)).toEqual([['alert.raised', 'pending', 1]]);
  });
});

test('without a channel alerts are kept all the same; one that comes later hears of what goes on', async () => {
  await knex('alert_channels').where({ id: channelId }).update({ enabled: false });
  await failingRun(knex, sync);
  await judgeAll(knex);
  expect(await alertsOf()).toMatchObject([{ kind: 'run_failed', told_at: null }]);
  expect(await messagesOf(knex, sync)).toEqual([]);
  await knex('alert_channels').where({ id: channelId }).update({ enabled: true });
  await failingRun(knex, sync);
  await judgeAll(knex);
  expect(await messagesOf(knex, sync)).toEqual([['alert.raised', 'pending', 1]]);
});

test('runs that are gone, or of syncs that are, leave nothing to judge and no alert', async () => {
  const place = { workspaceId: sync.workspaceId, syncId: sync.id };
  await knex.transaction((trx) =>
    noteToJudge(trx, { ...place, what: 'run_ended', runId: 'run_gone', detail: {} }),
  );
  const deleted = await aSync(knex, { workspaceId: sync.workspaceId });
  await failingRun(knex, deleted);
  await knex('syncs').where({ id: deleted.id }).update({ deleted_at: knex.fn.now() });
  expect(await judgeAll(knex)).toEqual({ judged: 2, setAside: 0 });
  expect([...(await alertsOf()), ...(await alertsOf(deleted))]).toEqual([]);
});

test('a sync that is paused alerts like any other', async () => {
  await pauseSync(knex, { workspaceId: sync.workspaceId, syncId: sync.id }, null, null);
  await failingRun(knex, sync);
  await judgeAll(knex);
  expect(await alertsOf()).toHaveLength(1);
});
