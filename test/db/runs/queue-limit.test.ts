// How many runs of a sync may wait, whoever asks for them and however many ask at once.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { enqueueRetry } from '../../../db/runs/enqueue-retry';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import { mostQueuedRuns, QueueFullError } from '../../../db/runs/queue-limit';
import { aQueuedRun } from '../../factories/a-planned-run';
import { aSchedule } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 20 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const cancel = (runId: string) => closeRun(knex, runId, { kind: 'cancelled', failure: null });

/** A sync with a run that holds the lease and as many behind it as may wait, and hands to send it more. */
async function aFullSync() {
  const sync = await aSync(knex, { overlapPolicy: 'queue_all' });
  const place = { workspaceId: sync.workspaceId, syncId: sync.id };
  await aSchedule(knex, place);
  const ended = (await aQueuedRun(knex, sync)).runId;
  await cancel(ended);
  const holder = (await aQueuedRun(knex, sync)).runId;
  for (let at = 0; at < mostQueuedRuns; at += 1) await aQueuedRun(knex, sync);
  const choice = {
    ...place,
    trigger: 'api',
    kind: 'normal',
    triggeredBy: null,
    note: null,
    allowDeletes: false,
  } as const;
  return {
    place,
    holder,
    trigger: () => aQueuedRun(knex, sync),
    retry: () => enqueueRetry(knex, { ...choice, retryOf: ended, scope: 'all' }),
    slot: (hour: number) =>
      enqueueSlot(knex, {
        ...place,
        workflowId: `sync/${sync.id}-${hour}`,
        slotAt: new Date(Date.UTC(2025, 0, 15, hour)),
      }),
    waiting: async (): Promise<number> =>
      (await knex('runs').where({ sync_id: sync.id, status: 'queued' })).length - 1,
  };
}

test('behind a hundred waiting runs no trigger and no retry is let in, until one of them has gone', async () => {
  const { trigger, retry, holder, waiting } = await aFullSync();
  await expect(trigger()).rejects.toThrow(QueueFullError);
  await expect(retry()).rejects.toThrow(QueueFullError);
  expect(await waiting()).toBe(mostQueuedRuns);
  await cancel(holder);
  expect(await retry()).toMatchObject({ admitted: false });
  await expect(trigger()).rejects.toThrow(QueueFullError);
  expect(await waiting()).toBe(mostQueuedRuns);
});

test('a slot that finds the queue full is skipped, with an event that says so, and stays skipped', async () => {
  const { slot, holder, place } = await aFullSync();
  const skipped = { skipped: 'queue_full', blockingRun: null };
  expect(await slot(1)).toEqual(skipped);
  await cancel(holder);
  expect(await slot(1)).toEqual(skipped);
  expect(await slot(2)).toMatchObject({ admitted: false });
  expect(await slot(3)).toEqual(skipped);
  // The slot that has its run is given it again.
  expect(await slot(2)).toMatchObject({ admitted: false });
  expect(
    await knex('run_events')
      .where({ sync_id: place.syncId, type: 'slot_skipped' })
      .orderBy('id')
      .pluck('detail'),
  ).toMatchObject([
    { reason: 'queue_full', policy: 'queue_all', blocking_run: null },
    { reason: 'queue_full' },
  ]);
});

test('of many that come at once for the last places as many get one as there are', async () => {
  const { trigger, retry, slot, place, waiting } = await aFullSync();
  const last = await knex('runs')
    .where({ sync_id: place.syncId })
    .orderBy('queue_no', 'desc')
    .limit(3)
    .pluck('id');
  for (const runId of last) await cancel(runId);
  const asked = Array.from({ length: 8 }, (_, at) => [trigger(), retry(), slot(at)]).flat();
  const ends = await Promise.allSettled(asked);
  const taken = ends.filter((end) => end.status === 'fulfilled' && end.value && 'runId' in end.value);
  expect(taken).toHaveLength(3);
  for (const end of ends) if (end.status === 'rejected') expect(end.reason).toBeInstanceOf(QueueFullError);
  expect(await waiting()).toBe(mostQueuedRuns);
});
