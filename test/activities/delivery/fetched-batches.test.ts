// What is fetched ahead of the lanes: how much at a time, in what order, and what is put back meanwhile.
import type { Delivery } from '../../../activities/delivery/delivery';
import {
  type BatchQueue,
  FetchedBatches,
  type ReadyBatch,
} from '../../../activities/delivery/fetched-batches';
import type { LedgerBatch } from '../../../db/ledger/batch-ledger';

const batchOf = (batchNo: number): LedgerBatch => ({ batchNo }) as LedgerBatch;
const delivery = {
  prepare: async (batches: readonly LedgerBatch[]) => batches.map(({ batchNo }) => ({ batchNo })),
} as unknown as Delivery;

/** A queue that notes how many each asking wants, and answers when told to. */
function askedQueue() {
  const asked: { most: number; answer: (batches: LedgerBatch[]) => void }[] = [];
  const next = (most: number): Promise<LedgerBatch[]> =>
    new Promise((answer) => {
      asked.push({ most, answer });
    });
  return { asked, queue: { next } as unknown as BatchQueue };
}

test.each([
  [1, 1, [1]],
  [4, 1, [1, 1, 1, 1]],
  [16, 4, [4, 4, 4, 4]],
  [40, 4, Array<number>(10).fill(4)],
])('%i lanes have as many batches ahead, read by %i', (lanes, _, mosts) => {
  const { asked, queue } = askedQueue();
  void new FetchedBatches(delivery, queue, lanes).take();
  expect(asked.map(({ most }) => most)).toEqual(mosts);
});

test('what is ready counts as ahead, and is refilled by what was taken', async () => {
  const { asked, queue } = askedQueue();
  const fetched = new FetchedBatches(delivery, queue, 16);
  const first = fetched.take();
  asked[0]?.answer([1, 2, 3, 4].map(batchOf));
  expect((await first)?.batch.batchNo).toBe(1);
  expect((await fetched.take())?.batch.batchNo).toBe(2);
  // Three were left beside twelve that were asked for, and that was one too few.
  expect(asked).toHaveLength(5);
  expect((await fetched.take())?.batch.batchNo).toBe(3);
  expect(asked).toHaveLength(5);
});

test('a batch that is put back while the next ones are awaited goes before them, and none is lost', async () => {
  const { asked, queue } = askedQueue();
  const fetched = new FetchedBatches(delivery, queue, 1);
  const taking = fetched.take();
  fetched.putBack({ batch: batchOf(1) } as ReadyBatch);
  asked[0]?.answer([batchOf(2)]);
  expect((await taking)?.batch.batchNo).toBe(1);
  expect((await fetched.take())?.batch.batchNo).toBe(2);
});
