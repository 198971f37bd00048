// One attempt as Temporal sees it: when its beats end though its work hears no stop, and which of its errors is the last.
import { asyncLocalStorage, Context, type Info } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { ActivityDeps } from '../../../activities/deps';
import { inAttempt } from '../../../activities/attempt/attempt';

// Nothing of the database is asked for by an attempt without a run.
const deps = {} as ActivityDeps;
const beatMs = 500;

beforeEach(() => jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance'] }));
afterEach(() => jest.useRealTimers());

/** An activity of Temporal's that counts the beats of its attempt; `told` is what the last one said. */
function aCountedActivity({ attempt = 1, heartbeatDetails }: Partial<Info> = {}) {
  const abort = new AbortController();
  let beats = 0;
  let told: unknown;
  const given = {
    attempt,
    heartbeatDetails,
    activityType: 'writeChanges',
    workflowExecution: { workflowId: 'w', runId: 'r' },
  };
  const context = Object.assign(Object.create(Context.prototype) as Context, {
    info: given,
    cancellationSignal: abort.signal,
    heartbeat: (details: unknown) => {
      beats += 1;
      told = details;
    },
  });
  return {
    run: <Result>(work: () => Promise<Result>): Promise<Result> => asyncLocalStorage.run(context, work),
    told: () => told,
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

describe('an error that nobody knows', () => {
  const mistake = new Error('a property of undefined');
  /** What an attempt at the work throws, and what it tells the next one. */
  async function failing(trouble: Error, info: Partial<Info>, tries: 'some' | 'for_ever' = 'some') {
    const { run, told } = aCountedActivity(info);
    const thrown = await run(() => inAttempt(deps, { tries }, () => Promise.reject(trouble))).catch(
      (thrown: unknown) => thrown,
    );
    return { thrown, told: told() };
  }

  test('is tried again after any number of kills and outages: only its like counts', async () => {
    expect(await failing(mistake, { attempt: 30 })).toEqual({ thrown: mistake, told: { mistakes: 1 } });
    const away = Object.assign(new Error('terminating connection'), { code: '57P01' });
    const outage = await failing(away, { attempt: 30, heartbeatDetails: { mistakes: 9 } });
    expect(outage.thrown).toMatchObject({ type: 'database_unavailable', nonRetryable: false });
    expect(outage.told).toBeUndefined();
  });

  test('is final the tenth time, except where the work is tried for ever', async () => {
    const ninth = await failing(mistake, { attempt: 9, heartbeatDetails: { rows_read: 3, mistakes: 8 } });
    expect(ninth).toEqual({ thrown: mistake, told: { mistakes: 9 } });
    const last = { attempt: 10, heartbeatDetails: ninth.told };
    const { thrown } = await failing(mistake, last);
    expect(thrown).toBeInstanceOf(ApplicationFailure);
    expect(thrown).toMatchObject({ type: 'internal', nonRetryable: true });
    expect(await failing(mistake, last, 'for_ever')).toEqual({ thrown: mistake, told: { mistakes: 10 } });
  });

  test('is remembered over an attempt that was killed: every beat tells of it', async () => {
    const { run, told, cancel, beatsDuring } = aCountedActivity({ heartbeatDetails: { mistakes: 3 } });
    const running = run(() =>
      inAttempt(deps, {}, ({ signal, mistakes }) => {
        expect(mistakes).toBe(3);
        return new Promise<never>((_, reject) =>
          signal.addEventListener('abort', () => reject(new Error('stopped'))),
        );
      }),
    ).catch((error: Error) => error.name);
    await beatsDuring(1_000);
    expect(told()).toEqual({ mistakes: 3 });
    cancel();
    expect(await running).toBe('CancelledFailure');
  });
});
