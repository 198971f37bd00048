import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { beginRemovals } from '../../../db/runs/begin-removals';
import { closeRun } from '../../../db/runs/close-run';
import { chunkRows, continueRemovals } from '../../../db/runs/continue-removals';
import { removeSyncEvents } from '../../../db/runs/remove-sync-events';
import { enqueueRetry } from '../../../db/runs/enqueue-retry';
import { rowOutcome } from '../../../domain/row-outcome';
import { removeHistory } from '../../../worker/upkeep/remove-history';
import { aPlannedRun, acknowledge, aQueuedRun, send } from '../../factories/a-planned-run';
import { aRun, type MadeRun, type RunOverrides } from '../../factories/a-run';
import { aRowError } from '../../factories/a-row-error';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const day = 86_400_000;
const retention = { runDays: 400, rowErrorDays: 100 };
const nothing = { runs: 0, rowErrorsOfRuns: 0, rawValuesOfRuns: 0, syncEvents: 0, rows: 0 };

describe('removing history by age', () => {
  let database: TestDatabase;
  let knex: Knex;
  let sync: StoredSync;
  beforeEach(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 10 });
    sync = await aSync(knex);
  });
  afterEach(async () => {
    await knex.destroy();
    await database.drop();
  });

  /** A run that ended so many days ago, give or take a minute. */
  const aged = (days: number, overrides: RunOverrides = {}): Promise<MadeRun> =>
    aRun(knex, { sync, startedAt: new Date(Date.now() - days * day - 263_000), ...overrides });
  const unchanged = { outcome: 'no_changes', counts: { unchanged: 5 } } as const;
  const kept = async (): Promise<string[]> =>
    (await knex('runs').where({ sync_id: sync.id }).orderBy('queue_no').pluck('id')) as string[];
  const remove = (only: Partial<typeof retention> = {}) =>
    removeHistory(knex, { ...retention, ...only }, new AbortController().signal);
  const retryOf = (run: MadeRun, scope: 'all' | 'failed' | 'not_attempted') =>
    enqueueRetry(knex, {
      workspaceId: sync.workspaceId,
      syncId: sync.id,
      retryOf: run.id,
      scope,
      trigger: 'api',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
  const left = async (runId: string): Promise<Record<string, number>> => {
    const counts: Record<string, number> = {};
    const { rows } = await knex.raw<{ rows: { name: string }[] }>(
      `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'run_id'
         AND table_name NOT IN ('snapshot_deltas', 'sync_leases')`,
    );
    for (const { name } of rows) {
      const found = await knex(name).where({ run_id: runId });
      if (found.length > 0) counts[name] = found.length;
    }
    return counts;
  };

  /** Events of a sync itself that are so many days old, give or take a minute; one for each of `days`. */
  const aSyncEvent = (...days: number[]) =>
    knex('run_events').insert(
      days.map((age) => ({
        workspace_id: sync.workspaceId,
        sync_id: sync.id,
        at: new Date(Date.now() - age * day - 60_000),
        type: 'slots_missed',
        detail: { age },
      })),
    );
  const syncEvents = (): Promise<{ age: number }[]> =>
    knex('run_events').whereNull('run_id').orderBy('id').pluck('detail');

  test('a run goes the day after its last, with everything about it, and a day before it stays', async () => {
    const [old, young] = [await aged(401), await aged(399)];
    await aRowError(knex, old);
    await aged(1);
    expect(await left(old.id)).toEqual({ run_phases: 4, row_errors: 1 });
    expect(await remove()).toMatchObject({ runs: 1 });
    expect(await kept()).not.toContain(old.id);
    expect(await kept()).toContain(young.id);
    expect(await left(old.id)).toEqual({});
    expect(await knex('run_removals')).toEqual([]);
  });

  test('nothing is too old where nothing is to be removed', async () => {
    const old = await aged(9_000);
    await aRowError(knex, old);
    await aged(1);
    await aSyncEvent(9_000);
    expect(await remove({ runDays: 0, rowErrorDays: 0 })).toEqual(nothing);
    expect(await syncEvents()).toHaveLength(1);
    expect(await kept()).toHaveLength(2);
  });

  test('row errors go before their run, which says so once and keeps its count', async () => {
    const run = await aged(101);
    const younger = await aged(99);
    for (const failed of [run, run, younger]) await aRowError(knex, failed);
    expect(await remove()).toEqual({ ...nothing, rowErrorsOfRuns: 1, rows: 2 });
    expect(await remove()).toEqual(nothing);
    expect(await left(run.id)).toEqual({ run_phases: 4, run_events: 1 });
    expect(await left(younger.id)).toEqual({ run_phases: 4, row_errors: 1 });
    expect(await knex('run_events').where({ run_id: run.id })).toMatchObject([
      { type: 'row_errors_removed', detail: { row_errors: 336 } },
    ]);
    expect(await knex('runs').where({ id: run.id }).first()).toMatchObject({ rows_failed: 336 });
  });

  test('a real run goes with journal, plan, batches and events', async () => {
    const fence = await aPlannedRun(knex, { batches: 2, sync });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await closeRun(knex, fence.runId, { kind: 'cancelled', failure: null });
    await aged(1);
    await knex.raw(
      `UPDATE runs SET queued_at = queued_at - interval '500 days', started_at = started_at - interval '500 days',
         completed_at = completed_at - interval '500 days' WHERE id = ?`,
      [fence.runId],
    );
    expect(Object.keys(await left(fence.runId))).toEqual(
      expect.arrayContaining([
        'batches',
        'change_plans',
        'journals',
        'journal_batches',
        'run_events',
        'run_phases',
      ]),
    );
    expect(await remove()).toMatchObject({ runs: 1 });
    expect(await left(fence.runId)).toEqual({});
  });

  test('the last run of a sync stays, and the last that sent a row, however old they are', async () => {
    await aged(900);
    const sentLast = await aged(800);
    await aged(700, unchanged);
    const last = await aged(600, unchanged);
    expect(await remove()).toMatchObject({ runs: 2 });
    expect(await kept()).toEqual([sentLast.id, last.id]);
  });

  test('a run that is queued or running is never touched', async () => {
    const queued = await aged(900, { status: 'queued' });
    const running = await aged(900, { status: 'running' });
    await aged(1);
    expect(await remove()).toMatchObject({ runs: 0 });
    expect(await kept()).toEqual(expect.arrayContaining([queued.id, running.id]));
  });

  test('a run stays while a run that stays retries it; the two go one after the other', async () => {
    const first = await aged(900);
    const second = await aged(500);
    const third = await aged(300);
    await aged(1);
    const link = (of: MadeRun, by: MadeRun) =>
      knex('runs').where({ id: by.id }).update({ retry_of: of.id, retry_scope: 'all' });
    await link(first, second);
    await link(second, third);
    expect(await remove()).toMatchObject({ runs: 0 });
    expect(await remove({ runDays: 200 })).toMatchObject({ runs: 3 });
    expect(await kept()).toHaveLength(1);
  });

  test('row errors stay while an open run retries their run, also through a retry in between', async () => {
    const first = await aged(150);
    const second = await aged(120);
    await aRowError(knex, first);
    await knex('runs').where({ id: second.id }).update({ retry_of: first.id, retry_scope: 'failed' });
    const open = await aQueuedRun(knex, sync);
    await knex('runs')
      .where({ id: open.runId })
      .update({ retry_of: second.id, retry_scope: 'not_attempted' });
    expect(await beginRemovals(knex, 'row_errors', 100)).toEqual([]);
    await closeRun(knex, open.runId, { kind: 'cancelled', failure: null });
    expect((await beginRemovals(knex, 'row_errors', 100)).toSorted()).toEqual(
      [first.id, second.id].toSorted(),
    );
  });

  test('a run that is being removed can be retried no more; rows that only row errors tell cannot either', async () => {
    const gone = await aged(500);
    const old = await aged(200);
    await aged(1);
    await knex('change_plans').insert(
      ['skipped', 'planned_deletes', 'skipped_deletes', 'creates', 'updates', 'batches'].reduce(
        (row, column) => ({ ...row, [column]: 0 }),
        { run_id: old.id, workspace_id: sync.workspaceId, attempt: 1, failed: 336 },
      ),
    );
    expect(await beginRemovals(knex, 'run', 400)).toEqual([gone.id]);
    expect(await retryOf(gone, 'all')).toBeNull();
    await beginRemovals(knex, 'row_errors', 100);
    await expect(retryOf(old, 'failed')).rejects.toMatchObject({ refusal: 'retry_scope_lost' });
    expect(await retryOf(old, 'all')).toMatchObject({ runId: expect.any(String) });
  });

  test('a retry that comes while a run is about to be marked wins, or finds it marked: never both', async () => {
    const old = await aged(500);
    await aged(1);
    for (let round = 0; round < 10; round += 1) {
      const [begun, retried] = await Promise.all([
        beginRemovals(knex, 'run', 400),
        sleep(round % 3).then(() => retryOf(old, 'all')),
      ]);
      expect(begun.length > 0).toBe(retried === null);
      if (retried) await knex('run_events').where({ run_id: retried.runId }).delete();
      await knex('run_removals').delete();
      await knex('sync_leases').update({ run_id: null });
      await knex('runs').where({ retry_of: old.id }).delete();
    }
  });

  test('an event of the sync itself goes as a run does, one of a run with the run alone', async () => {
    await aged(1);
    const open = await aQueuedRun(knex, sync);
    await knex.raw(`UPDATE run_events SET at = at - interval '900 days' WHERE run_id = ?`, [open.runId]);
    await aSyncEvent(900, 401, 399, 1);
    expect(await remove()).toEqual({ ...nothing, syncEvents: 2, rows: 2 });
    expect(await syncEvents()).toEqual([{ age: 399 }, { age: 1 }]);
    expect(await left(open.runId)).toMatchObject({ run_events: 2 });
    expect(await remove()).toEqual(nothing);
  });

  test('events of syncs go in bounded chunks, each once, however many workers come', async () => {
    const other = await aSync(knex, { workspaceId: sync.workspaceId });
    await knex.raw(
      `INSERT INTO run_events (workspace_id, sync_id, at, type)
       SELECT ?, sync, now() - interval '500 days' + make_interval(secs => n), 'slots_missed'
       FROM generate_series(1, 30) n, unnest(?::text[]) sync`,
      [sync.workspaceId, [sync.id, other.id]],
    );
    await aSyncEvent(1);
    expect(await removeSyncEvents(knex, 400, 7)).toBe(7);
    const locked = await knex.transaction();
    await locked.raw(`SELECT 1 FROM run_events WHERE sync_id = ? FOR UPDATE`, [other.id]);
    const rounds = await Promise.all(Array.from({ length: 4 }, () => remove()));
    await locked.rollback();
    expect((await syncEvents()).length).toBeGreaterThan(1);
    const last = await remove();
    expect([...rounds, last].reduce((sum, round) => sum + round.syncEvents, 0)).toBe(60 - 7);
    expect(await syncEvents()).toEqual([{ age: 1 }]);
  });

  test('a chunk is bounded and whole: stopped in between, the rest is found and nothing is half there', async () => {
    const run = await aged(500);
    await aged(1);
    await knex.raw(
      `INSERT INTO row_errors (run_id, row_no, workspace_id, message, code, origin, operation)
       SELECT ?, n, ?, 'No', 'no', 'destination', 'update' FROM generate_series(1, 2 * ${chunkRows} + 1) n`,
      [run.id, run.workspaceId],
    );
    expect(await beginRemovals(knex, 'run', 400)).toEqual([run.id]);
    const broken = connect(database.url, { poolSize: 1 });
    broken.on('query', ({ sql }: { sql: string }) => {
      if (sql.includes('DELETE FROM run_phases')) throw new Error('the worker died');
    });
    expect(await continueRemovals(knex)).toMatchObject({ rows: chunkRows, ended: { run: 0 } });
    expect(await continueRemovals(knex)).toMatchObject({ rows: chunkRows, ended: { run: 0 } });
    await expect(continueRemovals(broken)).rejects.toThrow('the worker died');
    await broken.destroy();
    expect(await left(run.id)).toEqual({ row_errors: 1, run_phases: 4, run_removals: 1 });
    expect(await continueRemovals(knex)).toMatchObject({ rows: 6, ended: { run: 1 } });
    expect(await left(run.id)).toEqual({});
    expect(await continueRemovals(knex)).toBeNull();
  });

  test('workers that come together share the work, and each run is removed and counted once', async () => {
    for (let count = 0; count < 60; count += 1) await aged(500 + count, unchanged);
    const last = await aged(1);
    const rounds = await Promise.all(Array.from({ length: 4 }, () => remove()));
    expect(rounds.reduce((sum, { runs }) => sum + runs, 0)).toBe(60);
    expect(await kept()).toEqual([last.id]);
  });

  test('what another worker has in hand is left to it', async () => {
    const old = await aged(500);
    await aged(1);
    await beginRemovals(knex, 'run', 400);
    const other = await knex.transaction();
    await other.raw('SELECT 1 FROM run_removals FOR UPDATE');
    expect(await continueRemovals(knex)).toBeNull();
    await other.rollback();
    expect(await continueRemovals(knex)).toMatchObject({ ended: { run: 1 } });
    expect(await kept()).not.toContain(old.id);
  });

  test('a sync that somebody has locked waits for the next round, and holds nobody up', async () => {
    const old = await aged(500);
    await aged(1);
    const holder = await knex.transaction();
    await holder.raw('SELECT 1 FROM syncs WHERE id = ? FOR NO KEY UPDATE', [sync.id]);
    expect(await remove()).toMatchObject({ runs: 0 });
    await holder.rollback();
    expect(await remove()).toMatchObject({ runs: 1 });
    expect(await kept()).not.toContain(old.id);
  });
});
