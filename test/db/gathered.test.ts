// Many callers, few questions: who goes with whom, and what an error or a question that hangs does to the others.
import { gathered } from '../../db/gathered';

/** Questions that are answered by hand, with ten times each item. */
function questions(longestWaitMs = 60_000) {
  const asked: (readonly number[])[] = [];
  const ends: { answer: () => void; fail: (error: Error) => void }[] = [];
  const ask = gathered(
    (items: readonly number[]) =>
      new Promise<number[]>((resolve, reject) => {
        asked.push(items);
        ends.push({ answer: () => resolve(items.map((item) => item * 10)), fail: reject });
      }),
    longestWaitMs,
  );
  return { ask, asked, ends };
}

test('the first asks alone, who comes meanwhile asks together, and each gets its own answer', async () => {
  const { ask, asked, ends } = questions();
  const answers = [1, 2, 3].map(ask);
  expect(asked).toEqual([[1]]);
  ends[0]?.answer();
  expect(await answers[0]).toBe(10);
  expect(asked).toEqual([[1], [2, 3]]);
  const later = ask(4);
  ends[1]?.answer();
  expect(await Promise.all(answers)).toEqual([10, 20, 30]);
  expect(asked).toEqual([[1], [2, 3], [4]]);
  ends[2]?.answer();
  expect(await later).toBe(40);
});

test('an error is told to those who asked together, and to nobody else', async () => {
  const { ask, ends } = questions();
  const first = ask(1);
  const others = [ask(2), ask(3)];
  ends[0]?.fail(new Error('no answer'));
  await expect(first).rejects.toThrow('no answer');
  ends[1]?.answer();
  expect(await Promise.all(others)).toEqual([20, 30]);
});

test('a question that hangs does not hold up the next one', async () => {
  const { ask, asked, ends } = questions(5);
  const hanging = ask(1);
  const next = ask(2);
  while (asked.length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
  ends[1]?.answer();
  expect(await next).toBe(20);
  ends[0]?.answer();
  expect(await hanging).toBe(10);
});
