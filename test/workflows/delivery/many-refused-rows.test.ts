// A batch that is refused as a whole and full of bad rows, at a destination that takes its time: the run ends, every bad row
// has its error, and what was judged before trouble is not asked about again.
import { Engine, type RunRecord } from '../../support/engine/engine';
import { answerJson, type HttpStub, httpStub } from '../../support/outside/http-stub';
import { rowErrorsOf } from '../../support/engine/run-facts';

const latencyMs = 100;
// A write is given twice this, and ten seconds: 120 calls or so.
const timeoutSeconds = 1;

let engine: Engine;
let stub: HttpStub;
/** A status that a call gets instead of its own answer, by its place among all calls. */
let troubleAt: (at: number) => { status: number; headers: Record<string, string> } | null;
/** Rows of each call that was answered. */
let judged: string[][];

beforeAll(async () => {
  engine = await Engine.start();
  stub = await httpStub((call, response, at) => {
    const rows = JSON.parse(call.body.toString('utf8')) as { id: string; email: string }[];
    const trouble = troubleAt(at);
    if (trouble) return answerJson(response, trouble.status, {}, trouble.headers);
    const isRefused = rows.some(({ email }) => email === 'bad');
    if (!isRefused || rows.length === 1) judged.push(rows.map(({ id }) => id));
    return setTimeout(
      () => answerJson(response, isRefused ? 422 : 200, isRefused ? { message: 'Invalid email' } : {}),
      latencyMs,
    );
  });
});
afterAll(() => Promise.all([engine.close(), stub.close()]));
beforeEach(() => {
  stub.calls.length = 0;
  judged = [];
  troubleAt = () => null;
});

/** A run over so many rows in one batch, all of them bad but every third. */
async function runOver(rowCount: number): Promise<RunRecord> {
  await engine.warehouse.raw(`DROP TABLE IF EXISTS users; CREATE TABLE users AS
    SELECT 'u' || n AS id, CASE WHEN n % 3 = 0 THEN 'good' ELSE 'bad' END AS email
    FROM generate_series(1, ${rowCount}) n`);
  const sync = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: ['id', 'email'].map((column) => ({ column, field: column })),
    destination: {
      kind: 'http',
      config: {
        url: stub.url,
        batch_rows: rowCount,
        timeout_seconds: timeoutSeconds,
        response: { message_field: 'message' },
      },
      secrets: {},
    },
  });
  const run = await engine.run(sync);
  const isGood = (n: number): boolean => n % 3 === 0;
  const ids = Array.from({ length: rowCount }, (_, at) => at + 1);
  expect(run).toMatchObject({
    status: 'completed',
    outcome: 'with_row_errors',
    rows_created: ids.filter(isGood).length,
    rows_failed: ids.filter((n) => !isGood(n)).length,
    rows_unknown: 0,
    rows_not_attempted: 0,
    counter_mismatch: 0,
  });
  const errors = await rowErrorsOf(engine, run.id);
  expect(errors.map(({ row_id: id }) => id)).toEqual(ids.filter((n) => !isGood(n)).map((n) => `u${n}`));
  expect(new Set(errors.map(({ code, message }) => `${String(code)} ${String(message)}`))).toEqual(
    new Set(['http_422 Invalid email']),
  );
  return run;
}

/** Each row was judged in one call. */
const expectJudgedOnce = (rowCount: number): void => {
  expect(judged.flat()).toHaveLength(rowCount);
  expect(new Set(judged.flat()).size).toBe(rowCount);
};

test('more calls than fit into the time of one write end with exact row errors, in one try', async () => {
  const run = await runOver(120);
  expect(stub.calls.length).toBeGreaterThan(150);
  expectJudgedOnce(120);
  const [batch] = await engine.knex('batches').where({ run_id: run.id });
  expect(batch).toMatchObject({ attempts: 1, late_until: null });
  expect(batch.call_ms).toHaveLength(stub.calls.length);
}, 90_000);

test('a limit on calls that is met again and again is waited out, and nothing is asked twice', async () => {
  // Eleven seconds are waited out by the run, not within the write: each time another try goes on with the batch.
  troubleAt = (at) => (at === 9 || at === 19 ? { status: 429, headers: { 'retry-after': '11' } } : null);
  const run = await runOver(12);
  expectJudgedOnce(12);
  const [batch] = await engine.knex('batches').where({ run_id: run.id });
  expect(batch.attempts).toBe(3);
  expect(batch.call_ms).toHaveLength(stub.calls.length);
}, 90_000);
