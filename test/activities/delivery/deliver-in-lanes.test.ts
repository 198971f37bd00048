// Time slices and failures of several lanes over one ledger: what was fetched for a lane and not written stays planned, and
// what is known of a batch in the middle of it is not lost.
import type { Knex } from 'knex';
import { deliverInLanes } from '../../../activities/delivery/deliver-in-lanes';
import { Delivery, type DeliveryInput } from '../../../activities/delivery/delivery';
import { CallWithheld } from '../../../connectors/call-withheld';
import { ConnectorFailure } from '../../../connectors/connector-failure';
import type { BatchAnswer, BatchSoFar, Destination, OutgoingBatch } from '../../../connectors/destination';
import { connect } from '../../../db/connect';
import type { Fence } from '../../../db/runs/lease';
import { failureOf } from '../../../domain/failure';
import { rowOutcome } from '../../../domain/row-outcome';
import { aPlannedRun, send } from '../../factories/a-planned-run';
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

// Far beyond the minute that `send` gives a batch.
const writeDeadlineMs = 3_600_000;

type Write = (batch: OutgoingBatch, soFar: BatchSoFar) => Promise<BatchAnswer | void>;

/** A destination of `lanes` whose writes are `write`'s, all rows created unless it says otherwise; without transactions. */
function delivering(fence: Fence, lanes: number, write: Write): Delivery {
  const destination = {
    habits: { lanes, lanesAhead: 0, writeDeadlineMs },
    openLane: async () => ({
      begin: async () => null,
      write: async (batch: OutgoingBatch, _signal: AbortSignal, soFar: BatchSoFar) => {
        const outcomes = new Uint8Array(batch.operations.length).fill(rowOutcome.created);
        return (await write(batch, soFar)) ?? { outcomes, refusals: [], callMs: [1] };
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
    rawValues: 'keep',
    destination: destination as unknown as Destination,
    attempt: {
      signal: new AbortController().signal,
      retried: false,
      mistakes: 0,
      executionRunId: '',
      progress: {},
    },
    plannedBatches: 1_000,
    hasFollowUps: false,
  });
}

const ledger = (fence: Fence) => knex('batches').where({ run_id: fence.runId }).orderBy('batch_no');
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

test('as many lanes as there are work side by side, also when they are more than a page of batches', async () => {
  const lanes = 40;
  const fence = await aPlannedRun(knex, { batches: 3 * lanes });
  let open = 0;
  let most = 0;
  let letGo: () => void = () => undefined;
  const allOpen = new Promise<void>((resolve) => (letGo = resolve));
  const delivery = delivering(fence, lanes, async () => {
    most = Math.max(most, (open += 1));
    if (open === lanes) letGo();
    // A lane too few would wait here for ever.
    await Promise.race([allOpen, new Promise((resolve) => setTimeout(resolve, 10_000).unref())]);
    open -= 1;
  });
  expect(await deliverInLanes(delivery, 'write', new Set(), late())).toBe(true);
  expect(most).toBe(lanes);
  expect(new Set(await states(fence))).toEqual(new Set(['acked']));
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

test('a batch without an answer that gets no slot at its next try is left as its one call left it', async () => {
  const fence = await aPlannedRun(knex, { batches: 2 });
  await send(knex, fence, 1);
  const [before] = await ledger(fence);
  let tries = 0;
  const busy = async (): Promise<void> => {
    tries += 1;
    if (tries === 1) throw new CallWithheld('no slot');
  };
  expect(await deliverInLanes(delivering(fence, 1, busy), 'write', new Set(), late())).toBe(true);
  const [one, two] = await ledger(fence);
  // Marked twice more; of the first of them no call was made, so that there is nothing of it to wait for.
  expect(one).toMatchObject({ state: 'acked', attempts: 3, late_until: before.deadline_at });
  expect(two).toMatchObject({ state: 'acked', attempts: 1, late_until: null });
});

describe('what is known of a batch', () => {
  const { created, failed, failedUnsure, unknown } = rowOutcome;
  const refusal = (row: number) => ({
    row,
    field: null,
    message: `no ${row}`,
    code: 'http_422',
    origin: 'destination' as const,
  });
  /** The first five rows, the first of them refused. */
  const part: BatchAnswer = {
    outcomes: Uint8Array.from([failed, created, created, created, created, ...Array(5).fill(unknown)]),
    refusals: [refusal(0)],
    callMs: [7, 8],
  };
  /** The other five, the last of them refused. */
  const rest = ({ outcomes }: BatchSoFar): BatchAnswer => ({
    outcomes: Uint8Array.from([...(outcomes ?? []).slice(0, 5), created, created, created, created, failed]),
    refusals: [refusal(9)],
    callMs: [9],
  });
  const expectWhole = async (fence: Fence): Promise<void> => {
    const [batch] = await ledger(fence);
    expect(batch).toMatchObject({ state: 'acked', created: 8, failed: 2, call_ms: [7, 8, 9] });
    // A call may have been without an answer before they were refused.
    expect([batch.outcomes[0], batch.outcomes[9]]).toEqual([failedUnsure, failedUnsure]);
    const errors = await knex('row_errors').where({ run_id: fence.runId }).orderBy('row_no');
    expect(errors.map(({ row_no: no, message }) => [no, message])).toEqual([
      [0, 'no 0'],
      [9, 'no 9'],
    ]);
  };

  test('when trouble comes is handed to the next try, and stands in the answer', async () => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    const troubled = delivering(fence, 1, async (_batch, soFar) => {
      expect(soFar.outcomes).toBeNull();
      await soFar.keep(part, true);
      throw new ConnectorFailure(failureOf('destination_unreachable', 'HTTP 503'));
    });
    await expect(deliverInLanes(troubled, 'write', new Set(), late())).rejects.toThrow('HTTP 503');
    expect(troubled.hasProgressed).toBe(true);
    expect(await states(fence)).toEqual(['sent']);
    const again = delivering(fence, 1, async (_batch, soFar) => {
      expect(soFar.outcomes).toEqual(Buffer.from(part.outcomes));
      return rest(soFar);
    });
    expect(await deliverInLanes(again, 'write', new Set(), late())).toBe(true);
    await expectWhole(fence);
  });

  test('that is no more than before is no progress', async () => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    const delivery = delivering(fence, 1, async (_batch, soFar) => {
      await soFar.keep({ ...part, outcomes: new Uint8Array(10), refusals: [] }, false);
      expect(delivery.hasProgressed).toBe(false);
    });
    expect(await deliverInLanes(delivery, 'write', new Set(), late())).toBe(true);
    expect(delivery.hasProgressed).toBe(true);
  });

  test('when the slice ends goes on to its end, though no row is judged yet: begun anew it would come no further', async () => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    const endsAt = performance.now() + 200;
    const writes: number[] = [];
    const slice = delivering(fence, 1, async (_batch, soFar) => {
      writes.push(performance.now());
      while (performance.now() <= endsAt) await new Promise((resolve) => setTimeout(resolve, 10));
      await soFar.keep({ outcomes: new Uint8Array(10), refusals: [], callMs: [1] }, false);
      await soFar.keep(part, false);
      return { ...rest({ outcomes: part.outcomes } as BatchSoFar), refusals: [refusal(0), refusal(9)] };
    });
    expect(await deliverInLanes(slice, 'write', new Set(), endsAt)).toBe(false);
    expect(writes).toHaveLength(1);
    expect(await states(fence)).toEqual(['acked', 'planned']);
    const [batch] = await ledger(fence);
    // Every call of it was answered: what was refused is clear.
    expect([batch.outcomes[0], batch.outcomes[9]]).toEqual([failed, failed]);
  });

  test.each([
    ['and nothing of it can land late', false],
    ['and a call that had no answer may land late', true],
  ])('when another lane fails is laid aside for the next try, %s', async (_what, mayLand) => {
    const fence = await aPlannedRun(knex, { batches: 2 });
    let isKept = false;
    const lanes = delivering(fence, 2, async (batch, soFar) => {
      if (batch.key.endsWith('/2'))
        throw new ConnectorFailure(failureOf('destination_unreachable', 'HTTP 503'));
      // The other lane fails meanwhile.
      await new Promise((resolve) => setTimeout(resolve, 200));
      isKept = true;
      await soFar.keep(part, mayLand);
      throw new Error('it went on');
    });
    await expect(deliverInLanes(lanes, 'write', new Set(), late())).rejects.toThrow('HTTP 503');
    expect(isKept).toBe(true);
    const { rows } = await knex.raw(
      `SELECT state, clock_timestamp() < deadline_at AS awaited FROM batches WHERE run_id = ? ORDER BY batch_no LIMIT 1`,
      [fence.runId],
    );
    expect(rows).toEqual([{ state: 'sent', awaited: mayLand }]);
    const next = delivering(fence, 1, async (batch, soFar) =>
      batch.key.endsWith('/1') ? rest(soFar) : undefined,
    );
    expect(await deliverInLanes(next, 'write', new Set(), late())).toBe(true);
    await expectWhole(fence);
  });
});
