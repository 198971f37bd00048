// A worker that has closed a run looks at its alerts at once: the bell rings after the close, and for nothing else.
import { ringAtClose } from '../../../worker/alerts/ring-at-close';
import { Bell } from '../../../worker/reconciler/bell';

type Given = Parameters<ReturnType<typeof ringAtClose>>[0];

/** What is heard while the activity is done, and once it is. */
async function heard(activityType: string, work: () => Promise<unknown>) {
  const bell = new Bell();
  let rings = 0;
  bell.listen(() => {
    rings += 1;
  });
  const { inbound } = ringAtClose(bell)({ info: { activityType } } as Given);
  let during = -1;
  const answer = await inbound
    ?.execute?.({ args: [], headers: {} }, async () => {
      const done = await work();
      during = rings;
      return done;
    })
    .catch((error: unknown) => error);
  return { during, after: rings, answer };
}

test('once the run is closed, and its mark committed', async () => {
  expect(await heard('closeRun', async () => 'closed')).toEqual({ during: 0, after: 1, answer: 'closed' });
});

test.each(['startRun', 'queryModel', 'deliverNext'])('not for %s', async (activity) => {
  expect(await heard(activity, async () => 'done')).toEqual({ during: 0, after: 0, answer: 'done' });
});

test('not for a close that failed, which comes again', async () => {
  const broken = new Error('the database is away');
  const { after, answer } = await heard('closeRun', async () => {
    throw broken;
  });
  expect([after, answer]).toEqual([0, broken]);
});
