// One look for all who ask, by a clock of the test's own.
import { sharedProbe } from '../../../api/health/shared-probe';

function aProbe() {
  const clock = { ms: 0 };
  const looks: { end(word: string): void; fail(error: Error): void }[] = [];
  const look = () =>
    new Promise<string>((resolve, reject) => {
      looks.push({ end: resolve, fail: reject });
    });
  return { clock, looks, ask: sharedProbe(look, () => clock.ms) };
}

test('all who ask while it looks are given what it finds', async () => {
  const { clock, looks, ask } = aProbe();
  const asked = [ask()];
  clock.ms = 60_000;
  for (let times = 0; times < 99; times += 1) asked.push(ask());
  expect(looks).toHaveLength(1);
  looks[0]?.end('ok');
  expect(new Set(await Promise.all(asked))).toEqual(new Set(['ok']));
});

test('what it found is kept for a second from its end, and no longer', async () => {
  const { clock, looks, ask } = aProbe();
  const first = ask();
  clock.ms = 5_000;
  looks[0]?.end('ok');
  await first;
  clock.ms = 5_999;
  expect(await ask()).toBe('ok');
  expect(looks).toHaveLength(1);
  clock.ms = 6_000;
  const second = ask();
  expect(looks).toHaveLength(2);
  looks[1]?.end('unreachable');
  expect(await second).toBe('unreachable');
});

test('a look that fails fails for all who waited, and is made again', async () => {
  const { clock, looks, ask } = aProbe();
  const both = Promise.allSettled([ask(), ask()]);
  looks[0]?.fail(new Error('gone'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  clock.ms = 1_000;
  const again = ask();
  looks[1]?.end('ok');
  expect(await again).toBe('ok');
});
