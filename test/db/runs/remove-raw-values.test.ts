// Row errors lose the values of their rows when their sync has it so: when, in which chunks, and that nothing of them is left.
import type { Knex } from 'knex';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { storeGroups } from '../../../db/ledger/row-error-groups';
import { beginRawValueRemovals, continueRawValueRemovals } from '../../../db/runs/remove-raw-values';
import { errorsOnPage } from '../../../db/views/row-errors/row-errors-view';
import { findErrorRun } from '../../../db/views/row-errors/error-run';
import { removeHistory } from '../../../worker/upkeep/remove-history';
import { aRun, type MadeRun } from '../../factories/a-run';
import { closeGroups, someRowErrors } from '../../factories/a-row-error';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { tablesWith } from '../../support/tables-with';

const day = 86_400_000;
// Of letters alone, so that no escaping hides one.
const mark = 'CanaryRowQzXw';

let database: TestDatabase;
let knex: Knex;
let sync: StoredSync;
beforeEach(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
  sync = await aSync(knex, { settings: { rawValueDays: 30 } });
});
afterEach(async () => {
  await knex.destroy();
  await database.drop();
});

/** A run that ended so many days ago, give or take a minute, with groups of its row errors as its close stores them. */
async function aged(days: number, errors = 5, of = sync): Promise<MadeRun> {
  const run = await aRun(knex, { sync: of, startedAt: new Date(Date.now() - days * day - 263_000) });
  await someRowErrors(
    knex,
    run,
    Array.from({ length: errors }, (_, n) => ({
      rowId: `usr_${n}`,
      rawValue: `${mark}${n}`,
      message: `No ${mark}${n} in "here": ${n + 10} of ${mark}`,
    })),
  );
  await knex.transaction((trx) => storeGroups(trx, run.id));
  return run;
}
const remove = () => removeHistory(knex, { runDays: 0, rowErrorDays: 0 }, new AbortController().signal);
const valuesOf = (run: MadeRun): Promise<(string | null)[]> =>
  knex('row_errors').where({ run_id: run.id }).orderBy('row_no').pluck('raw_value');

test('they go the day after their last, and stay a day before it, and in a sync that does not say so', async () => {
  const other = await aSync(knex, { workspaceId: sync.workspaceId });
  const [old, young, others] = [await aged(31), await aged(29), await aged(900, 5, other)];
  expect(await remove()).toMatchObject({ rawValuesOfRuns: 1, rows: 5 });
  expect(await remove()).toMatchObject({ rawValuesOfRuns: 0, rows: 0 });
  expect(await valuesOf(old)).toEqual([null, null, null, null, null]);
  for (const run of [young, others]) expect(await valuesOf(run)).not.toContain(null);
  expect(await knex('runs').where({ id: old.id }).first()).toMatchObject({
    raw_values_removed_at: expect.any(Date),
    rows_failed: 336,
  });
  expect(await knex('run_events').where({ run_id: old.id })).toMatchObject([{ type: 'raw_values_removed' }]);
  expect(await knex('run_removals')).toEqual([]);
});

test('nothing of them is left in any table, and the rows are still told and grouped', async () => {
  const run = await aged(31);
  expect(await tablesWith(knex, mark)).toEqual(['row_error_groups', 'row_errors']);
  await remove();
  // The mark that stands beside the row's own value is no value that anybody could know of.
  await knex('row_errors').update({ message: knex.raw(`replace(message, ?, '')`, [mark]) });
  expect(await tablesWith(knex, `${mark}0`)).toEqual([]);
  expect(await knex('row_errors').where({ run_id: run.id }).orderBy('row_no').first()).toMatchObject({
    row_id: 'usr_0',
    message: 'No <value> in "<value>": <value> of ',
    code: 'INVALID_EMAIL_ADDRESS',
  });
  expect(await knex('row_error_groups').where({ run_id: run.id })).toMatchObject([{ row_count: 5 }]);
});

test('of a value as long as its message nothing is left, and megabytes are a chunk of their own', async () => {
  const run = await aRun(knex, { sync, startedAt: new Date(Date.now() - 31 * day) });
  // Too long to stand in quotes that somebody finds the end of; and, last, a character of two halves where it is looked for.
  const values = [mark.repeat(400_000), mark.repeat(500), `${'a'.repeat(23)}😀${mark}`];
  await someRowErrors(
    knex,
    run,
    values.map((rawValue) => ({ rawValue, message: `No number: "${rawValue}" "${rawValue}"` })),
  );
  await closeGroups(knex, run);
  await beginRawValueRemovals(knex);
  expect(await continueRawValueRemovals(knex)).toEqual({ rows: 1, ended: false });
  expect(await continueRawValueRemovals(knex)).toEqual({ rows: 2, ended: true });
  expect(await knex('row_errors').where({ run_id: run.id }).orderBy('row_no').pluck('message')).toEqual(
    values.map(() => 'No number: "<value>" "<value>"'),
  );
  expect(await tablesWith(knex, mark)).toEqual([]);
});

test('the present setting counts, for runs of earlier versions too', async () => {
  const other = await aSync(knex, { workspaceId: sync.workspaceId });
  const run = await aged(3, 2, other);
  await knex('sync_versions')
    .where({ sync_id: other.id })
    .update({ settings: JSON.stringify({ ...other.settings, rawValueDays: 2 }) });
  await remove();
  expect(await valuesOf(run)).toEqual([null, null]);
});

test('in chunks: each goes on where the last one ended, and a search finds all there is in between', async () => {
  const run = await aged(31);
  expect(await beginRawValueRemovals(knex)).toEqual([run.id]);
  expect(await beginRawValueRemovals(knex)).toEqual([]);
  expect(await continueRawValueRemovals(knex, 2)).toEqual({ rows: 2, ended: false });
  expect((await valuesOf(run)).map((value) => value === null)).toEqual([true, true, false, false, false]);
  const found = await findErrorRun(knex, run.workspaceId, run.syncId, run.id);
  if (!found) throw new Error('the run is gone');
  const page = await errorsOnPage(knex, found, { text: `${mark}3` }, { page: 1, perPage: 10 });
  expect(page).toMatchObject({ total: 1, rows: [{ rowId: 'usr_3' }] });
  // Somebody else has the run in hand.
  await knex.transaction(async (trx) => {
    await trx.raw('SELECT 1 FROM run_removals FOR UPDATE');
    expect(await continueRawValueRemovals(knex, 2)).toBeNull();
  });
  expect(await continueRawValueRemovals(knex, 2)).toEqual({ rows: 2, ended: false });
  expect(await continueRawValueRemovals(knex, 2)).toEqual({ rows: 1, ended: true });
  expect(await continueRawValueRemovals(knex, 2)).toBeNull();
});
