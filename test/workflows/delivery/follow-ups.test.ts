// Rows of a run in several transactions whose unique value another row holds at the moment they are written: they go once
// more when everything else is answered, and whatever ends the run before, each row is counted once and truly.
import { Client } from 'pg';
import { rowStory } from '../../../db/views/row-story/row-story-view';
import { Engine } from '../../support/engine/engine';
import { retry } from '../../support/engine/retry';
import { rowErrorsOf } from '../../support/engine/run-facts';
import { users, WideUsers } from '../../support/engine/wide-users';
import { until } from '../../support/until';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start();
});
afterAll(() => engine.close());

const before = users('r', 1, 20, (n) => `e${n}`);
/** r16 to r20 take new addresses, r01 to r05 take theirs; r11 to r15 vanish, five new rows take theirs. */
const after = {
  ...users('r', 1, 5, (n) => `e${n + 15}`),
  ...users('r', 6, 10, (n) => `e${n}`),
  ...users('r', 16, 20, (n) => `new${n}`),
  ...users('s', 1, 5, (n) => `e${n + 10}`),
};
const rowCount = 20;
const exact = { rows_not_attempted: 0, rows_unknown: 0, counter_mismatch: 0 };

async function loaded(table: string, config = {}): Promise<WideUsers> {
  const place = await WideUsers.make(engine, table, before, config);
  expect(await engine.run(place.sync)).toMatchObject({ outcome: 'clean', rows_created: rowCount });
  expect(await place.effects()).toBe(rowCount);
  return place;
}

/** What is told of the row in the newest run that had it. */
async function newestOf(sync: string, rowId: string) {
  const question = { workspaceId: engine.workspaceId, syncId: sync, rowId, before: null, mostEntries: 1 };
  const { entries, snapshot } = await rowStory(engine.knex, question);
  const [entry] = entries;
  return { snapshot, operation: entry?.operation, result: entry?.result, error: entry?.error?.code ?? null };
}

test.each([[1], [4]])('values change hands between rows of one run of %i lanes', async (lanes) => {
  const place = await loaded(`handed_${lanes}`, { lanes });
  await place.show(after);
  const run = await engine.run(place.sync);
  const rows = { rows_created: 5, rows_updated: 10, rows_deleted: 5, rows_failed: 0, rows_unchanged: 5 };
  expect(run).toMatchObject({ status: 'completed', outcome: 'clean', ...rows, ...exact });
  expect(await place.held()).toEqual(after);
  expect(await place.effects()).toBe(20);
  expect(await rowErrorsOf(engine, run.id)).toEqual([]);

  const { planned, followUps } = await place.batchesOf(run.id);
  expect(planned.length).toBeGreaterThan(3);
  // Deletes come last: whoever waits for them has been refused. One lane also comes to r01 before r16.
  const moved = followUps.reduce((sum, { creates, updates }) => sum + creates + updates, 0);
  expect(moved).toBeGreaterThanOrEqual(5);
  if (lanes === 1) expect(moved).toBe(10);
  for (const { state, attempts, failed } of [...planned, ...followUps])
    expect([state, attempts, failed]).toEqual(['acked', 1, 0]);
  const told = { snapshot: 'acknowledged', error: null };
  expect(await newestOf(place.sync, 's01')).toEqual({ ...told, operation: 'create', result: 'created' });
  expect(await newestOf(place.sync, 'r01')).toEqual({ ...told, operation: 'update', result: 'updated' });
  expect(await engine.run(place.sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rowCount });
});

test('what is still taken in the end keeps its error, and a retry of failed rows is about it', async () => {
  const place = await loaded('taken', { lanes: 1 });
  // r01 waits for r02, and r02 for r03: one link a run. r06 and r07 swap, and neither can go first; x wants what r10 keeps.
  const wanted = { ...after, r01: 'e2', r02: 'e3', r03: 'new3', r06: 'e7', r07: 'e6', x: 'e10' };
  await place.show(wanted);
  const run = await engine.run(place.sync);
  const rows = { rows_created: 5, rows_updated: 9, rows_deleted: 5, rows_failed: 4 };
  expect(run).toMatchObject({ status: 'completed', outcome: 'with_row_errors', ...rows, ...exact });
  expect(await rowErrorsOf(engine, run.id)).toMatchObject([
    { row_id: 'r01', field: 'email', code: '23505', raw_value: 'e2', operation: 'update' },
    { row_id: 'r06', field: 'email', code: '23505', raw_value: 'e7', operation: 'update' },
    { row_id: 'r07', field: 'email', code: '23505', raw_value: 'e6', operation: 'update' },
    { row_id: 'x', field: 'email', code: '23505', raw_value: 'e10', operation: 'create' },
  ]);
  expect(await newestOf(place.sync, 'x')).toMatchObject({
    snapshot: 'absent',
    result: 'failed',
    error: '23505',
  });
  expect(await newestOf(place.sync, 'r01')).toMatchObject({ snapshot: 'acknowledged', result: 'failed' });

  const again = await retry(engine, run, { scope: 'failed' });
  expect(again).toMatchObject({ rows_updated: 1, rows_created: 0, rows_failed: 3, ...exact });
  const { x: _, ...rest } = wanted;
  expect(await place.held()).toEqual({ ...rest, r06: 'e6', r07: 'e7' });
});

test('a run that is cancelled before they go has not attempted them, and one that resumes it sends them', async () => {
  const place = await loaded('cancelled');
  await place.show(after);
  // Any number: advisory locks are per database.
  const gate = new Client({ connectionString: engine.databases.target.url });
  await gate.connect();
  await gate.query('SELECT pg_advisory_lock(1)');
  await engine.target.raw(`CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN PERFORM pg_advisory_xact_lock_shared(1); RETURN NULL; END $$;
    CREATE TRIGGER wait BEFORE DELETE ON cancelled FOR EACH STATEMENT EXECUTE FUNCTION wait()`);
  const runId = await engine.trigger(place.sync);
  await until('the deletes to wait', async () => {
    const { rows } = await gate.query(`SELECT 1 FROM pg_locks WHERE locktype = 'advisory' AND NOT granted
        AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`);
    return rows.length > 0;
  });
  expect(await newestOf(place.sync, 's01')).toMatchObject({ operation: 'create', result: 'planned' });
  await engine.client.workflow.getHandle(runId).cancel();
  const run = await engine.ended(runId);
  await gate.end();
  const { followUps } = await place.batchesOf(runId);
  const left = followUps.reduce((sum, { creates, updates }) => sum + creates + updates, 0);
  expect(left).toBeGreaterThanOrEqual(5);
  expect(run).toMatchObject({
    status: 'cancelled',
    outcome: 'partial',
    rows_created: 0,
    rows_updated: 15 - left,
    rows_deleted: 0,
    rows_failed: 0,
    rows_not_attempted: left + 5,
    rows_unknown: 0,
    counter_mismatch: 0,
  });
  expect(await rowErrorsOf(engine, runId)).toEqual([]);
  expect(await newestOf(place.sync, 's01')).toEqual({
    snapshot: 'absent',
    operation: 'create',
    result: 'not_attempted',
    error: null,
  });
  const rest = await retry(engine, run, { scope: 'not_attempted' });
  expect(rest).toMatchObject({
    outcome: 'clean',
    rows_created: 5,
    rows_deleted: 5,
    rows_updated: left - 5,
  });
  expect(await place.held()).toEqual(after);
  expect(await engine.run(place.sync)).toMatchObject({ outcome: 'no_changes', rows_unchanged: rowCount });
});
