import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { FencedError, fenced, raiseEpoch, RunAlreadyClosedError } from '../../../db/runs/lease';
import { noteLateResets } from '../../../db/runs/reconcile/reconcile-resets';
import { writeEvent } from '../../../db/runs/run-events';
import { claimRun } from '../../../db/runs/run-queue';
import { startRun } from '../../../db/runs/start-run';
import { aPlannedRun, aQueuedRun } from '../../factories/a-planned-run';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

const execution = { runId: 'execution-1', firstRunId: 'execution-1' };

describe('the lease of a sync', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 30 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  const holderOf = async (syncId: string): Promise<string | null> =>
    (await knex('sync_leases').where({ sync_id: syncId }).first()).run_id;

  const cancelled = { kind: 'cancelled', failure: null } as const;

  test('of many triggers at once exactly one is admitted, and places are numbered without a gap', async () => {
    const sync = await aSync(knex);
    const queued = await Promise.all(Array.from({ length: 20 }, () => aQueuedRun(knex, sync)));
    const admitted = queued.filter((run) => run.admitted);
    expect(admitted).toHaveLength(1);
    expect(await holderOf(sync.id)).toBe(admitted[0]?.runId);
    const places = await knex('runs')
      .where({ sync_id: sync.id })
      .orderBy('queue_no')
      .select('id', 'queue_no');
    expect(places.map(({ queue_no }) => queue_no)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    expect(places[0].id).toBe(admitted[0]?.runId);
  });

  test('each close hands the lease to the next in order of arrival', async () => {
    const sync = await aSync(knex);
    const order = [];
    for (let at = 0; at < 5; at += 1) order.push((await aQueuedRun(knex, sync)).runId);
    for (const [at, runId] of order.entries()) {
      expect(await holderOf(sync.id)).toBe(runId);
      const { next } = await closeRun(knex, runId, cancelled);
      expect(next?.runId).toBe(order[at + 1]);
    }
    expect(await holderOf(sync.id)).toBeNull();
  });

  test('a run that is cancelled while it waits leaves the lease and the order of the others alone', async () => {
    const sync = await aSync(knex);
    const [first, second, third] = [
      await aQueuedRun(knex, sync),
      await aQueuedRun(knex, sync),
      await aQueuedRun(knex, sync),
    ];
    const closed = await closeRun(knex, second.runId, cancelled);
    expect(closed).toMatchObject({
      status: 'cancelled',
      outcome: 'nothing_applied',
      next: { runId: first.runId },
    });
    expect((await closeRun(knex, first.runId, cancelled)).next?.runId).toBe(third.runId);
  });

  test('a run without the lease cannot start', async () => {
    const sync = await aSync(knex);
    await aQueuedRun(knex, sync);
    const waiting = await aQueuedRun(knex, sync);
    expect(await startRun(knex, waiting.runId)).toBeNull();
    expect(await claimRun(knex, waiting.runId, execution)).toEqual({
      admitted: false,
      closed: false,
      status: 'queued',
      cancelRequested: false,
    });
  });

  test('a newer attempt stops every write of an older one', async () => {
    const older = await aPlannedRun(knex);
    const newer = await knex.transaction((trx) => raiseEpoch(trx, older.runId));
    await expect(fenced(knex, older, async () => 'written')).rejects.toThrow(FencedError);
    expect(await fenced(knex, newer, async () => 'written')).toBe('written');
  });

  test('once a run is closed no attempt can begin or write, and it is told so', async () => {
    const fence = await aPlannedRun(knex);
    await closeRun(knex, fence.runId, cancelled);
    await expect(fenced(knex, fence, async () => 'written')).rejects.toThrow(FencedError);
    await expect(knex.transaction((trx) => raiseEpoch(trx, fence.runId))).rejects.toThrow(
      RunAlreadyClosedError,
    );
    await expect(startRun(knex, fence.runId)).rejects.toThrow(RunAlreadyClosedError);
    expect(await claimRun(knex, fence.runId, execution)).toMatchObject({ closed: true });
  });

  test('an attempt that waits at the lease while the run is closed writes nothing', async () => {
    const fence = await aPlannedRun(knex);
    const closing = await knex.transaction();
    await closing.raw(`SELECT 1 FROM sync_leases WHERE sync_id = ? FOR UPDATE`, [fence.syncId]);
    const late = fenced(knex, fence, async () => 'written');
    late.catch(() => undefined);
    await untilSomebodyWaits();
    await closing.raw(`UPDATE sync_leases SET run_id = NULL, epoch = epoch + 1 WHERE sync_id = ?`, [
      fence.syncId,
    ]);
    await closing.commit();
    await expect(late).rejects.toThrow(FencedError);
  });

  test('a trigger does not wait for a ledger write, a close does, and neither throws the other out', async () => {
    const fence = await aPlannedRun(knex);
    let closing: Promise<unknown> = Promise.resolve();
    await fenced(knex, fence, async (trx) => {
      await aQueuedRun(knex, { id: fence.syncId, workspaceId: fence.workspaceId });
      closing = closeRun(knex, fence.runId, cancelled);
      closing.catch(() => undefined);
      await untilSomebodyWaits();
      // An event takes a share of the sync's row, which the close has locked by now.
      await writeEvent(trx, fence, 'waiting');
    });
    await closing;
    expect(await knex('run_events').where({ run_id: fence.runId, type: 'waiting' })).toHaveLength(1);
  });

  test('a run that waits is cancelled, and others are triggered, while the holder writes or begins anew', async () => {
    const fence = await aPlannedRun(knex);
    const sync = { id: fence.syncId, workspaceId: fence.workspaceId };
    const holdings = [
      (work: () => Promise<void>) => fenced(knex, fence, work),
      (work: () => Promise<void>) =>
        knex.transaction(async (trx) => {
          await raiseEpoch(trx, fence.runId);
          await work();
        }),
    ];
    for (const holding of holdings) {
      const waiting = await aQueuedRun(knex, sync);
      await holding(async () => {
        expect(await closeRun(knex, waiting.runId, cancelled)).toMatchObject({
          status: 'cancelled',
          next: { runId: fence.runId },
        });
        expect(await aQueuedRun(knex, sync)).toMatchObject({ admitted: false });
      });
    }
  });

  test('a run that is given the lease while its close waits for the sync is closed as the holder', async () => {
    const sync = await aSync(knex);
    const [first, heir, last] = [
      await aQueuedRun(knex, sync),
      await aQueuedRun(knex, sync),
      await aQueuedRun(knex, sync),
    ];
    const [giving, holding] = [await knex.transaction(), await knex.transaction()];
    await holding.raw(`SELECT 1 FROM runs WHERE id = ? FOR NO KEY UPDATE`, [heir.runId]);
    await giving.raw(`SELECT 1 FROM syncs WHERE id = ? FOR NO KEY UPDATE`, [sync.id]);
    const closing = closeRun(knex, heir.runId, cancelled);
    closing.catch(() => undefined);
    await untilSomebodyWaits();
    expect(await closeRun(giving, first.runId, cancelled)).toMatchObject({ next: { runId: heir.runId } });
    await giving.commit();
    // Locked by the close, which waits for the run's row alone by now: no write of the heir's can come in between.
    const share = `SELECT 1 FROM sync_leases WHERE sync_id = ? FOR SHARE NOWAIT`;
    await until('the close to have the lease', () =>
      knex.raw(share, [sync.id]).then(
        () => false,
        () => true,
      ),
    );
    await holding.rollback();
    expect(await closing).toMatchObject({ status: 'cancelled', next: { runId: last.runId } });
  });

  test('a slot that is fired once more, its run having ended, is no reset; a reset is', async () => {
    const run = await aQueuedRun(knex);
    await claimRun(knex, run.runId, execution);
    await closeRun(knex, run.runId, cancelled);
    const told = () => knex('run_events').where({ run_id: run.runId, type: 'run_reset' }).pluck('detail');
    const backfill = { runId: 'execution-2', firstRunId: 'execution-2' };
    for (let attempt = 0; attempt < 2; attempt += 1)
      expect(await claimRun(knex, run.runId, backfill)).toMatchObject({ closed: true });
    const ended = { workflowId: run.runId, executionRunId: 'execution-2', startedAt: new Date() };
    expect(await noteLateResets(knex, [ended])).toEqual([]);
    expect(await told()).toEqual([]);
    await claimRun(knex, run.runId, { runId: 'execution-3', firstRunId: 'execution-1' });
    expect(await told()).toEqual([{ after_its_end: true }]);
  });

  test('twenty triggers, the writes of a run and its closes side by side all succeed', async () => {
    const sync = await aSync(knex);
    const fence = await aPlannedRun(knex, { sync });
    const writes = Array.from({ length: 20 }, () =>
      fenced(knex, fence, (trx) => writeEvent(trx, fence, 'waiting')),
    );
    const triggers = Array.from({ length: 20 }, () => aQueuedRun(knex, sync));
    await Promise.all([...writes, ...triggers]);
    const closes = [];
    for (let holder = await holderOf(sync.id); holder !== null; holder = await holderOf(sync.id)) {
      const runId = holder;
      closes.push(runId);
      await Promise.all([
        closeRun(knex, runId, cancelled),
        closeRun(knex, runId, cancelled),
        aClosedOther(sync),
      ]);
    }
    expect(closes).toHaveLength(21);
    expect(await knex('runs').where({ sync_id: sync.id }).whereNull('completed_at')).toEqual([]);

    /** Claims of runs that are closed are what late workflows do. */
    async function aClosedOther({ id }: { id: string }): Promise<void> {
      const [closed] = await knex('runs').where({ sync_id: id }).whereNotNull('completed_at').limit(1);
      if (closed) await claimRun(knex, closed.id, execution);
    }
  });

  async function untilSomebodyWaits(): Promise<void> {
    for (;;) {
      const { rows } = await knex.raw(
        `SELECT count(*) AS n FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      if (rows[0].n > 0) return;
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  }
});
