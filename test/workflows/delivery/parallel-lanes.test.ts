// Several transactions at once into one PostgreSQL table, and every trouble such a table has: exact counts, nothing twice.
import { Engine, type RunRecord } from '../../support/engine/engine';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { rowErrorsOf } from '../../support/engine/run-facts';
import { until } from '../../support/until';

// Five batches on four lanes.
const rowCount = 50_000;

let engine: Engine;
let gate: PostgresGate;
let tables = 0;

beforeAll(async () => {
  engine = await Engine.start();
  gate = await PostgresGate.openTo(engine.databases.target.url);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT n AS id, 'e' || n AS email, 'name' AS name
    FROM generate_series(1, ${rowCount}) n`);
});
afterAll(async () => {
  await gate.shut();
  await engine.close();
});

/** A table with what `ddl` adds to it (`$table` is its name), and a sync into it in several transactions. */
async function place(ddl = ''): Promise<{ table: string; sync: string }> {
  const table = `users_${(tables += 1)}`;
  await engine.target.raw(`CREATE TABLE ${table} (id int PRIMARY KEY, email text UNIQUE, name varchar(10));
    ${ddl.replaceAll('$table', table)}`);
  const sync = await engine.sync({
    sql: 'SELECT * FROM users ORDER BY id',
    mapping: ['id', 'email', 'name'].map((column) => ({ column, field: column })),
    object: { table },
    destination: { kind: 'postgres', config: { atomic_rows: 0 }, secrets: { url: gate.url } },
  });
  return { table, sync };
}

const held = async (table: string): Promise<number> =>
  Number((await engine.target(table).count({ n: '*' }).first())?.['n']);

/** The run has written every row once, the table holds them, and the next run has nothing to do. */
async function expectWhole(run: RunRecord, { table, sync }: { table: string; sync: string }): Promise<void> {
  expect(run).toMatchObject({
    status: 'completed',
    outcome: 'clean',
    rows_created: rowCount,
    rows_updated: 0,
    rows_unknown: 0,
    counter_mismatch: 0,
  });
  expect(await held(table)).toBe(rowCount);
  expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rowCount });
}

/** Statements into the table run `act` with the chance of a `turn` that no rollback gives back. */
const atEachStatement = (act: string): string => `
  CREATE SEQUENCE $table_turns;
  CREATE FUNCTION $table_act() RETURNS trigger LANGUAGE plpgsql AS
    $$ DECLARE turn bigint := nextval('$table_turns'); BEGIN ${act} RETURN NULL; END $$;
  CREATE TRIGGER act BEFORE INSERT ON $table FOR EACH STATEMENT EXECUTE FUNCTION $table_act();`;

test('several lanes are open at once', async () => {
  const where = await place(
    atEachStatement(
      'INSERT INTO $table_seen SELECT pg_backend_pid(), current_query(); PERFORM pg_sleep(0.3);',
    ) + 'CREATE TABLE $table_seen (pid int, query text);',
  );
  await expectWhole(await engine.run(where.sync), where);
  const seen = await engine.target(`${where.table}_seen`);
  expect(new Set(seen.map(({ pid }) => pid)).size).toBe(4);
  expect(seen.filter(({ query }) => String(query).startsWith('COPY "public"'))).toHaveLength(5);
});

test('lanes that lock what the others need dissolve it among themselves, and no effect is lost or doubled', async () => {
  // Each statement adds to two totals, every other one in the other order: whoever meets in between is deadlocked.
  const where = await place(`
    CREATE TABLE $table_totals (name text PRIMARY KEY, rows bigint);
    INSERT INTO $table_totals VALUES ('a', 0), ('b', 0);
    CREATE FUNCTION $table_add() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE first text := CASE WHEN (SELECT min(id) FROM fresh) % 20000 < 10000 THEN 'a' ELSE 'b' END;
        other text := CASE first WHEN 'a' THEN 'b' ELSE 'a' END;
      BEGIN
        UPDATE $table_totals SET rows = rows + (SELECT count(*) FROM fresh) WHERE name = first;
        PERFORM pg_sleep(0.3);
        UPDATE $table_totals SET rows = rows + (SELECT count(*) FROM fresh) WHERE name = other;
        RETURN NULL;
      END $$;
    CREATE TRIGGER add AFTER INSERT ON $table REFERENCING NEW TABLE AS fresh
      FOR EACH STATEMENT EXECUTE FUNCTION $table_add()`);
  const deadlocks = async (): Promise<number> => {
    const { rows } = await engine.target.raw(
      `SELECT deadlocks AS n FROM pg_stat_database WHERE datname = current_database()`,
    );
    return Number(rows[0].n);
  };
  const before = await deadlocks();
  await expectWhole(await engine.run(where.sync), where);
  // Told with a delay: the server's sessions report when they are idle.
  await until('the deadlock to be told of', async () => (await deadlocks()) > before);
  expect(await engine.target(`${where.table}_totals`).orderBy('name')).toEqual([
    { name: 'a', rows: rowCount },
    { name: 'b', rows: rowCount },
  ]);
});

test.each([
  ['serialization failures', `IF turn % 2 = 1 THEN RAISE EXCEPTION 'busy' USING ERRCODE = '40001'; END IF;`],
  [
    'a connection lost before the commit',
    `IF turn = 3 THEN PERFORM pg_terminate_backend(pg_backend_pid()); END IF;`,
  ],
  ['a server without memory', `IF turn = 2 THEN RAISE EXCEPTION 'full' USING ERRCODE = '53200'; END IF;`],
])('%s cost a repetition and no row', async (_what, act) => {
  const where = await place(atEachStatement(act));
  await expectWhole(await engine.run(where.sync), where);
});

test('connections lost after the server has committed: nothing is sent twice', async () => {
  const where = await place();
  gate.hangAt('COMMIT\0', { delivered: true });
  const runId = await engine.trigger(where.sync);
  await until('the server to hang over a commit', () => gate.isHanging);
  await until('the commit to stand', async () => (await held(where.table)) >= 10_000);
  await gate.shut();
  gate.stopHanging();
  await gate.open();
  // Sent a second time, rows that are there would be counted as updated.
  await expectWhole(await engine.ended(runId), where);
});

test('values too long and values that others have are refused by row in every batch, all others are written', async () => {
  const where = await place();
  await engine.warehouse.raw(`UPDATE users SET name = 'far too long for it' WHERE id % 5000 = 7`);
  await engine.warehouse.raw(`UPDATE users SET email = 'e1' WHERE id % 10000 = 8`);
  try {
    const run = await engine.run(where.sync);
    expect(run).toMatchObject({
      status: 'completed',
      outcome: 'with_row_errors',
      rows_created: rowCount - 15,
      rows_failed: 15,
      rows_unknown: 0,
      counter_mismatch: 0,
    });
    const errors = await rowErrorsOf(engine, run.id);
    expect(errors.filter(({ code }) => code === '22001').map(({ row_id: id }) => Number(id) % 5000)).toEqual(
      Array<number>(10).fill(7),
    );
    // Of six that want one value the first to come has it, in whatever lane.
    const taken = errors.filter(({ code }) => code === '23505').map(({ row_id: id }) => Number(id) % 10_000);
    expect(taken).toHaveLength(5);
    expect(taken.filter((id) => id !== 1 && id !== 8)).toEqual([]);
    expect(await held(where.table)).toBe(rowCount - 15);
    expect(await engine.run(where.sync)).toMatchObject({ rows_failed: 15, rows_unchanged: rowCount - 15 });
  } finally {
    await engine.warehouse.raw(`UPDATE users SET name = 'name', email = 'e' || id`);
  }
});
