// An export's pages: all that match, in order, however few of many they are, and no statement looks through more than a part.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { findErrorRun } from '../../../db/views/row-errors/error-run';
import type { RowErrorFilter } from '../../../db/views/row-errors/row-error-filter';
import { rowErrorPages } from '../../../db/views/row-errors/row-error-pages';
import { totalAtHand } from '../../../db/views/row-errors/row-errors-view';
import { closeGroups } from '../../factories/a-row-error';
import { aRun, type MadeRun } from '../../factories/a-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const rows = 120_000;
const rare = 119_990;

let database: TestDatabase;
let knex: Knex;
let run: MadeRun;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 4 });
  run = await aRun(knex);
  await knex.raw(
    `INSERT INTO row_errors (run_id, row_no, workspace_id, row_id, field, message, code, origin, operation, group_id)
     SELECT :run, n, :workspace, 'usr_' || n, 'Email', CASE WHEN n = :rare THEN 'a Needle' ELSE md5(n::text) END,
       CASE WHEN n = :rare THEN 'RARE' ELSE 'USUAL' END, 'destination', 'update', 1
     FROM generate_series(0, ${rows - 1}) n`,
    { run: run.id, workspace: run.workspaceId, rare },
  );
}, 60_000);
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

async function exported(filter: RowErrorFilter): Promise<{ rowNos: number[]; pages: number }> {
  const rowNos: number[] = [];
  let pages = 0;
  for await (const page of rowErrorPages(knex, run.id, filter)) {
    pages += 1;
    for (const { rowNo } of page) rowNos.push(rowNo);
  }
  return { rowNos, pages };
}

test('all of them come once, in order', async () => {
  const { rowNos, pages } = await exported({});
  expect(rowNos).toHaveLength(rows);
  expect(rowNos.every((rowNo, at) => rowNo === at)).toBe(true);
  expect(pages).toBeGreaterThan(20);
});

test.each([
  ['the one of its code, near the end', { code: 'RARE' }, [rare]],
  ['the one with a text', { text: 'needle' }, [rare]],
  ['none', { text: 'no such text' }, []],
  ['one row by its key', { rowId: `usr_${rare}` }, [rare]],
])('%s is looked for part by part', async (_, filter, expected) => {
  const { rowNos, pages } = await exported(filter);
  expect([rowNos, pages]).toEqual([expected, 3]);
});

test('the total is told where it is at hand, and not counted where each row would have to be read', async () => {
  const total = async (filter: RowErrorFilter) => {
    const found = await findErrorRun(knex, run.workspaceId, run.syncId, run.id);
    if (!found) throw new Error('the run is there');
    return totalAtHand(knex, found, filter);
  };
  expect([await total({}), await total({ rowId: 'usr_7' }), await total({ text: 'zz' })]).toEqual([
    rows,
    1,
    null,
  ]);
  await knex('row_errors').where({ run_id: run.id }).where('row_no', '>=', 1_000).delete();
  await closeGroups(knex, run);
  expect([await total({}), await total({ text: 'zz' })]).toEqual([1_000, 0]);
});
