import { writeBehind } from '../../../activities/query/write-behind';

/** Writes that end when they are told to. */
function writesByHand() {
  const open: { item: number; end: (error?: Error) => void }[] = [];
  const write = (item: number): Promise<void> =>
    new Promise((resolve, reject) =>
      open.push({ item, end: (error) => (error ? reject(error) : resolve()) }),
    );
  return { open, write };
}

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** Whether it is settled by now. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false;
  const note = (): void => void (settled = true);
  promise.then(note, note);
  await turn();
  return settled;
}

test('as many writes run at once as are allowed, and the next one waits for any of them', async () => {
  const { open, write } = writesByHand();
  const behind = writeBehind(2, write);
  await behind.add(1);
  await behind.add(2);
  const third = behind.add(3);
  expect(await isSettled(third)).toBe(false);
  expect(open.map(({ item }) => item)).toEqual([1, 2]);
  open[1]!.end();
  await third;
  expect(open.map(({ item }) => item)).toEqual([1, 2, 3]);

  const finished = behind.finish();
  open[0]!.end();
  expect(await isSettled(finished)).toBe(false);
  open[2]!.end();
  await finished;
});

test('a write that failed ends it: the next ones are not begun, and the end says what it was', async () => {
  const { open, write } = writesByHand();
  const behind = writeBehind(2, write);
  await behind.add(1);
  await behind.add(2);
  const third = behind.add(3);
  const failure = new Error('disk full');
  open[0]!.end(failure);
  await expect(third).rejects.toBe(failure);
  await expect(behind.add(4)).rejects.toBe(failure);
  open[1]!.end(new Error('a later one'));
  await expect(behind.finish()).rejects.toBe(failure);
  expect(open).toHaveLength(2);
});

test('a failure that nobody waits for is no unhandled rejection, and the end still throws it', async () => {
  const { open, write } = writesByHand();
  const behind = writeBehind(2, write);
  await behind.add(1);
  open[0]!.end(new Error('disk full'));
  await turn();
  await expect(behind.finish()).rejects.toThrow('disk full');
});
