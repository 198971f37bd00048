// A cancel while a PostgreSQL destination or source hangs, wherever it does: on time by the record's own times, its counts
// true, and what the table holds in the end explained by them.
import { Client } from 'pg';
import { expectCancelledInTime } from '../../support/engine/cancel-time';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { letDeadlinesPass, temporalStatus } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 40;
// Any number: advisory locks are per database, and this database is the test's own.
const gateKey = 1;

// Eight runs that hang, four after four, each followed by two that make it right.
jest.setTimeout(60_000);

let engine: Engine;
let api: EngineApi;
const gates: PostgresGate[] = [];
let tables = 0;

beforeAll(async () => {
  engine = await Engine.start();
  api = await engineApi(engine);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n AS email
    FROM generate_series(1, ${rowCount}) n`);
});
afterAll(async () => {
  await Promise.all(gates.map((gate) => gate.shut()));
  await api.close();
  await engine.close();
});

interface Place {
  readonly sync: string;
  readonly gate: PostgresGate;
  readonly table: string;
}

/** A sync into a table of its own, through a gate of its own; one transaction for all, or one for each batch. */
async function place(
  config: Record<string, unknown>,
  hanging: 'target' | 'warehouse' = 'target',
): Promise<Place> {
  const table = `contacts_${(tables += 1)}`;
  await engine.target.raw(`CREATE TABLE ${table} (id text PRIMARY KEY, email text)`);
  const gate = await PostgresGate.openTo(engine.databases[hanging].url);
  gates.push(gate);
  const sync = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: ['id', 'email'].map((column) => ({ column, field: column })),
    object: { table },
    ...(hanging === 'warehouse'
      ? { sourceUrl: gate.url }
      : { destination: { kind: 'postgres', config, secrets: { url: gate.url } } }),
  });
  return { sync, gate, table };
}

/** Makes every COMMIT into the table run `statement` first: the lane itself would have a deferred trigger run at once. */
async function atCommit({ table }: Place, statement: string): Promise<void> {
  await engine.target.raw(`
    CREATE FUNCTION defer_${table}() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN SET CONSTRAINTS late_${table} DEFERRED; RETURN NULL; END $$;
    CREATE TRIGGER defer BEFORE INSERT ON ${table} FOR EACH STATEMENT EXECUTE FUNCTION defer_${table}();
    CREATE FUNCTION late_${table}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN ${statement}; RETURN NULL; END $$;
    CREATE CONSTRAINT TRIGGER late_${table} AFTER INSERT ON ${table} DEFERRABLE FOR EACH ROW
      WHEN (NEW.id = 'u1') EXECUTE FUNCTION late_${table}()`);
}

const idsIn = (table: string): Promise<string[]> => engine.target(table).pluck('id');

/** Cancels through the API and waits for the end, which has to be on time. */
async function cancelled(sync: string, runId: string): Promise<RunRecord> {
  expect((await api.post(`/syncs/${sync}/runs/${runId}/cancel`)).status).toBe(202);
  const run = await engine.ended(runId);
  expect(run).toMatchObject({ status: 'cancelled', failure_code: null, counter_mismatch: 0 });
  expect(await temporalStatus(engine, runId)).toBe('CANCELLED');
  await expectCancelledInTime(engine, runId);
  return run;
}

/** The run after it finds the destination well again and makes the table what the model is. */
async function madeRight({ sync, gate, table }: Place): Promise<RunRecord> {
  gate.stopHanging();
  await letDeadlinesPass(engine, sync);
  const next = await engine.run(sync);
  expect(next).toMatchObject({ status: 'completed', outcome: 'clean', rows_unknown: 0, counter_mismatch: 0 });
  expect(next.rows_created + next.rows_updated).toBe(rowCount);
  expect(await idsIn(table)).toHaveLength(rowCount);
  expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rowCount });
  return next;
}

const unsent = { outcome: 'nothing_applied', rows_not_attempted: rowCount, rows_unknown: 0 };
const unanswered = { outcome: 'partial', rows_not_attempted: 0, rows_unknown: rowCount };

/** Where it hangs, what the record has to say then, and what the table holds once the server is back. */
const points = [
  { text: 'EXPLAIN', delivered: false, counts: unsent, held: 0 },
  { text: 'pg_current_xact_id', delivered: false, counts: unsent, held: 0 },
  { text: 'pg_current_xact_id', delivered: true, counts: unsent, held: 0 },
  { text: 'COPY "public"', delivered: false, counts: unsent, held: 0 },
  { text: 'RELEASE SAVEPOINT signalsmith_batch', delivered: false, counts: unsent, held: 0 },
  { text: 'RELEASE SAVEPOINT signalsmith_batch', delivered: true, counts: unsent, held: 0 },
  { text: 'COMMIT\0', delivered: false, counts: unanswered, held: 0 },
  { text: 'COMMIT\0', delivered: true, counts: unanswered, held: rowCount },
];

test.each([
  ['one transaction', {}],
  ['several transactions', { atomic_rows: 0 }],
])('a server that hangs at any point of %s', async (_how, config) => {
  const hangs = async ({ text, delivered, counts, held }: (typeof points)[number]): Promise<void> => {
    const where = await place(config);
    where.gate.hangAt(text, { delivered });
    const runId = await engine.trigger(where.sync);
    await until(`the server to hang at ${text}`, () => where.gate.isHanging);
    expect({ text, ...(await cancelled(where.sync, runId)) }).toMatchObject({ text, ...counts });
    expect({ text, held: (await idsIn(where.table)).length }).toEqual({ text, held });
    // Rows the table has already are said to be updated, whatever the snapshot knew of them.
    expect(await madeRight(where)).toMatchObject({ rows_updated: held, rows_created: rowCount - held });
  };
  // Four at a time: what all of them at once do to the machine would stand in the time of each cancel.
  await Promise.all(points.slice(0, 4).map(hangs));
  await Promise.all(points.slice(4).map(hangs));
});

test('a source that hangs at any point', async () => {
  const ends = ['REPEATABLE READ', 'COPY'].map(async (text) => {
    const where = await place({}, 'warehouse');
    where.gate.hangAt(text);
    const runId = await engine.trigger(where.sync);
    await until(`the source to hang at ${text}`, () => where.gate.isHanging);
    expect(await cancelled(where.sync, runId)).toMatchObject({
      outcome: 'nothing_applied',
      rows_processed: 0,
    });
    expect(await madeRight(where)).toMatchObject({ rows_created: rowCount });
  });
  await Promise.all(ends);
});

test('a COMMIT that takes long is cancelled in the server, whose word for it counts: nothing was applied', async () => {
  const where = await place({});
  await atCommit(where, 'PERFORM pg_sleep(60)');
  const runId = await engine.trigger(where.sync);
  const committing = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND query = 'COMMIT' AND wait_event = 'PgSleep'`;
  await until('the COMMIT to wait', async () => (await engine.target.raw(committing)).rows.length === 1);
  expect(await cancelled(where.sync, runId)).toMatchObject(unsent);
  expect((await engine.target.raw(committing)).rows).toEqual([]);
  expect(await idsIn(where.table)).toEqual([]);
  await engine.target.raw(
    `DROP TRIGGER defer ON ${where.table}; DROP TRIGGER late_${where.table} ON ${where.table}`,
  );
  expect(await madeRight(where)).toMatchObject({ rows_created: rowCount });
});

test('a COMMIT that is carried out long after the run was cancelled: its rows were unknown, and come again', async () => {
  const where = await place({});
  await atCommit(where, `PERFORM pg_advisory_xact_lock_shared(${gateKey})`);
  const holder = new Client({ connectionString: engine.databases.target.url });
  await holder.connect();
  await holder.query(`SELECT pg_advisory_lock(${gateKey})`);
  where.gate.hangAt('COMMIT\0', { delivered: true });
  const runId = await engine.trigger(where.sync);
  await until('the server to hang', () => where.gate.isHanging);
  expect(await cancelled(where.sync, runId)).toMatchObject(unanswered);
  expect(await idsIn(where.table)).toEqual([]);
  await holder.end();
  await until('the late commit', async () => (await idsIn(where.table)).length === rowCount);
  expect(await madeRight(where)).toMatchObject({ rows_updated: rowCount, rows_created: 0 });
});
