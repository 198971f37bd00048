// What the product asks of its tables reads none of the long ones from end to end: the very statements, as they were sent.
import { Client } from 'pg';
import { fillHistory, type History } from '../../bench/data/history';
import { type PlanNode, planOf, readsWhole, sentBy } from '../../bench/data/plans';
import { eraseRowErrors } from '../../db/erasure/erase-row-errors';
import { noteToJudge } from '../../db/alerts/judge/due-judgements';
import { judgeByClock } from '../../db/alerts/judge/judge-by-clock';
import { judgeDue } from '../../db/alerts/judge/judge-due';
import { beginRemovals } from '../../db/runs/begin-removals';
import { continueRemovals } from '../../db/runs/continue-removals';
import { enqueueRetry } from '../../db/runs/enqueue-retry';
import { enqueueSlot } from '../../db/runs/enqueue-slot';
import { beginRawValueRemovals, continueRawValueRemovals } from '../../db/runs/remove-raw-values';
import { removeSyncEvents } from '../../db/runs/remove-sync-events';
import { claimDueRuns } from '../../db/runs/reconcile/reconcile-claim';
import { overdueWorkflows } from '../../db/runs/reconcile/reconcile-ended';
import { noteLateResets } from '../../db/runs/reconcile/reconcile-resets';
import { noteStuckRuns } from '../../db/runs/reconcile/reconcile-stuck';
import { endedRun } from '../../db/views/ended-run-view';
import { measures } from '../../db/views/metrics-view';
import { lastSlots } from '../../db/views/last-slots-view';
import { type ErrorRun, findErrorRun } from '../../db/views/row-errors/error-run';
import type { RowErrorFilter } from '../../db/views/row-errors/row-error-filter';
import { rowErrorGroups } from '../../db/views/row-errors/row-error-groups-view';
import { rowErrorPages } from '../../db/views/row-errors/row-error-pages';
import { errorsFrom, errorsOnPage, totalAtHand } from '../../db/views/row-errors/row-errors-view';
import { rowStory } from '../../db/views/row-story/row-story-view';
import { runDetail } from '../../db/views/run-detail-view';
import { runEvents } from '../../db/views/run-events-view';
import { lastRun } from '../../db/views/run-history-view';
import { syncEvents } from '../../db/views/sync-events-view';
import type { KeyMatch } from '../../domain/sync';
import { aSchedule } from '../factories/a-schedule';
import { Engine } from '../support/engine/engine';
import { noWaits } from '../support/engine/reconciling';

let engine: Engine;
let history: History;
let explainer: Client;
beforeAll(async () => {
  engine = await Engine.start();
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 30) n`);
  await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  // The planner chooses at this size what it chooses at a million: the shares are the same.
  history = await fillHistory(engine.knex, await aSync(), { runs: 40_000, rowErrors: 200_000, syncs: 200 });
  explainer = new Client({ connectionString: engine.databases.ours.url });
  await explainer.connect();
}, 60_000);
afterAll(async () => {
  await explainer.end();
  await engine.close();
});

const aSync = (): Promise<string> =>
  engine.sync({
    sql: 'SELECT * FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'contacts' },
  });

/** Explains all that `work` sends; returns the nodes of all plans. */
async function expectKeyed(work: () => Promise<unknown>, atLeast = 1): Promise<PlanNode[]> {
  const sent = await sentBy(engine.knex, work);
  expect(sent.length).toBeGreaterThanOrEqual(atLeast);
  const nodes: PlanNode[] = [];
  const whole = [];
  for (const statement of sent) {
    const plan = await planOf(explainer, statement);
    nodes.push(...plan);
    const read = plan.filter(readsWhole);
    if (read.length > 0) whole.push({ read, sql: statement.sql });
  }
  expect(whole).toEqual([]);
  return nodes;
}

const page = (number: number) => ({ page: number, perPage: 20 });

test('a plan that reads a whole table would be seen, and one that reads a whole index', async () => {
  const questions = [
    () => engine.knex('runs').where('note', 'x').count(),
    () => engine.knex('runs').orderBy('id').limit(100_000).select('id'),
  ];
  for (const question of questions) {
    const [statement] = await sentBy(engine.knex, async () => question());
    expect(statement && (await planOf(explainer, statement)).some(readsWhole)).toBe(true);
  }
});

const errorRun = async (runId: string): Promise<ErrorRun> => {
  const run = await findErrorRun(engine.knex, engine.workspaceId, history.busySync, runId);
  if (!run) throw new Error(`run ${runId} is not in the history`);
  return run;
};

test('the total of a run of many row errors reads its groups, and while it goes on the index alone', async () => {
  const ended = await errorRun(history.worstRun);
  const ofEnded = await sentBy(engine.knex, () => errorsOnPage(engine.knex, ended, {}, page(1)));
  expect(ofEnded.filter(({ sql }) => sql.includes('count('))).toEqual([]);
  const nodes = await expectKeyed(() =>
    errorsOnPage(engine.knex, { ...ended, hasEnded: false }, {}, page(1)),
  );
  expect(nodes).toContainEqual(
    expect.objectContaining({ 'Node Type': 'Index Only Scan', 'Index Name': 'row_errors_pkey' }),
  );
});

const errorFilters: [string, RowErrorFilter][] = [
  ['no filter', {}],
  ['field', { field: 'Email' }],
  ['code', { code: 'code_3' }],
  ['origin and operation', { origin: 'destination', operation: 'update' }],
  ['row', { rowId: 'usr_17' }],
  ['text of all', { text: 'not val' }],
  ['text of none', { text: 'no such text' }],
  ['text of some', { text: 'c4ca4238a0b9' }],
  ['all of them', { field: 'Email', code: 'code_3', rowId: 'usr_3', text: 'valid' }],
];

test.each(errorFilters)('the row errors of a run, filtered by %s', async (_, filter) => {
  const { knex } = engine;
  for (const run of [await errorRun(history.worstRun), await errorRun(history.usualRun)]) {
    for (const state of [run, { ...run, hasEnded: false }]) {
      for (const number of [1, 5])
        await expectKeyed(() => errorsOnPage(knex, state, filter, page(number)), 2);
      await expectKeyed(() => errorsFrom(knex, state, filter, { way: 'after', mark: 100 }, 20));
      await expectKeyed(() => errorsFrom(knex, state, filter, { way: 'before', mark: 100 }, 20));
    }
    await expectKeyed(() => rowErrorPages(knex, run.id, filter).next(), 2);
    await expectKeyed(() => totalAtHand(knex, run, filter));
  }
});

test('the groups of a run, stored and counted, and the story of a row', async () => {
  const { knex, workspaceId } = engine;
  const run = await errorRun(history.worstRun);
  const nodes = await expectKeyed(() => rowErrorGroups(knex, run, page(1)), 3);
  for (const index of ['row_error_groups_pkey', 'row_error_groups_seen', 'row_errors_of_group'])
    expect(nodes).toContainEqual(expect.objectContaining({ 'Index Name': index }));
  await expectKeyed(() => rowErrorGroups(knex, { ...run, hasEnded: false }, page(1)), 3);
  const question = { workspaceId, syncId: history.busySync, rowId: 'usr_17', before: null, mostEntries: 20 };
  await expectKeyed(() => rowStory(knex, question), 4);
});

test('one run, its timeline, the last run and the timeline of a sync', async () => {
  const { knex, workspaceId } = engine;
  await expectKeyed(() => runDetail(knex, workspaceId, history.busySync, history.usualRun), 3);
  await expectKeyed(() => runEvents(knex, workspaceId, history.usualRun));
  await expectKeyed(() => lastRun(knex, workspaceId, history.busySync));
  await expectKeyed(() => syncEvents(knex, workspaceId, history.busySync, page(1)), 2);
  await expectKeyed(() => lastSlots(knex, history.busySync, 10));
});

test('whole runs: the first, one without a change, one that is queued behind it, and retries', async () => {
  const sync = await aSync();
  await expectKeyed(() => engine.run(sync), 20);
  await expectKeyed(() => engine.run(sync), 15);
  await expectKeyed(() => Promise.all([engine.run(sync), engine.run(sync, { kind: 'full_resync' })]), 30);
  const retry = (scope: 'all' | 'failed') =>
    enqueueRetry(engine.knex, {
      workspaceId: engine.workspaceId,
      syncId: history.busySync,
      retryOf: history.worstRun,
      scope,
      trigger: 'api',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
  await expectKeyed(() => retry('failed'), 5);
  // Without a snapshot it asks whether the sync has ever sent a row.
  await expectKeyed(() => engine.run(history.usualSync), 15);
});

test('slots of a schedule', async () => {
  await aSchedule(engine.knex, { syncId: history.usualSync, workspaceId: engine.workspaceId });
  const slot = {
    workspaceId: engine.workspaceId,
    syncId: history.usualSync,
    workflowId: 'sync/slot',
    slotAt: new Date(),
  };
  await expectKeyed(() => enqueueSlot(engine.knex, slot), 5);
});

test('the judge of alerts, whatever a run says, and its look at the clock', async () => {
  const { knex, workspaceId } = engine;
  const judged = async (runId: string) => {
    const { sync_id: syncId } = await knex('runs').where({ id: runId }).first('sync_id');
    const due = { workspaceId, syncId, what: 'run_ended', runId, detail: {} } as const;
    await knex.transaction((trx) => noteToJudge(trx, due));
    return judgeDue(knex);
  };
  // The last of the busy sync, of which there are too many to be read one by one, and of one as most are.
  const last = (syncId: string) =>
    knex('runs').where({ sync_id: syncId, status: 'completed' }).orderBy('queue_no', 'desc').first('id');
  const { id: busy } = await last(history.busySync);
  const { id: usual } = await last(history.usualSync);
  const nodes = await expectKeyed(() => judged(busy), 10);
  expect(nodes).toContainEqual(
    expect.objectContaining({ 'Node Type': 'Index Only Scan', 'Index Name': 'runs_of_sync_by_end' }),
  );
  await expectKeyed(() => judged(usual), 10);
  const { id: failed } = await knex('runs')
    .where({ status: 'failed' })
    .orderBy('queue_no', 'desc')
    .first('id');
  await expectKeyed(() => judged(failed), 10);
  await expectKeyed(() => judgeByClock(knex, async () => new Map()), 3);
});

test('the rounds of the reconciler, and the removal of what is old', async () => {
  const { knex } = engine;
  await expectKeyed(() => claimDueRuns(knex, noWaits));
  await expectKeyed(() => noteStuckRuns(knex));
  const listed = [{ workflowId: history.usualRun, startedAt: new Date() }];
  await expectKeyed(() => overdueWorkflows(knex, listed, 0));
  const ended = { workflowId: history.usualRun, executionRunId: 'e', startedAt: new Date() };
  await expectKeyed(() => noteLateResets(knex, [ended]));
  const nodes = await expectKeyed(() => beginRemovals(knex, 'run', 20), 2);
  for (const index of ['runs_by_end', 'runs_that_sent'])
    expect(nodes).toContainEqual(expect.objectContaining({ 'Index Name': index }));
  const marked = await expectKeyed(() => beginRemovals(knex, 'row_errors', 20), 2);
  expect(marked).toContainEqual(expect.objectContaining({ 'Index Name': 'runs_with_row_errors' }));
  await expectKeyed(() => continueRemovals(knex), 3);
  const events = await expectKeyed(() => removeSyncEvents(knex, 20));
  expect(events).toContainEqual(
    expect.objectContaining({ 'Index Name': 'run_events_by_run', 'Index Cond': '(run_id IS NULL)' }),
  );
});

test('the removal of values, and of one row', async () => {
  const { knex, workspaceId } = engine;
  const { busySync } = history;
  await knex.raw(`UPDATE sync_versions SET settings = settings || '{"rawValueDays": 20}' WHERE sync_id = ?`, [
    busySync,
  ]);
  const marked = await expectKeyed(() => beginRawValueRemovals(knex));
  expect(marked).toContainEqual(expect.objectContaining({ 'Index Name': 'runs_with_raw_values' }));
  await expectKeyed(async () => {
    while ((await continueRawValueRemovals(knex))?.ended === false);
  }, 6);
  // The API's connections are told so. Rows of the worst run alone: most others are in all of them, and those had better be read from end to end.
  const erase = (rowId: string, keyMatch: KeyMatch) =>
    knex.transaction((trx) => eraseRowErrors(trx, { workspaceId, syncId: busySync }, rowId, keyMatch));
  await explainer.query('SET random_page_cost = 1.1');
  const found = await expectKeyed(() => erase('usr_10000', 'exact'), 5);
  expect(found).toContainEqual(expect.objectContaining({ 'Index Name': 'row_errors_of_row' }));
  await expectKeyed(() => erase('USR_10001', 'lower'), 6);
  await explainer.query('RESET random_page_cost');
});

test('the measures of everything read no run that is not open', async () => {
  const [byStatus, ...others] = await sentBy(engine.knex, () => measures(engine.knex));
  const plan = byStatus ? await planOf(explainer, byStatus) : [];
  const read = plan.flatMap((node) => node['Relation Name'] ?? []);
  expect(new Set(read)).toEqual(new Set(['run_totals', 'run_total_changes']));
  expect(others).toHaveLength(5);
  for (const statement of others) {
    const nodes = await planOf(explainer, statement);
    expect(nodes.filter(readsWhole)).toEqual([]);
  }
  await expectKeyed(() => endedRun(engine.knex, history.usualRun));
});
