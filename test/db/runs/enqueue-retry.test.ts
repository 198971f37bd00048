import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { closeRun } from '../../../db/runs/close-run';
import { enqueueRetry, type RetryInput } from '../../../db/runs/enqueue-retry';
import { SyncNotFoundError } from '../../../db/configuration/sync-lock';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../../factories/a-planned-run';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

describe('queueing a retry', () => {
  let database: TestDatabase;
  let knex: Knex;
  let sync: StoredSync;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 10 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    sync = await aSync(knex);
  });

  /** A run of the sync that ended with a batch created, a batch failed and a batch not attempted. */
  const aRunWithLeftovers = async (): Promise<string> => {
    const fence = await aPlannedRun(knex, { batches: 3, sync });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await send(knex, fence, 2);
    await acknowledge(knex, fence, 2, rowOutcome.failed);
    await closeRun(knex, fence.runId, { kind: 'cancelled', failure: null });
    return fence.runId;
  };
  const retryOf = (runId: string, overrides: Partial<RetryInput> = {}) =>
    enqueueRetry(knex, {
      workspaceId: sync.workspaceId,
      syncId: sync.id,
      retryOf: runId,
      scope: 'all',
      trigger: 'api',
      kind: 'normal',
      triggeredBy: 'tok_1',
      note: 'once more',
      allowDeletes: true,
      ...overrides,
    });
  const runsOf = () => knex('runs').where({ sync_id: sync.id }).orderBy('queue_no');

  test('each scope gives a run of its own that names the run it retries', async () => {
    const runId = await aRunWithLeftovers();
    for (const scope of ['failed', 'not_attempted', 'all'] as const) await retryOf(runId, { scope });
    expect(await runsOf()).toMatchObject([
      { id: runId, retry_of: null, retry_scope: null },
      {
        retry_of: runId,
        retry_scope: 'failed',
        note: 'once more',
        triggered_by: 'tok_1',
        allow_deletes: true,
      },
      { retry_of: runId, retry_scope: 'not_attempted', status: 'queued' },
      { retry_of: runId, retry_scope: 'all' },
    ]);
  });

  test('the first of several holds the lease, the others wait in their order', async () => {
    const runId = await aRunWithLeftovers();
    const queued = await Promise.all(Array.from({ length: 8 }, () => retryOf(runId, { scope: 'failed' })));
    expect(queued.filter((run) => run?.admitted)).toHaveLength(1);
    const [, ...retries] = await runsOf();
    expect(retries.map(({ queue_no }) => queue_no)).toEqual([2, 3, 4, 5, 6, 7, 8, 9]);
    expect(queued.find((run) => run?.admitted)?.runId).toBe(retries[0].id);
  });

  test('a run that waits or works cannot be retried', async () => {
    const { runId } = await aQueuedRun(knex, sync);
    await expect(retryOf(runId)).rejects.toMatchObject({ refusal: 'run_not_finished', status: 'queued' });
    const fence = await aPlannedRun(knex, { sync: await aSync(knex) });
    const place = { workspaceId: fence.workspaceId, syncId: fence.syncId };
    await expect(retryOf(fence.runId, place)).rejects.toMatchObject({
      refusal: 'run_not_finished',
      status: 'running',
    });
  });

  test('a run without rows of the scope can be run again, and not otherwise', async () => {
    const { runId } = await aQueuedRun(knex, sync);
    await closeRun(knex, runId, { kind: 'cancelled', failure: null });
    for (const scope of ['failed', 'not_attempted'] as const) {
      await expect(retryOf(runId, { scope })).rejects.toMatchObject({ refusal: 'nothing_to_retry' });
    }
    expect(await retryOf(runId)).toMatchObject({ admitted: true });
    expect(await runsOf()).toHaveLength(2);
  });

  const newModelVersion = async (changes: Record<string, unknown>): Promise<void> => {
    const old = await knex('model_versions').where({ model_id: sync.modelId, version: 1 }).first();
    const columns = JSON.stringify(old.columns);
    await knex('model_versions').insert({ ...old, columns, version: 2, ...changes });
    await knex('models').where({ id: sync.modelId }).update({ version: 2 });
  };
  const newSettings = async (settings: Record<string, unknown>): Promise<void> => {
    const old = await knex('sync_versions').where({ sync_id: sync.id, version: 1 }).first();
    await knex('sync_versions').insert({
      ...old,
      version: 2,
      mapping: JSON.stringify(old.mapping),
      object: JSON.stringify(old.object),
      settings: JSON.stringify(settings),
    });
    await knex('syncs').where({ id: sync.id }).update({ version: 2 });
  };

  test.each([
    ['another row key', () => newModelVersion({ row_key: ['email'] })],
    [
      'another type of the row key',
      () => newModelVersion({ columns: JSON.stringify([{ name: 'id', type: 'bigint' }]) }),
    ],
    ['another comparison of row keys', () => newSettings({ keyMatch: 'lower' })],
  ])('after a change to %s its rows cannot be told any more, but it can be run again', async (_, change) => {
    const runId = await aRunWithLeftovers();
    await change();
    for (const scope of ['failed', 'not_attempted'] as const) {
      await expect(retryOf(runId, { scope })).rejects.toMatchObject({ refusal: 'retry_scope_lost' });
    }
    expect(await retryOf(runId)).not.toBeNull();
  });

  test('other SQL, other columns and other settings leave the scope as it is', async () => {
    const runId = await aRunWithLeftovers();
    const columns = [
      { name: 'more', type: 'text' },
      { name: 'id', type: 'text' },
    ];
    await newModelVersion({ sql: 'SELECT 1', columns: JSON.stringify(columns) });
    await newSettings({ keyMatch: 'exact', maxRows: 5 });
    expect(await retryOf(runId, { scope: 'failed' })).not.toBeNull();
  });

  test('of a run whose journal is gone only the rows that need none can be retried', async () => {
    const runId = await aRunWithLeftovers();
    await knex('journal_batches').where({ run_id: runId }).delete();
    await expect(retryOf(runId, { scope: 'not_attempted' })).rejects.toMatchObject({
      refusal: 'retry_scope_lost',
    });
    expect(await retryOf(runId, { scope: 'failed' })).not.toBeNull();
  });

  test('a run of another sync is not there, nor is a deleted sync', async () => {
    const runId = await aRunWithLeftovers();
    const other = await aSync(knex, { workspaceId: sync.workspaceId });
    expect(await retryOf(runId, { syncId: other.id })).toBeNull();
    await knex('syncs').where({ id: sync.id }).update({ deleted_at: new Date() });
    await expect(retryOf(runId)).rejects.toThrow(SyncNotFoundError);
    expect(await runsOf()).toHaveLength(1);
  });
});
