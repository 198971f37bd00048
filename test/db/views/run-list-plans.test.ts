// How lists of runs are read from a long history: no table from end to end, totals from an index alone, and a walk at any
// depth from the place it stands at. Plans and rows read, never times.
import type { Knex } from 'knex';
import { Client } from 'pg';
import { fillHistory, type History } from '../../../bench/data/history';
import { planOf, readsWhole, sentBy, type Statement } from '../../../bench/data/plans';
import { connect } from '../../../db/connect';
import { type RunList, runsFrom, runsOnPage } from '../../../db/views/run-history-view';
import type { RunFilter } from '../../../db/views/run-list/run-filter';
import { newestFirst, type RunMark, type RunOrder, runSortKeys } from '../../../db/views/run-list/run-order';
import type { WalkPlace } from '../../../db/page';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let explainer: Client;
let history: History;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase();
  // As the API is.
  knex = connect(database.url, { poolSize: 4, prefersIndexes: true });
  const sync = await aSync(knex);
  workspaceId = sync.workspaceId;
  // The planner chooses at this size what it chooses at a million: the shares are the same.
  history = await fillHistory(knex, sync.id, { runs: 40_000, rowErrors: 2_000, syncs: 200 });
  explainer = new Client({ connectionString: database.url, options: '-c random_page_cost=1.1' });
  await explainer.connect();
}, 60_000);
afterAll(async () => {
  await explainer.end();
  await knex.destroy();
  await database.drop();
});

const scopes = ['a busy sync', 'a usual sync', 'all syncs'] as const;
type Scope = (typeof scopes)[number];

function listOf(scope: Scope, filter: RunFilter = {}, order: RunOrder = newestFirst): RunList {
  const syncId = { 'a busy sync': history.busySync, 'a usual sync': history.usualSync, 'all syncs': null };
  return { workspaceId, syncId: syncId[scope], filter, order };
}

const start: WalkPlace<RunMark> = { way: 'after', mark: null };
const orders = runSortKeys.flatMap((by) => [true, false].map((descending): RunOrder => ({ by, descending })));

/** Fails when a statement of `work` reads a long table, or an index of one, from end to end. */
async function expectKeyed(work: () => Promise<unknown>): Promise<Statement[]> {
  const sent = await sentBy(knex, work);
  expect(sent.length).toBeGreaterThan(0);
  for (const statement of sent) {
    const whole = (await planOf(explainer, statement)).filter(readsWhole);
    expect([statement.sql, whole]).toEqual([statement.sql, []]);
  }
  return sent;
}

interface RunNode {
  readonly 'Actual Rows'?: number;
  readonly 'Actual Loops'?: number;
  readonly 'Rows Removed by Filter'?: number;
  readonly 'Relation Name'?: string;
  readonly Plans?: readonly RunNode[];
}

/** How many rows of these tables, or entries of their indexes, the statement looks at when it is run. */
async function rowsRead({ sql, bindings }: Statement, tables = ['runs']): Promise<number> {
  const { rows } = await explainer.query<{ 'QUERY PLAN': [{ Plan: RunNode }] }>(
    `EXPLAIN (ANALYZE, TIMING OFF, FORMAT JSON) ${sql}`,
    [...bindings],
  );
  const of = (node: RunNode): number => {
    const each = (node['Actual Rows'] ?? 0) + (node['Rows Removed by Filter'] ?? 0);
    const own = tables.includes(node['Relation Name'] ?? '') ? each * (node['Actual Loops'] ?? 0) : 0;
    return own + (node.Plans ?? []).reduce((sum, child) => sum + of(child), 0);
  };
  return rows.reduce((sum, row) => sum + row['QUERY PLAN'].reduce((all, { Plan }) => all + of(Plan), 0), 0);
}

const dayAgo = new Date(Date.now() - 86_400_000);
const filters: [string, RunFilter][] = [
  ['no filter', {}],
  ['statuses', { statuses: ['failed', 'running'] }],
  ['a status no run has', { statuses: ['cancelled'] }],
  ['outcomes', { outcomes: ['with_row_errors', 'partial'] }],
  ['triggers', { triggers: ['schedule'] }],
  ['kinds', { kinds: ['full_resync'] }],
  ['with errors', { hasErrors: true }],
  ['without errors', { hasErrors: false }],
  ['error rate', { minErrorRate: 0.01 }],
  ['duration', { minDurationSeconds: 30 }],
  ['times', { startedAfter: dayAgo, startedBefore: new Date() }],
  [
    'all of them',
    {
      statuses: ['completed'],
      outcomes: ['with_row_errors'],
      triggers: ['api'],
      kinds: ['normal'],
      hasErrors: true,
      minErrorRate: 0.01,
      minDurationSeconds: 20,
      startedBefore: new Date(),
    },
  ],
];

describe.each(scopes)('runs of %s', (scope) => {
  test.each(filters)('filtered by %s, in every order', async (_, filter) => {
    // Where all that match have refused no row, that order is of ids alone: any index of them is walked, up to the limit.
    const told = orders.filter(({ by }) => by !== 'rows_failed' || filter.hasErrors !== false);
    for (const order of told) {
      const list = listOf(scope, filter, order);
      for (const page of [1, 5]) await expectKeyed(() => runsOnPage(knex, list, { page, perPage: 20 }));
      await expectKeyed(() => runsFrom(knex, list, start, 20));
      const { last } = await runsFrom(knex, list, start, 20);
      for (const way of ['after', 'before'] as const)
        await expectKeyed(() => runsFrom(knex, list, { way, mark: last }, 20));
    }
  });
});

test('runs of some syncs', async () => {
  const syncIds = [history.usualSync, 'sync_h00000003', 'sync_h00000004'];
  for (const order of orders) {
    const list = listOf('all syncs', { syncIds }, order);
    await expectKeyed(() => runsOnPage(knex, list, { page: 2, perPage: 20 }));
    await expectKeyed(() => runsFrom(knex, list, start, 20));
  }
});

const countedOnes = ['error rate', 'duration', 'times', 'all of them'];

test.each(['a busy sync', 'all syncs'] as const)(
  'totals of %s narrowed by words read no run, others an index alone',
  async (scope) => {
    for (const [name, filter] of filters) {
      const sent = await sentBy(knex, () =>
        runsOnPage(knex, listOf(scope, filter), { page: 1, perPage: 20 }),
      );
      const totals = sent.filter(({ sql }) => sql.includes('total'));
      expect(totals).toHaveLength(1);
      for (const statement of totals) {
        const plan = await planOf(explainer, statement);
        const scans = plan.filter((node) => node['Relation Name'] === 'runs');
        if (!countedOnes.includes(name)) expect([name, scans]).toEqual([name, []]);
        // A span of time of one sync is found by a narrow index, and its rows by that.
        else if (scope === 'all syncs' || name !== 'times')
          expect(scans.map((node) => node['Node Type'])).toEqual(['Index Only Scan']);
      }
    }
  },
);

test('the total of a list narrowed by words is read from a handful of rows', async () => {
  for (const scope of scopes) {
    const filter: RunFilter = { statuses: ['completed'], hasErrors: true };
    const sent = await sentBy(knex, () => runsOnPage(knex, listOf(scope, filter), { page: 1, perPage: 20 }));
    const [statement] = sent.filter(({ sql }) => sql.includes('run_totals'));
    expect(statement && (await rowsRead(statement, ['run_totals', 'run_total_changes']))).toBeLessThan(20);
  }
});

const perPage = 20;
// The page, the run that tells whether there are more, and each of them once more for what is shown of it.
const atMost = 2 * (perPage + 1);

describe.each(['a busy sync', 'all syncs'] as const)('a walk through %s', (scope) => {
  const walked = orders.filter(({ by }) => by === 'queued_at' || by === 'started_at');

  test.each(walked.map((order) => [order.by, order.descending ? 'falling' : 'rising', order] as const))(
    'by %s, %s, reads at any depth what it shows and no more',
    async (_by, _direction, order) => {
      const list = listOf(scope, {}, order);
      const total = scope === 'all syncs' ? 40_000 : 8_000;
      for (const depth of [perPage, total / 2, total - 2 * perPage]) {
        const { last } = await runsFrom(knex, list, start, depth);
        for (const way of ['after', 'before'] as const) {
          const [statement, ...more] = await sentBy(knex, () =>
            runsFrom(knex, list, { way, mark: last }, perPage),
          );
          expect(more).toEqual([]);
          expect(statement && (await rowsRead(statement))).toBeLessThanOrEqual(atMost);
        }
      }
    },
  );
});

test('what is counted as read is what is read: a numbered page at depth reads all before it', async () => {
  const deep = () => runsOnPage(knex, listOf('all syncs'), { page: 1_000, perPage });
  const [statement] = (await sentBy(knex, deep)).filter(({ sql }) => sql.includes('offset'));
  expect(statement && (await rowsRead(statement))).toBeGreaterThanOrEqual(20_000);
});

test('the runs of a day are found by their time, however long the history is', async () => {
  const day = listOf('all syncs', { startedAfter: dayAgo, hasErrors: true });
  const sent = await sentBy(knex, () => runsOnPage(knex, day, { page: 1, perPage }));
  const [counting] = sent.filter(({ sql }) => sql.includes('count('));
  // 1,440 minutes of 40,000.
  expect(counting && (await rowsRead(counting))).toBeLessThanOrEqual(1_441);
});
