// A sync's runs as its trends show them: which runs, in which order, summed up by which days.
import type { Knex } from 'knex';
import { connect } from '../../../../db/connect';
import { comparableRuns, earlierRuns } from '../../../../db/views/insights/comparable-runs-view';
import { lastEndedRuns, trendDays } from '../../../../db/views/insights/trend-view';
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

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

async function aHistory() {
  const { id: syncId, workspaceId } = await aSync(knex);
  const place = { workspaceId, syncId };
  /** A run that ended at `at`, a minute after it began. */
  const ended = (at: Date | number | string, overrides: RunOverrides = {}): Promise<MadeRun> => {
    const seconds = overrides.durationSeconds ?? 60;
    const startedAt = new Date(new Date(at).getTime() - seconds * 1_000);
    const sync = { id: syncId, workspaceId };
    return aRun(knex, {
      sync,
      counts: { unchanged: 100 },
      durationSeconds: seconds,
      startedAt,
      ...overrides,
    });
  };
  return { place, ended };
}

test('the last runs that ended come in the order they ended, whatever order they were queued in', async () => {
  const { place, ended } = await aHistory();
  const late = await ended('2026-01-02T00:00:00Z');
  const early = await ended('2026-01-01T00:00:00Z', { status: 'failed' });
  const same = await ended('2026-01-02T00:00:00Z', { status: 'cancelled' });
  await ended('2026-01-03T00:00:00Z', { status: 'running' });
  await ended('2026-01-03T00:00:00Z', { status: 'queued' });
  const ids = async (most: number) => (await lastEndedRuns(knex, place, most)).map(({ id }) => id);
  expect(await ids(10)).toEqual([early.id, late.id, same.id]);
  expect(await ids(2)).toEqual([late.id, same.id]);
  const other = await aWorkspace(knex);
  expect(await lastEndedRuns(knex, { ...place, workspaceId: other.id }, 10)).toEqual([]);
});

test('days are those of UTC by the end of a run, and sum up all but dry runs', async () => {
  const { place, ended } = await aHistory();
  const from = new Date('2026-01-01T00:00:00Z');
  const until = new Date('2026-01-04T00:00:00Z');
  await ended('2025-12-31T23:59:59.999Z');
  await ended('2026-01-01T00:00:00Z', {
    durationSeconds: 7_200,
    counts: { created: 1, updated: 2, failed: 3 },
  });
  await ended('2026-01-01T23:59:59.999Z', { status: 'failed', counts: { created: 10, notAttempted: 4 } });
  await ended('2026-01-01T12:00:00Z', { kind: 'dry_run', outcome: 'planned', counts: { notAttempted: 50 } });
  for (const seconds of [10, 20, 30, 40])
    await ended('2026-01-03T00:00:00Z', { durationSeconds: seconds, counts: { deleted: 1, unchanged: 5 } });
  await ended('2026-01-03T01:00:00Z', { status: 'cancelled', durationSeconds: 9_000 });
  await ended('2026-01-04T00:00:00Z');
  const first = {
    day: '2026-01-01',
    completed: 1,
    failed: 1,
    cancelled: 0,
    rowsProcessed: 20,
    rowsCreated: 11,
    rowsUpdated: 2,
    rowsDeleted: 0,
    rowsFailed: 3,
    durationP50Ms: 7_200_000,
    durationP95Ms: 7_200_000,
  };
  const third = {
    day: '2026-01-03',
    completed: 4,
    failed: 0,
    cancelled: 1,
    rowsProcessed: 20 + 100,
    rowsCreated: 0,
    rowsUpdated: 0,
    rowsDeleted: 4,
    rowsFailed: 0,
    durationP50Ms: 20_000,
    durationP95Ms: 40_000,
  };
  const { days, all } = await trendDays(knex, place, from, until);
  expect(days).toEqual([first, third]);
  expect(all).toMatchObject({
    completed: 5,
    rowsProcessed: 140,
    durationP50Ms: 30_000,
    durationP95Ms: 7_200_000,
  });

  const url = new URL(database.url);
  url.searchParams.set('options', '-c TimeZone=Pacific/Auckland');
  const elsewhere = connect(url.href, { poolSize: 1 });
  try {
    expect(await trendDays(elsewhere, place, from, until)).toEqual({ days, all });
  } finally {
    await elsewhere.destroy();
  }
  const stranger = { ...place, workspaceId: (await aWorkspace(knex)).id };
  expect(await trendDays(knex, stranger, from, until)).toMatchObject({
    days: [],
    all: { completed: 0, durationP50Ms: null },
  });
});

test('comparable are completed runs of the kind normal that retry none', async () => {
  const { place, ended } = await aHistory();
  const from = new Date('2026-01-01T00:00:00Z');
  const until = new Date('2026-01-02T00:00:00Z');
  const last = await ended(from.getTime() + 2, {
    counts: { unchanged: 70, failed: 7 },
    durationSeconds: 2.5,
  });
  const first = await ended(from);
  await ended(from.getTime() - 1);
  await ended(until);
  for (const other of [
    { status: 'failed' },
    { status: 'cancelled' },
    { status: 'running' },
    { status: 'queued' },
    { kind: 'full_resync' },
    { kind: 'dry_run', outcome: 'planned' },
  ] satisfies RunOverrides[])
    await ended(from, other);
  const retry = await ended(from);
  await knex('runs').where({ id: retry.id }).update({ retry_of: first.id, retry_scope: 'all' });
  const runs = await comparableRuns(knex, place, { from, until, most: 10 });
  expect(runs.map(({ id }) => id)).toEqual([first.id, last.id]);
  expect(runs[1]).toEqual({
    id: last.id,
    completedAt: new Date(from.getTime() + 2),
    startedAt: from.getTime() + 2 - 2_500,
    durationMs: 2_500,
    rowsProcessed: 77,
    rowsFailed: 7,
  });
  expect((await comparableRuns(knex, place, { from, until, most: 1 })).map(({ id }) => id)).toEqual([
    last.id,
  ]);
});

test('what is usual is that of eight weeks, or of the last thirty runs, thinned evenly beyond a number', async () => {
  const { place, ended } = await aHistory();
  const before = new Date('2026-06-01T00:00:00Z');
  const daysBefore = async (most: number) =>
    (await earlierRuns(knex, place, before, most)).map(
      ({ startedAt, durationMs }) => (before.getTime() - startedAt - durationMs) / dayMs,
    );
  expect(await daysBefore(100)).toEqual([]);
  for (const days of [300, 200, 100]) await ended(before.getTime() - days * dayMs);
  await ended(before);
  expect(await daysBefore(100)).toEqual([300, 200, 100]);
  // With these there are thirty that are newer than the oldest.
  for (let days = 27; days >= 1; days -= 1) await ended(before.getTime() - days * dayMs);
  expect(await daysBefore(100)).toEqual([300, 200, 100, ...Array.from({ length: 27 }, (_, at) => 27 - at)]);
  await ended(before.getTime() - hourMs * 12, { status: 'failed' });
  expect((await daysBefore(100)).slice(0, 2)).toEqual([200, 100]);
  for (let days = 39; days >= 28; days -= 1) await ended(before.getTime() - days * dayMs);
  const ofEightWeeks = Array.from({ length: 39 }, (_, at) => 39 - at);
  expect(await daysBefore(39)).toEqual(ofEightWeeks);
  // Every second, the newest of them among these.
  expect(await daysBefore(38)).toEqual(ofEightWeeks.filter((days) => days % 2 === 1));
  expect(await daysBefore(10)).toEqual(ofEightWeeks.filter((days) => days % 4 === 1));
});
