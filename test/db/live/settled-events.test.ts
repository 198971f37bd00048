// How far the order of a run's events is final: by what is on its way, whatever ids and transactions do elsewhere.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { settledEvents } from '../../../db/views/run-events-view';
import { writeEvent } from '../../../db/runs/run-events';
import { aLiveRun, endLiveRun } from '../../factories/a-live-run';
import { aWorkspace } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let workspaceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 6 });
  workspaceId = (await aWorkspace(knex)).id;
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const aRun = () => aLiveRun(knex, { workspaceId });

/** Types of the settled events behind the first five, with a star where more may come in between. */
async function settled(run: { workspaceId: string; runId: string }): Promise<string> {
  const found = await settledEvents(knex, run, 0);
  const types = found?.events.slice(5).map(({ type }) => type) ?? [];
  return [...types, ...(found?.isWhole ? [] : ['*'])].join(' ');
}

test('what comes after an event on its way waits for it; what comes before does not', async () => {
  const run = await aRun();
  await writeEvent(knex, run, 'waiting');
  const [first, second] = [await knex.transaction(), await knex.transaction()];
  await writeEvent(first, run, 'phase_retried');
  await writeEvent(knex, run, 'model_read');
  await writeEvent(second, run, 'stuck');
  await writeEvent(knex, run, 'reconciled');
  expect(await settled(run)).toBe('waiting *');
  await first.commit();
  expect(await settled(run)).toBe('waiting phase_retried model_read *');
  await second.rollback();
  expect(await settled(run)).toBe('waiting phase_retried model_read reconciled');
});

test('an event that is given up with a savepoint holds nothing back, one before the savepoint does', async () => {
  const run = await aRun();
  const trx = await knex.transaction();
  const inner = await trx.transaction();
  await writeEvent(inner, run, 'stuck');
  await inner.rollback();
  await writeEvent(knex, run, 'waiting');
  expect(await settled(run)).toBe('waiting');
  await writeEvent(trx, run, 'model_read');
  await writeEvent(knex, run, 'reconciled');
  expect(await settled(run)).toBe('waiting *');
  await trx.commit();
  expect(await settled(run)).toBe('waiting model_read reconciled');
});

test('other runs, and transactions that write no events, hold nothing back', async () => {
  const [run, other] = [await aRun(), await aRun()];
  const [busy, writing] = [await knex.transaction(), await knex.transaction()];
  await writeEvent(busy, other, 'waiting');
  await writing('workspaces').where({ id: workspaceId }).update({ name: 'Renamed' });
  await writeEvent(knex, run, 'stuck');
  expect(await settled(run)).toBe('stuck');
  expect(await settled(other)).toBe('*');
  await busy.commit();
  await writing.rollback();
});

test('ids beyond 2^32, of which a lock holds no more, are told apart', async () => {
  const run = await aRun();
  await knex.raw(`SELECT setval('run_events_id_seq', 4294967290)`);
  const trx = await knex.transaction();
  await writeEvent(trx, run, 'stuck');
  for (let written = 0; written < 8; written += 1) await writeEvent(knex, run, 'waiting');
  expect(await settled(run)).toBe('*');
  await trx.commit();
  expect(await settled(run)).toBe(`stuck${' waiting'.repeat(8)}`);
});

test('how the run stands is read before its events: an ended run has its last one among them', async () => {
  const run = await aRun();
  expect(await settledEvents(knex, run, 0)).toMatchObject({
    status: 'running',
    outcome: null,
    isWhole: true,
  });
  await endLiveRun(knex, run, 'with_row_errors');
  expect(await settledEvents(knex, run, 0)).toMatchObject({
    status: 'completed',
    outcome: 'with_row_errors',
  });
  expect(await settled(run)).toBe('run_completed');
  const part = await settledEvents(knex, run, 0, 2);
  expect([part?.events.length, part?.isWhole]).toEqual([2, false]);
  expect(await settledEvents(knex, { workspaceId: 'ws_other', runId: run.runId }, 0)).toBeNull();
});
