// More lanes than open calls: the destination sees no more calls at once, and a batch without a slot goes later, once.
import { Engine } from '../../support/engine/engine';
import { FaultyDestination, rowMapping } from '../../support/outside/faulty-destination';
import { until } from '../../support/until';

const rowCount = 120;
// Instead of ten seconds: some ten times what a call takes here.
const slotWaitMs = 500;

describe('lanes of an HTTP destination', () => {
  let engine: Engine;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start({ withWorker: false }), FaultyDestination.start()]);
    await engine.startWorker({ slotWaitMs });
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(() => Promise.all([engine.close(), far.close()]));
  beforeEach(() => far.reset());

  /** Answers after `ms`; gives the most calls that were open at once. */
  const watched = (msOf: (at: number) => number): { most: { open: number } } => {
    const most = { open: 0 };
    let open = 0;
    far.faultOf = (at) => (response, take) => {
      open += 1;
      most.open = Math.max(most.open, open);
      setTimeout(() => {
        open -= 1;
        take();
        response.writeHead(200).end('{}');
      }, msOf(at));
    };
    return { most };
  };

  const intoFar = (config: object, more: object = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: rowMapping,
      destination: far.destination({ ...config }),
      ...more,
    });

  test.each([1, 3])(
    'with concurrency %i no more calls are open at once, and each batch goes once',
    async (concurrency) => {
      const { most } = watched(() => 30);
      const run = await engine.run(await intoFar({ concurrency }));
      expect(run).toMatchObject({ status: 'completed', outcome: 'clean', rows_created: rowCount });
      expect(most.open).toBe(concurrency);
      expect(new Set(far.calls.map(({ key }) => key)).size).toBe(rowCount / 10);
      expect(far.calls).toHaveLength(rowCount / 10);
    },
  );

  test('a batch that gets no slot in time is planned again and goes later, counted as one', async () => {
    let answer = (): void => undefined;
    far.faultOf = (at) =>
      at > 0
        ? null
        : (response, take) => {
            answer = () => {
              take();
              response.writeHead(200).end('{}');
            };
          };
    const runId = await engine.trigger(await intoFar({ concurrency: 1, timeout_seconds: 30 }));
    const ledger = () => engine.knex('batches').where({ run_id: runId }).orderBy('batch_no');
    await until('the other lane to have given up its turn', async () =>
      (await ledger()).find(({ attempts, state }) => attempts > 0 && state === 'planned'),
    );
    expect(far.calls).toHaveLength(1);
    answer();
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      counter_mismatch: 0,
    });
    expect(far.calls).toHaveLength(rowCount / 10);
    const batches = await ledger();
    expect(batches.filter(({ attempts }) => attempts > 1)).toHaveLength(1);
    // Unsent, it had no late call to wait for.
    expect(batches.map(({ late_until }) => late_until)).toEqual(Array(12).fill(null));
  });
});
