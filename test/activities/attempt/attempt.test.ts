// An attempt whose work hears no stop: its beats end in time for Temporal to give it up, and not before a proper end.
import { asyncLocalStorage, Context } from '@temporalio/activity';
import { CancelledFailure } from '@temporalio/common';
import type { ActivityDeps } from '../../../activities/deps';
import { inAttempt } from '../../../activities/attempt/attempt';

// Nothing of the database is asked for by an attempt without a run.
const deps = {} as ActivityDeps;
const beatMs = 500;

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
afterEach(() => jest.useRealTimers());

/** An activity of Temporal's that counts the beats of its attempt. */
function aCountedActivity() {
  const abort = new AbortController();
  let beats = 0;
  const given = {
    attempt: 1,
    activityType: 'writeChanges',
    workflowExecution: { workflowId: 'w', runId: 'r' },
  };
  const context = Object.assign(Object.create(Context.prototype) as Context, {
    info: given,
    cancellationSignal: abort.signal,
    heartbeat: () => (beats += 1),
  });
  return {
    run: <Result>(work: () => Promise<Result>): Promise<Result> => asyncLocalStorage.run(context, work),
    cancel: () => abort.abort(new CancelledFailure('CANCELLED')),
    async beatsDuring(ms: number): Promise<number> {
      const before = beats;
      await jest.advanceTimersByTimeAsync(ms);
      return beats - before;
    },
  };
}

test('beats go on while it works and while it ends, and stop when its work hears nothing', async () => {
  const { run, cancel, beatsDuring } = aCountedActivity();
  let finish: () => void = () => undefined;
  const deaf = () => new Promise<void>((resolve) => (finish = resolve));
  const running = run(() => inAttempt(deps, {}, deaf));
  expect(await beatsDuring(60_000)).toBe(60_000 / beatMs);
  cancel();
  // A proper end takes five seconds at most, and must not be taken for a dead worker's.
  expect(await beatsDuring(8_000)).toBe(8_000 / beatMs);
  await beatsDuring(4_000);
  expect(await beatsDuring(60_000)).toBe(0);
  finish();
  await running;
});

test('nothing beats, and no timer is left, once an attempt has ended', async () => {
  const { run, cancel, beatsDuring } = aCountedActivity();
  const obedient = () =>
    inAttempt(
      deps,
      {},
      ({ signal }) =>
        new Promise<never>((_, reject) => {
          signal.addEventListener('abort', () => setTimeout(() => reject(new Error('stopped')), 1_000));
        }),
    );
  const running = run(obedient).catch((error: Error) => error.name);
  await beatsDuring(1_000);
  cancel();
  await beatsDuring(1_000);
  expect(await running).toBe('CancelledFailure');
  expect(jest.getTimerCount()).toBe(0);
  expect(await beatsDuring(60_000)).toBe(0);
});
