// A cancel while much is worked through at once: a plan is made, a snapshot folded, a snapshot loaded. CHAOS_ROWS sets how
// much; `npm test` has little, which shows that the ways are right, and the chaos suite a million rows.
import type { Phase } from '../../../domain/phase';
import { expectCancelledInTime } from '../../support/engine/cancel-time';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { leaseHolder } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rows = Number(process.env['CHAOS_ROWS'] ?? 20_000);
// Fewer are worked through before a cancel can meet them: their runs are stopped wherever they have got to.
const isLarge = rows >= 1_000_000;
// Half a minute for a million rows a run, on a machine that does nothing else; eight times that for all of it.
const timeoutMs = 60_000 + rows * 0.25;

let engine: Engine;
let api: EngineApi;
let sync: string;

beforeAll(async () => {
  engine = await Engine.start();
  api = await engineApi(engine);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email
    FROM generate_series(1, ${rows}) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text);
    CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(600); RETURN NULL; END $$`);
  sync = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: ['id', 'email'].map((column) => ({ column, field: column })),
    object: { table: 'contacts' },
  });
}, timeoutMs);
afterAll(async () => {
  await api.close();
  await engine.close();
}, timeoutMs);

const phasesOf = (runId: string): Promise<Phase[]> =>
  engine.knex('run_phases').where({ run_id: runId }).pluck('phase');

/** Cancels a run through the API as soon as it is in the phase; nothing of it may be applied. */
async function cancelledIn(phase: Phase): Promise<RunRecord> {
  // No run gets through its writes before it is cancelled.
  await engine.target.raw(
    `CREATE TRIGGER dawdle BEFORE INSERT ON contacts FOR EACH STATEMENT EXECUTE FUNCTION dawdle()`,
  );
  const runId = await engine.trigger(sync);
  await until(`the run to be in ${phase}`, async () => (await phasesOf(runId)).includes(phase));
  expect((await api.post(`/syncs/${sync}/runs/${runId}/cancel`)).status).toBe(202);
  const run = await engine.ended(runId);
  await expectCancelledInTime(engine, runId);
  expect(run).toMatchObject({ status: 'cancelled', outcome: 'nothing_applied', counter_mismatch: 0 });
  if (isLarge) expect((await phasesOf(runId)).filter((each) => each !== 'finalization').at(-1)).toBe(phase);
  expect(await leaseHolder(engine, sync)).toBeNull();
  await engine.target.raw(`DROP TRIGGER dawdle ON contacts`);
  return run;
}

const snapshot = () => engine.knex('snapshots').where({ sync_id: sync }).first();

test(
  `${rows} rows: a run is cancelled in time while it plans changes, folds its snapshot or loads it`,
  async () => {
    expect(await cancelledIn('change_detection')).toMatchObject({
      rows_processed: rows,
      rows_not_attempted: rows,
    });
    expect(await engine.run(sync)).toMatchObject({ status: 'completed', rows_created: rows });

    // All of the snapshot is in deltas now, which the next run folds before it reads.
    const { version } = await snapshot();
    const folding = await cancelledIn('query');
    if (isLarge) expect([folding.rows_processed, await snapshot()]).toMatchObject([0, { version }]);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rows });
    expect(await snapshot()).toMatchObject({ version: version + 1, base_rows: rows });

    await engine.warehouse.raw(`UPDATE users SET email = email || '.net'`);
    const loading = await cancelledIn('query');
    if (isLarge) expect(loading).toMatchObject({ rows_processed: 0 });
    expect(await cancelledIn('change_detection')).toMatchObject({
      rows_processed: rows,
      rows_not_attempted: rows,
    });
    expect(await engine.run(sync)).toMatchObject({ status: 'completed', rows_updated: rows });
  },
  timeoutMs,
);
