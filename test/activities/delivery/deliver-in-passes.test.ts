// The order of a run in several transactions: writes, deletes, and last the rows that another one was in the way of.
import type { Knex } from 'knex';
import { deliverInPasses } from '../../../activities/delivery/deliver-in-passes';
import { Delivery, type DeliveryInput } from '../../../activities/delivery/delivery';
import { settleOpenBatches } from '../../../activities/delivery/settle-open-batches';
import type { BatchAnswer, CommitFate, Destination, OutgoingBatch } from '../../../connectors/destination';
import { connect } from '../../../db/connect';
import type { Fence } from '../../../db/runs/lease';
import { rowOutcome } from '../../../domain/row-outcome';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const batches = 4;
const { created, failed } = rowOutcome;
let database: TestDatabase;
let knex: Knex;
let fence: Fence;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});
beforeEach(async () => {
  fence = await aPlannedRun(knex, { batches });
});

/** How a destination answers: rows by their values (`u7`), of which some are refused as another row is in their way. */
interface Answering {
  readonly takenBy?: (row: string) => boolean;
  /** Instead of a commit's answer. */
  readonly atCommit?: () => void;
  readonly fate?: CommitFate;
  readonly hasFollowUps?: boolean;
}

/** A delivery by three lanes with transactions, and what it has written: rows, batch by batch. */
function delivering({ takenBy = () => false, atCommit, fate, hasFollowUps = false }: Answering) {
  const written: string[][] = [];
  let open = 0;
  let mostOpen = 0;
  const write = async (batch: OutgoingBatch): Promise<BatchAnswer> => {
    mostOpen = Math.max(mostOpen, (open += 1));
    await new Promise((resolve) => setTimeout(resolve, 20));
    open -= 1;
    const rows = batch.data.toString().trimEnd().split('\n');
    written.push(rows);
    const told = {
      field: null,
      message: `no ${written.length}`,
      code: '23505',
      origin: 'destination' as const,
    };
    return {
      outcomes: Uint8Array.from(rows, (row) => (takenBy(row) ? failed : created)),
      refusals: rows.flatMap((row, at) => (takenBy(row) ? [{ ...told, row: at, isTaken: true }] : [])),
      callMs: [1],
    };
  };
  const destination = {
    habits: { lanes: 3, lanesAhead: 0, writeDeadlineMs: 60_000 },
    openLane: async () => ({
      begin: async () => 'a transaction',
      write,
      commit: async () => atCommit?.(),
      rollback: async () => undefined,
      close: async () => undefined,
    }),
    fateOf: async () => fate,
  };
  const delivery = new Delivery({
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
    plannedBatches: batches,
    hasFollowUps,
  });
  return { delivery, written, mostOpen: () => mostOpen };
}

const late = (): number => performance.now() + 60_000;
const ledger = (): Promise<Record<string, unknown>[]> =>
  knex('batches')
    .where({ run_id: fence.runId })
    .orderBy('batch_no')
    .select('batch_no', 'state', 'creates', 'created', 'failed');
const errors = (): Promise<unknown[]> =>
  knex('row_errors').where({ run_id: fence.runId }).orderBy('row_no').select('row_no', 'message');
const acked = (no: number, creates: number, refused = 0) => ({
  batch_no: no,
  state: 'acked',
  creates,
  created: creates - refused,
  failed: refused,
});
// One row of the first batch, two of the third.
const isTaken = (row: string): boolean => ['u3', 'u20', 'u29'].includes(row);

test('such rows go once more when everything else is answered, one batch after the other, and then count', async () => {
  const { delivery, written } = delivering({ takenBy: (row) => isTaken(row) && written.length <= batches });
  expect(await deliverInPasses(delivery, new Set(), late())).toBe(true);
  expect(written.slice(batches)).toEqual([['u3'], ['u20', 'u29']]);
  expect(await ledger()).toEqual([
    acked(1, 9),
    acked(2, 10),
    acked(3, 8),
    acked(4, 10),
    acked(5, 1),
    acked(7, 2),
  ]);
  expect(await errors()).toEqual([]);
});

test('what is still taken then stays refused, for the reason there is by then, and does not go a third time', async () => {
  const { delivery, written } = delivering({ takenBy: isTaken });
  expect(await deliverInPasses(delivery, new Set(), late())).toBe(true);
  expect(written).toHaveLength(batches + 2);
  expect((await ledger()).slice(-2)).toEqual([acked(5, 1, 1), acked(7, 2, 2)]);
  expect(await errors()).toEqual([
    { row_no: 3, message: 'no 5' },
    { row_no: 20, message: 'no 6' },
    { row_no: 29, message: 'no 6' },
  ]);
});

test('they do not go side by side, in whatever number of lanes', async () => {
  const first = delivering({ takenBy: () => true });
  await deliverInPasses(first.delivery, new Set(), late());
  await knex('batches')
    .where({ run_id: fence.runId })
    .where('batch_no', '>', batches)
    .update({ state: 'planned' });
  const again = delivering({ hasFollowUps: true });
  expect(await deliverInPasses(again.delivery, new Set(), late())).toBe(true);
  expect(again.written).toHaveLength(batches);
  expect(again.mostOpen()).toBe(1);
});

test('a run without such rows asks nothing more of the ledger', async () => {
  const looks: string[] = [];
  const note = ({ sql }: { sql: string }): void =>
    void (sql.startsWith('SELECT batch_no') && looks.push(sql));
  const { delivery } = delivering({});
  knex.on('query', note);
  try {
    expect(await deliverInPasses(delivery, new Set(), late())).toBe(true);
  } finally {
    knex.off('query', note);
  }
  // For writes, and for deletes.
  expect(looks).toHaveLength(2);
});

test('a slice that ends before them leaves them to the next one', async () => {
  const first = delivering({ takenBy: isTaken });
  await deliverInPasses(first.delivery, new Set(), performance.now() + 10);
  while ((await ledger()).slice(0, batches).some(({ state }) => state !== 'acked'))
    await deliverInPasses(delivering({ takenBy: isTaken }).delivery, new Set(), performance.now() + 10);
  const left = (await ledger()).slice(batches);
  expect(left).toMatchObject([{ batch_no: 5 }, { batch_no: 7 }]);
  const open = left.filter(({ state }) => state === 'planned').length;
  const next = delivering({ hasFollowUps: open > 0 });
  expect(await deliverInPasses(next.delivery, new Set(), late())).toBe(true);
  expect(next.written).toHaveLength(open);
});

test.each<[CommitFate, number]>([
  ['committed', 0],
  ['aborted', 10],
])('after a commit without an answer, found %s, they move on all the same', async (fate, sentAgain) => {
  const lost = delivering({
    takenBy: isTaken,
    atCommit: () => {
      throw new Error('the answer was lost');
    },
  });
  await expect(deliverInPasses(lost.delivery, new Set(), late())).rejects.toThrow('the answer was lost');
  const sent = (await ledger()).filter(({ state }) => state === 'sent').length;
  expect(sent).toBeGreaterThan(0);
  const { delivery, written } = delivering({ takenBy: isTaken, fate });
  await settleOpenBatches(delivery);
  expect(await deliverInPasses(delivery, new Set(), late())).toBe(true);
  expect(written.flat()).toHaveLength(sentAgain * sent + 10 * (batches - sent) + 3);
  expect(await ledger()).toEqual([
    acked(1, 9),
    acked(2, 10),
    acked(3, 8),
    acked(4, 10),
    acked(5, 1, 1),
    acked(7, 2, 2),
  ]);
});

test('where a batch has been given up they get their answer all the same', async () => {
  await knex('batches').where({ run_id: fence.runId, batch_no: 2 }).update({
    state: 'sent',
    entries: '',
    sent_operations: '',
    row_keys: '',
    deadline_at: new Date(),
    transaction_id: 'lost',
  });
  const { delivery } = delivering({ takenBy: isTaken });
  expect(await deliverInPasses(delivery, new Set([2]), late())).toBe(true);
  expect((await ledger()).slice(-2)).toEqual([acked(5, 1, 1), acked(7, 2, 2)]);
});
