// A cancel of a run over millions of rows is met at the next page: loading and folding a snapshot, planning deletes.
import type { Knex } from 'knex';
import { SieveMemory } from '../../activities/memory/sieve-memory';
import type { ActivityDeps } from '../../activities/deps';
import { foldWhenDue } from '../../activities/query/fold-snapshot';
import { loadSnapshot } from '../../activities/load-snapshot';
import { untilAborted } from '../../activities/attempt/until-aborted';
import { connect } from '../../db/connect';
import { closeRun } from '../../db/runs/close-run';
import { raiseEpoch, type Fence } from '../../db/runs/lease';
import type { SnapshotPin } from '../../db/snapshot/snapshot-store';
import { rowOutcome } from '../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../support/database';

const reason = new Error('cancelled by the test');

test('pages come until the stop, and whoever gives them is told to end', async () => {
  const stop = new AbortController();
  const seen: number[] = [];
  let hasEnded = false;
  async function* pages() {
    try {
      for (let page = 0; ; page += 1) yield page;
    } finally {
      hasEnded = true;
    }
  }
  const walk = async () => {
    for await (const page of untilAborted(pages(), stop.signal)) {
      seen.push(page);
      if (page === 2) stop.abort(reason);
    }
  };
  await expect(walk()).rejects.toBe(reason);
  expect(seen).toEqual([0, 1, 2]);
  expect(hasEnded).toBe(true);
});

test('a stop at the last page is met as well', async () => {
  const stop = new AbortController();
  const walk = async () => {
    for await (const page of untilAborted(['first', 'last'], stop.signal)) {
      if (page === 'last') stop.abort(reason);
    }
  };
  await expect(walk()).rejects.toBe(reason);
});

describe('a stored snapshot', () => {
  let database: TestDatabase;
  let knex: Knex;
  let fence: Fence;
  const pin: SnapshotPin = {
    version: 1,
    lastDelta: 3,
    rows: 0,
    deltaRows: 0,
    deltaKeyBytes: 0,
    missingDue: false,
    foldDue: true,
  };
  const stopped = AbortSignal.abort(reason);
  const never = new AbortController().signal;

  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 3 });
    const first = await aPlannedRun(knex, { batches: 3, batchRows: 10 });
    for (const batchNo of [1, 2, 3]) {
      await send(knex, first, batchNo);
      await acknowledge(knex, first, batchNo, rowOutcome.created);
    }
    await closeRun(knex, first.runId, { kind: 'finished', failure: null });
    const { runId } = await aQueuedRun(knex, { id: first.syncId, workspaceId: first.workspaceId });
    fence = await knex.transaction((trx) => raiseEpoch(trx, runId));
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  test('is not loaded any further once its attempt is to stop', async () => {
    await expect(loadSnapshot(knex, fence.syncId, pin, stopped)).rejects.toBe(reason);
    const snapshot = await loadSnapshot(knex, fence.syncId, pin, never);
    expect(snapshot.liveRows).toBeGreaterThan(0);
    snapshot.release();
  });

  test('stays as it was when its folding is stopped, and can be folded afterwards', async () => {
    const deps = { knex, sieveMemory: new SieveMemory(1024 ** 2) } as ActivityDeps;
    const versions = () => knex('snapshots').where({ sync_id: fence.syncId }).pluck('version');
    await expect(foldWhenDue(deps, fence, pin, stopped)).rejects.toBe(reason);
    expect(await versions()).toEqual([1]);
    expect(await knex('snapshot_deltas').where({ sync_id: fence.syncId })).toHaveLength(3);
    expect(await foldWhenDue(deps, fence, pin, never)).toMatchObject({ version: 2, foldDue: false });
    expect(await versions()).toEqual([2]);
  });
});
