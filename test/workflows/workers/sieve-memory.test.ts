// A worker with little memory for snapshots: large models in passes over ranges of keys, and runs that wait for others.
import { Engine } from '../../support/engine/engine';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { timelineOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

const mapping = [
  { column: 'id', field: 'id' },
  { column: 'age', field: 'age' },
];

describe('a worker with 78 kB for snapshots', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start({ withWorker: false });
    await engine.startWorker({ sieveMemoryBytes: 78_000 });
    for (const table of ['users', 'tied'])
      await engine.warehouse.raw(`CREATE TABLE ${table} AS
        SELECT 'u' || n AS id, n AS age FROM generate_series(1, 12000) n`);
    for (const table of ['contacts', 'people', 'others', 'ties', 'slow'])
      await engine.target.raw(`CREATE TABLE ${table} (id text PRIMARY KEY, age integer)`);
  });
  afterAll(() => engine.close());

  const passesOf = async (runId: string): Promise<unknown> =>
    (await engine.knex('journals').where({ run_id: runId }).first('passes'))?.passes;

  test('reads a model of 12,000 rows in passes, with the same changes, deletes, copies and refusals as in one', async () => {
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mode: 'mirror',
      mapping,
      object: { table: 'contacts' },
    });
    // There is no snapshot yet; only the plan is made range by range.
    const first = await engine.run(sync);
    expect(first).toMatchObject({ rows_created: 12_000, counter_mismatch: 0 });
    expect(await passesOf(first.id)).toBe(1);

    await engine.warehouse.raw(`UPDATE users SET age = 0 WHERE id = 'u7'`);
    await engine.warehouse.raw(`DELETE FROM users WHERE id IN ('u1', 'u12000')`);
    await engine.warehouse.raw(`INSERT INTO users VALUES ('new', 1), ('u5', 5), ('u6', 66), (NULL, 1)`);
    const changed = await engine.run(sync);
    expect(changed).toMatchObject({
      rows_processed: 12_002,
      rows_created: 1,
      rows_updated: 1,
      rows_deleted: 2,
      rows_unchanged: 11_997,
      rows_skipped: 1,
      rows_failed: 2,
      counter_mismatch: 0,
    });
    expect(await passesOf(changed.id)).toBe(8);
    // The first load was folded on the way.
    expect(await engine.knex('snapshots').where({ sync_id: sync }).first()).toMatchObject({
      version: 2,
      base_rows: 12_000,
    });
    const chunks = await engine.knex('snapshot_chunks').where({ sync_id: sync }).orderBy('chunk_no');
    const firstKeys = chunks.map(({ entries }: { entries: Buffer }) => entries.readUInt32LE(0));
    expect(firstKeys.length).toBeGreaterThan(4);
    expect(firstKeys).toEqual(firstKeys.toSorted((one, other) => one - other));
    const { rows } = await engine.target.raw(`SELECT count(*) AS n, min(age) AS youngest FROM contacts`);
    expect(rows[0]).toEqual({ n: 11_999, youngest: 0 });
  });

  test('fails a model that gives other rows in each pass, and deletes nothing', async () => {
    const sync = await engine.sync({
      sql: 'SELECT * FROM tied ORDER BY random() LIMIT 11990',
      mode: 'mirror',
      mapping,
      object: { table: 'ties' },
    });
    expect(await engine.run(sync)).toMatchObject({ status: 'completed', rows_created: 11_990 });
    expect(await engine.run(sync)).toMatchObject({
      status: 'failed',
      failure_code: 'model_query_failed',
      failure_message: expect.stringContaining('other rows each time it is read'),
      rows_deleted: 0,
    });
    const { rows } = await engine.target.raw(`SELECT count(*) AS n FROM ties`);
    expect(rows[0]).toEqual({ n: 11_990 });
  });

  describe('with two syncs', () => {
    let large: string;
    let small: string;
    beforeAll(async () => {
      await engine.warehouse.raw(`
        CREATE TABLE few AS SELECT 'f' || n AS id, n AS age FROM generate_series(1, 100) n;
        CREATE TABLE many AS SELECT 'm' || n AS id, n AS age FROM generate_series(1, 3000) n`);
      const into = (table: string, sql: string) => engine.sync({ sql, mapping, object: { table } });
      large = await into('people', 'SELECT * FROM many');
      small = await into('others', 'SELECT * FROM few');
      for (const sync of [large, small]) await engine.run(sync);
    });

    const toldOf = (runId: string) => engine.knex('run_events').where({ run_id: runId, type: 'waiting' });

    /** A run of `large` that reads nothing before `release`, with all the memory, and one of `small` that waits for it. */
    async function oneBehindTheOther() {
      const lock = await engine.warehouse.transaction();
      await lock.raw('LOCK TABLE many IN ACCESS EXCLUSIVE MODE');
      const holding = await engine.trigger(large);
      await until('the lock to be waited for', async () => {
        // Of this database: other tests wait for locks of theirs.
        const { rows } = await engine.warehouse.raw(
          `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'many'::regclass
             AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
        );
        return rows.length > 0;
      });
      const waiting = await engine.trigger(small);
      await until('a wait to be told of', async () => (await toldOf(waiting)).length > 0);
      return { holding, waiting, release: () => lock.rollback() };
    }

    test('one waits while the other has all the memory, and says so', async () => {
      const { holding, waiting, release } = await oneBehindTheOther();
      expect(await toldOf(waiting)).toMatchObject([{ detail: { code: 'worker_memory', until: null } }]);
      const phase = () => engine.knex('run_phases').where({ run_id: waiting, phase: 'query' }).first();
      await until('the phase to wait', async () => (await phase())?.waiting_since !== null);
      await release();
      expect(await engine.ended(holding)).toMatchObject({ status: 'completed', rows_unchanged: 3_000 });
      expect(await engine.ended(waiting)).toMatchObject({ status: 'completed', rows_unchanged: 100 });
      expect(await phase()).toMatchObject({ waiting_since: null });
      expect(Number((await phase())?.waited_ms)).toBeGreaterThan(0);
    });

    test('a cancel ends the wait, and what the other holds is its own', async () => {
      const { holding, waiting, release } = await oneBehindTheOther();
      await engine.client.workflow.getHandle(waiting).cancel();
      expect(await engine.ended(waiting)).toMatchObject({ status: 'cancelled' });
      await release();
      expect(await engine.ended(holding)).toMatchObject({ status: 'completed', rows_unchanged: 3_000 });
    });

    test('the plan of one is no reason to wait while its destination takes its time', async () => {
      const gate = await PostgresGate.openTo(engine.databases.target.url);
      gate.hangAt('server_version_num');
      const planned = await engine.sync({
        sql: 'SELECT * FROM tied',
        mapping,
        object: { table: 'slow' },
        destination: { kind: 'postgres', config: {}, secrets: { url: gate.url } },
      });
      const hanging = await engine.trigger(planned);
      await until('the gate to hang', async () => gate.isHanging);
      const meanwhile = await engine.run(small);
      expect(meanwhile).toMatchObject({ status: 'completed', rows_unchanged: 100 });
      expect(await toldOf(meanwhile.id)).toEqual([]);
      await engine.client.workflow.getHandle(hanging).cancel();
      expect(await engine.ended(hanging)).toMatchObject({ status: 'cancelled' });
      await gate.shut();
    });
  });
});

describe('a worker with four slots and 1.2 MB for snapshots', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start({ withWorker: false });
    await engine.startWorker({ sieveMemoryBytes: 1_200_000, concurrentWork: 4 });
  });
  afterAll(() => engine.close());

  async function aSync(table: string, rows: number): Promise<string> {
    await engine.warehouse.raw(`CREATE TABLE ${table} AS
      SELECT '${table}' || n AS id, n AS age FROM generate_series(1, ${rows}) n`);
    await engine.target.raw(`CREATE TABLE ${table} (id text PRIMARY KEY, age integer)`);
    // Less than it will wait for memory: that is no trouble.
    const settings = { patienceSeconds: 1 };
    return engine.sync({ sql: `SELECT * FROM ${table}`, mapping, object: { table }, settings });
  }

  test('lets two runs wait in their slots and has the third come again, so that a small one is worked on', async () => {
    const vast = await aSync('vast', 40_000);
    const larges = [await aSync('one', 12_000), await aSync('two', 12_000), await aSync('three', 12_000)];
    const small = await aSync('small', 20);
    for (const sync of [vast, ...larges]) await engine.run(sync);
    const toldOf = (runId: string) => engine.knex('run_events').where({ run_id: runId, type: 'waiting' });

    const lock = await engine.warehouse.transaction();
    await lock.raw('LOCK TABLE vast IN ACCESS EXCLUSIVE MODE');
    const holding = await engine.trigger(vast);
    await until('the lock to be waited for', async () => {
      const { rows } = await engine.warehouse.raw(`SELECT 1 FROM pg_locks WHERE NOT granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
      return rows.length > 0;
    });
    const waiting: string[] = [];
    for (const sync of larges) {
      const runId = await engine.trigger(sync);
      await until('a wait to be told of', async () => (await toldOf(runId)).length > 0);
      waiting.push(runId);
    }
    expect(await engine.run(small)).toMatchObject({ status: 'completed', rows_created: 20 });
    const timersOf = async (runId: string): Promise<(string | null)[]> =>
      (await timelineOf(engine, runId)).filter(({ what }) => what === 'timer').map(({ summary }) => summary);
    const [budget, pause] = ["The run's budget", expect.stringMatching(/^Waiting: Other runs.*SIEVE_MEMORY/)];
    await until('the run to ask again', async () => (await timersOf(waiting[2]!)).length > 2);
    expect((await timersOf(waiting[2]!)).slice(0, 3)).toEqual([budget, pause, pause]);
    for (const runId of waiting.slice(0, 2)) expect(await timersOf(runId)).toEqual([budget]);
    const phase = await engine.knex('run_phases').where({ run_id: waiting[2], phase: 'query' }).first();
    expect(phase).toMatchObject({ ended_at: null, waiting_until: null });
    await lock.rollback();
    for (const runId of [holding, ...waiting]) {
      expect(await engine.ended(runId)).toMatchObject({ status: 'completed', failure_code: null });
    }
    // However often it came again, it is told once.
    for (const runId of waiting) {
      expect(await toldOf(runId)).toMatchObject([{ detail: { code: 'worker_memory', until: null } }]);
    }
  }, 60_000);
});
