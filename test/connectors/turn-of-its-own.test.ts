// Long steps one a round of the event loop: between two of them what came meanwhile is looked at.
import { turnOfItsOwn } from '../../connectors/turn-of-its-own';

test('steps keep their order, and whatever else is due has its turn between them', async () => {
  const seen: string[] = [];
  let rounds = 0;
  const count = (): void => {
    rounds += 1;
    if (rounds < 20) setImmediate(count);
  };
  setImmediate(count);
  const roundOf: number[] = [];
  await Promise.all(
    ['a', 'b', 'c'].map(async (step) => {
      await turnOfItsOwn();
      seen.push(step);
      roundOf.push(rounds);
    }),
  );
  expect(seen).toEqual(['a', 'b', 'c']);
  expect(new Set(roundOf).size).toBe(3);
});
