// Erasing a row while others are at its runs: nothing of it comes back, and what groups say stays what is there.
import type { Knex } from 'knex';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { eraseRow } from '../../../db/erasure/erase-row';
import { findRowErrors } from '../../../db/erasure/find-row-errors';
import { beginRawValueRemovals, continueRawValueRemovals } from '../../../db/runs/remove-raw-values';
import { aRun, type MadeRun } from '../../factories/a-run';
import { closeGroups, someRowErrors } from '../../factories/a-row-error';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { tablesWith } from '../../support/tables-with';
import { until } from '../../support/until';

// Of letters alone, so that no escaping hides one.
const key = 'CanaryKeyQzXw';

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** An old run with three row errors in a group each, one of them of the row. */
async function aRunWithTheRow(sync: StoredSync, failed = 3): Promise<MadeRun> {
  const run = await aRun(knex, { sync, counts: { failed } });
  await someRowErrors(
    knex,
    run,
    [key, 'one', 'two'].map((rowId) => ({ rowId, rawValue: '7', message: `Not 7 but ${rowId}` })),
  );
  await closeGroups(knex, run);
  return run;
}

const erase = ({ workspaceId, id }: StoredSync, rowId = key) =>
  eraseRow(knex, { workspaceId, syncId: id, rowId, by: null });

/** How many row errors there are of each group, as the groups say and as there are. */
async function groupsOf({ id }: MadeRun) {
  const told = await knex('row_error_groups')
    .where({ run_id: id })
    .orderBy('group_id')
    .select('group_id', 'row_count');
  const counted = await knex('row_errors')
    .where({ run_id: id })
    .groupBy('group_id')
    .orderBy('group_id')
    .select('group_id', knex.raw('count(*) AS row_count'));
  return { told, counted };
}

test('a chunk that loses its values at that moment is waited for, and its groups are the ones counted in', async () => {
  const sync = await aSync(knex, { settings: { rawValueDays: 30 } });
  const run = await aRunWithTheRow(sync);
  await beginRawValueRemovals(knex);
  const erased = await knex.transaction(async (chunk) => {
    expect(await continueRawValueRemovals(chunk)).toEqual({ rows: 3, ended: true });
    const erasing = erase(sync);
    await until('the erasure to wait', async () => {
      const { rows } = await knex.raw<{ rows: unknown[] }>(
        `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
      );
      return rows.length > 0;
    });
    return { erasing };
  });
  expect(await erased.erasing).toEqual({ rowErrors: 1, snapshotParts: 0 });
  const { told, counted } = await groupsOf(run);
  expect(told).toHaveLength(3);
  expect(told).toEqual(counted);
  expect(await tablesWith(knex, key)).toEqual([]);
});

test('no run begins to lose its values while its sync is held, as by whoever erases a row of it', async () => {
  const sync = await aSync(knex, { settings: { rawValueDays: 30 } });
  const run = await aRunWithTheRow(sync);
  await knex.transaction(async (trx) => {
    await trx('syncs').where({ id: sync.id }).forNoKeyUpdate().select('id');
    expect(await beginRawValueRemovals(knex)).toEqual([]);
  });
  expect(await beginRawValueRemovals(knex)).toEqual([run.id]);
  while (await continueRawValueRemovals(knex));
  expect(await erase(sync)).toMatchObject({ rowErrors: 1 });
});

test('where upper and lower case are the same it is found in all runs, however few are looked at at once', async () => {
  const sync = await aSync(knex, { settings: { keyMatch: 'lower' } });
  const [one, two, three] = [
    await aRunWithTheRow(sync, 4),
    await aRun(knex, { sync, counts: { failed: 2 } }),
    await aRunWithTheRow(sync, 3),
  ];
  await someRowErrors(knex, one, [{ rowNo: 9, rowId: key.toUpperCase() }]);
  await someRowErrors(knex, two, [{ rowId: 'one' }, { rowId: null }]);
  const place = { workspaceId: sync.workspaceId, syncId: sync.id };
  // Runs of four, two and three: looked at row by row, one large and two small, the small ones together, all at once.
  for (const most of [1, 3, 5, 100]) {
    const found = await knex.transaction((trx) =>
      findRowErrors(trx, place, key.toLowerCase(), 'lower', most),
    );
    expect(found.map((error) => `${error.run_id} ${error.row_no}`).toSorted()).toEqual(
      [`${one.id} 0`, `${one.id} 9`, `${three.id} 0`].toSorted(),
    );
  }
  expect(await erase(sync, key.toLowerCase())).toMatchObject({ rowErrors: 3 });
  const ofSync = knex('row_errors').whereIn('run_id', [one.id, two.id, three.id]);
  expect(await ofSync.whereNotNull('row_id')).toHaveLength(5);
  expect(await tablesWith(knex, key)).toEqual([]);
});

test.each(['exact', 'lower'] as const)(
  'a run that was closed as it could be, without its counters, has the row too: keys %s',
  async (keyMatch) => {
    const sync = await aSync(knex, { settings: { keyMatch } });
    const run = await aRun(knex, { sync, status: 'failed', failure: 'internal', counts: { failed: 0 } });
    await someRowErrors(knex, run, [{ rowId: key }]);
    expect(await erase(sync)).toMatchObject({ rowErrors: 1 });
    expect(await tablesWith(knex, key)).toEqual([]);
  },
);
