// More lanes than open calls: the destination sees no more calls at once, and a batch without a slot goes later, once.
import { Engine } from '../support/engine';
import { FaultyDestination, rowMapping } from '../support/faulty-destination';

const rowCount = 120;

describe('lanes of an HTTP destination', () => {
  let engine: Engine;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
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
});
