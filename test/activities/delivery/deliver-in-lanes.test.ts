// Time slices and failures of several lanes over one ledger: what was fetched for a lane and not written stays planned.
import type { Knex } from 'knex';
import { deliverInLanes } from '../../../activities/delivery/deliver-in-lanes';
import { Delivery, type DeliveryInput } from '../../../activities/delivery/delivery';
import type { Destination, OutgoingBatch } from '../../../connectors/destination';
import { connect } from '../../../db/connect';
import type { Fence } from '../../../db/runs/lease';
import { rowOutcome } from '../../../domain/row-outcome';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const batches = 8;
let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** A destination of `lanes` whose writes are `write`'s; without transactions. */
function delivering(fence: Fence, lanes: number, write: (batch: OutgoingBatch) => Promise<void>): Delivery {
  const destination = {
    habits: { batchRows: 10, lanes, lanesAhead: 0, atomicRows: 0, writeDeadlineMs: 1_000 },
    openLane: async () => ({
      begin: async () => null,
      write: async (batch: OutgoingBatch) => {
        await write(batch);
        const outcomes = new Uint8Array(batch.operations.length).fill(rowOutcome.created);
        return { outcomes, refusals: [], callMs: [1] };
      },
      commit: async () => undefined,
      rollback: async () => undefined,
      close: async () => undefined,
    }),
  };
  return new Delivery({
    deps: { knex } as DeliveryInput['deps'],
    fence,
    journal: { attempt: fence.epoch - 1 } as DeliveryInput['journal'],
    target: { object: { table: 't' }, columns: [], keyColumns: 1, mode: 'upsert' },
    destination: destination as unknown as Destination,
    attempt: {
      signal: new AbortController().signal,
      retried: false,
      mistakes: 0,
      executionRunId: '',
      progress: {},
    },
  });
}

const states = (fence: Fence): Promise<string[]> =>
  knex('batches').where({ run_id: fence.runId }).orderBy('batch_no').pluck('state');
const late = (): number => performance.now() + 60_000;

test('a slice that ends leaves what was fetched for the next one', async () => {
  const fence = await aPlannedRun(knex, { batches });
  const endsAt = performance.now() + 100;
  const untilItsEnd = async (): Promise<void> => {
    while (performance.now() <= endsAt) await new Promise((resolve) => setTimeout(resolve, 10));
  };
  const first = await deliverInLanes(delivering(fence, 4, untilItsEnd), 'write', new Set(), endsAt);
  expect(first).toBe(false);
  const left = (await states(fence)).filter((state) => state === 'planned').length;
  expect(left).toBeGreaterThanOrEqual(4);
  let written = 0;
  const counting = async (): Promise<void> => void (written += 1);
  expect(await deliverInLanes(delivering(fence, 4, counting), 'write', new Set(), late())).toBe(true);
  expect(written).toBe(left);
  expect(await states(fence)).toEqual(Array<string>(batches).fill('acked'));
});

test('after a lane has failed no other begins a batch, not even a fetched one', async () => {
  const fence = await aPlannedRun(knex, { batches });
  let begun = 0;
  let failed: () => void = () => undefined;
  const failure = new Promise<void>((resolve) => (failed = resolve));
  const delivery = delivering(fence, 3, async () => {
    begun += 1;
    if (begun === 3) {
      setTimeout(failed, 100);
      throw new Error('no more');
    }
    await failure;
  });
  await expect(deliverInLanes(delivery, 'write', new Set(), late())).rejects.toThrow('no more');
  expect(begun).toBe(3);
  const after = await states(fence);
  expect(after.filter((state) => state === 'acked')).toHaveLength(2);
  expect(after.filter((state) => state === 'planned')).toHaveLength(batches - 3);
});
