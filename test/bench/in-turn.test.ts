import { inTurn } from '../../bench/in-turn';

test('every side runs once a round, in order, and warm-ups do not count', async () => {
  const calls: string[] = [];
  const side = (name: string) => (round: number) => {
    calls.push(`${name}${round}`);
    return Promise.resolve(round + 10);
  };
  const taken = await inTurn(
    { product: side('p'), baseline: side('b') },
    {
      rounds: 2,
      warmUps: 1,
      say: () => undefined,
      before: (round) => Promise.resolve(calls.push(`before${round}`)),
    },
  );
  expect(taken).toEqual({ product: [10, 11], baseline: [10, 11] });
  expect(calls.join(' ')).toBe('before-1 p-1 before-1 b-1 before0 p0 before0 b0 before1 p1 before1 b1');
});
