// Work done for many callers at once: who comes while a call is under way shares the next one, and its end.
import { together } from '../../../activities/delivery/together';

test('each item is worked on once, in order, and those that come meanwhile together', async () => {
  const groups: number[][] = [];
  const store = together<number>(async (items) => {
    groups.push(items);
    await new Promise((resolve) => setTimeout(resolve, 5));
  });
  await Promise.all([1, 2, 3].map(store));
  await Promise.all(Array.from({ length: 20 }, (_, at) => store(4 + at)));
  expect(groups[0]).toEqual([1]);
  expect(groups[1]).toEqual([2, 3]);
  expect(groups.flat()).toEqual(Array.from({ length: 23 }, (_, at) => at + 1));
  expect(Math.max(...groups.map((group) => group.length))).toBe(16);
});

test('a call that fails fails for all its items and for no other', async () => {
  const store = together<number>(async (items) => {
    if (items.includes(2)) throw new Error(`not ${items.join()}`);
  });
  const ends = await Promise.allSettled([1, 2, 3].map(store));
  expect(ends.map((end) => (end.status === 'rejected' ? String(end.reason) : end.status))).toEqual([
    'fulfilled',
    'Error: not 2,3',
    'Error: not 2,3',
  ]);
  await expect(store(4)).resolves.toBeUndefined();
});

test('told to gather, the next call after several at a time waits for more; after one alone it does not', async () => {
  const groups: number[][] = [];
  const store = together<number>(async (items) => void groups.push(items), 8);
  await Promise.all([1, 2, 3].map(store));
  const fourth = store(4);
  await Promise.resolve();
  await Promise.all([fourth, store(5)]);
  expect(groups).toEqual([[1], [2, 3], [4, 5]]);
  await store(6);
  const seventh = store(7);
  await Promise.all([seventh, store(8)]);
  expect(groups.slice(3)).toEqual([[6], [7], [8]]);
});
