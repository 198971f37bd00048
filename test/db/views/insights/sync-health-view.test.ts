// The figures of a workspace's runs: what counts in each, at the edges of both periods, and who did worst.
import type { Knex } from 'knex';
import type { StoredSync } from '../../../../db/configuration/sync-store';
import { connect } from '../../../../db/connect';
import { type HealthWindow, syncHealth } from '../../../../db/views/insights/sync-health-view';
import { aRun, type MadeRun, type RunOverrides } from '../../../factories/a-run';
import { aSync } from '../../../factories/a-sync';
import { aWorkspace } from '../../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const dayMs = 86_400_000;
const until = new Date('2026-03-29T12:00:00.000Z');
const from = new Date(until.getTime() - dayMs);
const period: HealthWindow = { from, until };
const none = {
  completed: 0,
  failed: 0,
  cancelled: 0,
  dryRuns: 0,
  averageDurationSeconds: null,
  rowsSynced: 0,
  syncsWithErrors: 0,
};
const clean = { updated: 10, unchanged: 90 };

/** A run that ended at `at`, a minute after it began. */
function ended(sync: StoredSync, at: Date | number, overrides: RunOverrides = {}): Promise<MadeRun> {
  const seconds = overrides.durationSeconds ?? 60;
  const startedAt = new Date(Number(at) - seconds * 1_000);
  return aRun(knex, { sync, counts: clean, durationSeconds: seconds, startedAt, ...overrides });
}

test('a workspace without runs has figures of nothing, and no mean', async () => {
  const { id } = await aWorkspace(knex);
  expect(await syncHealth(knex, id, period, 10)).toEqual({ now: none, before: none, worstOffenders: [] });
});

test('a run counts in the period in which it ended: from its first moment until before its last', async () => {
  const sync = await aSync(knex);
  const edges = [from.getTime() - dayMs, from.getTime(), until.getTime()];
  const counted = async () => {
    const { now, before } = await syncHealth(knex, sync.workspaceId, period, 10);
    return [before.completed, now.completed];
  };
  const seen = [];
  for (const at of edges.flatMap((edge) => [edge - 1, edge])) {
    await ended(sync, at);
    seen.push(await counted());
  }
  expect(seen).toEqual([
    [0, 0],
    [1, 0],
    [2, 0],
    [2, 1],
    [2, 2],
    [2, 2],
  ]);
});

test('each figure counts what its description says', async () => {
  const sync = await aSync(knex);
  const at = until.getTime() - 3_600_000;
  await ended(sync, at, { durationSeconds: 100 });
  await ended(sync, at, { durationSeconds: 200, counts: { created: 5, failed: 3 } });
  await ended(sync, at, { status: 'failed', durationSeconds: 9_000, counts: {} });
  await ended(sync, at, {
    status: 'failed',
    counts: { created: 7, deleted: 2, plannedDeletes: 2, unknown: 1 },
  });
  await ended(sync, at, {
    status: 'cancelled',
    durationSeconds: 9_000,
    counts: { updated: 4, notAttempted: 6 },
  });
  await ended(sync, at, {
    kind: 'dry_run',
    outcome: 'planned',
    durationSeconds: 9_000,
    counts: { notAttempted: 50 },
  });
  await ended(sync, at, { kind: 'dry_run', status: 'failed' });
  await ended(sync, at, { status: 'queued' });
  await ended(sync, at, { status: 'running' });
  const queuedOnly = await ended(sync, at, { status: 'cancelled', counts: {} });
  await knex('runs').where({ id: queuedOnly.id }).update({ started_at: null });
  const { now, before } = await syncHealth(knex, sync.workspaceId, period, 10);
  expect(now).toEqual({
    completed: 2,
    failed: 2,
    cancelled: 2,
    dryRuns: 2,
    averageDurationSeconds: 150,
    rowsSynced: 10 + 5 + 9 + 4,
    syncsWithErrors: 1,
  });
  expect(before).toEqual(none);
});

test('runs of other workspaces count nowhere', async () => {
  const [sync, other] = [await aSync(knex), await aSync(knex)];
  await ended(sync, from);
  await ended(other, from, { status: 'failed' });
  const { now, worstOffenders } = await syncHealth(knex, sync.workspaceId, period, 10);
  expect(now).toMatchObject({ completed: 1, failed: 0, syncsWithErrors: 0 });
  expect(worstOffenders).toEqual([]);
});

test('a dry run makes no sync one with errors, a cancelled run that was refused rows does', async () => {
  const { id: workspaceId } = await aWorkspace(knex);
  const [dry, cancelled] = [await aSync(knex, { workspaceId }), await aSync(knex, { workspaceId })];
  await ended(dry, from, { kind: 'dry_run', status: 'failed' });
  await ended(dry, from, { kind: 'dry_run', outcome: 'planned', counts: { failed: 3 } });
  await ended(cancelled, from, { status: 'cancelled', counts: { failed: 1 } });
  const { now, worstOffenders } = await syncHealth(knex, workspaceId, period, 10);
  expect(now.syncsWithErrors).toBe(1);
  expect(worstOffenders).toMatchObject([{ syncId: cancelled.id, runsFailed: 0, rowsFailed: 1 }]);
});

test('the worst offenders are those with most failed runs, then most failed rows, then by name', async () => {
  const { id: workspaceId } = await aWorkspace(knex);
  const named = (name: string) => aSync(knex, { workspaceId, name });
  const [rows, twice, b, a, fine, old] = [
    await named('many rows'),
    await named('failed twice'),
    await named('b'),
    await named('a'),
    await named('fine'),
    await named('long ago'),
  ];
  const at = until.getTime() - 1_000;
  await ended(rows, at, { counts: { failed: 5_000 } });
  await ended(twice, at - 2_000, { status: 'failed' });
  const last = await ended(twice, at - 1_000, { status: 'failed' });
  await ended(twice, at);
  for (const sync of [b, a]) await ended(sync, at, { counts: { failed: 7 } });
  await ended(fine, at);
  await ended(old, from.getTime() - 1, { status: 'failed' });
  const { now, before, worstOffenders } = await syncHealth(knex, workspaceId, period, 10);
  expect(worstOffenders.map(({ name }) => name)).toEqual(['failed twice', 'many rows', 'a', 'b']);
  expect(worstOffenders[0]).toEqual({
    syncId: twice.id,
    name: 'failed twice',
    runs: 3,
    runsFailed: 2,
    rowsFailed: 0,
    lastRunWithErrors: last.id,
  });
  expect([now.syncsWithErrors, before.syncsWithErrors]).toEqual([4, 1]);
  expect((await syncHealth(knex, workspaceId, period, 2)).worstOffenders).toHaveLength(2);
});

test('of runs that ended at the same moment the later one with errors is named', async () => {
  const sync = await aSync(knex);
  await ended(sync, from, { status: 'failed' });
  const failed = await ended(sync, from, { status: 'failed' });
  await ended(sync, from);
  await ended(sync, from, { kind: 'dry_run', status: 'failed' });
  const { worstOffenders } = await syncHealth(knex, sync.workspaceId, period, 10);
  expect(worstOffenders).toMatchObject([{ runs: 3, runsFailed: 2, lastRunWithErrors: failed.id }]);
});

test('the runs of a deleted sync still count; it is no offender any more', async () => {
  const sync = await aSync(knex);
  await ended(sync, from, { status: 'failed' });
  await knex('syncs').where({ id: sync.id }).update({ deleted_at: until });
  const { now, worstOffenders } = await syncHealth(knex, sync.workspaceId, period, 10);
  expect(now).toMatchObject({ failed: 1, syncsWithErrors: 1 });
  expect(worstOffenders).toEqual([]);
});

test('the figures are the same whatever the time zone of the session', async () => {
  const sync = await aSync(knex);
  // The clocks of Berlin change while it runs.
  await ended(sync, from.getTime() + 20 * 3_600_000, { durationSeconds: 86_400 });
  await ended(sync, from.getTime() - 1);
  const here = await syncHealth(knex, sync.workspaceId, period, 10);
  const url = new URL(database.url);
  url.searchParams.set('options', '-c TimeZone=Europe/Berlin');
  const elsewhere = connect(url.href, { poolSize: 1 });
  try {
    const { rows } = await elsewhere.raw(`SHOW timezone`);
    expect(rows).toEqual([{ TimeZone: 'Europe/Berlin' }]);
    expect(await syncHealth(elsewhere, sync.workspaceId, period, 10)).toEqual(here);
  } finally {
    await elsewhere.destroy();
  }
  expect([here.now.averageDurationSeconds, here.before.averageDurationSeconds]).toEqual([86_400, 60]);
});
