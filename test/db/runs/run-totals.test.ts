// How many runs there are is told without counting them, and is what counting gives: at any moment, whatever comes, changes,
// goes, is undone or folded side by side.
import fc from 'fast-check';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import * as runTotals from '../../../db/migrations/0021-run-totals';
import { beginRemovals } from '../../../db/runs/begin-removals';
import { continueRemovals } from '../../../db/runs/continue-removals';
import { foldRunTotals } from '../../../db/runs/fold-run-totals';
import { measures } from '../../../db/views/metrics-view';
import { type RunList, runsOnPage } from '../../../db/views/run-history-view';
import { narrow, type RunFilter } from '../../../db/views/run-list/run-filter';
import { newestFirst } from '../../../db/views/run-list/run-order';
import { runKinds, runStatuses, runTriggers } from '../../../domain/run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { randomCases } from '../../support/cases';
import { createTestDatabase, type TestDatabase } from '../../support/database';

type Sync = Awaited<ReturnType<typeof aSync>>;

const { options, limitMs } = randomCases(8);
jest.setTimeout(limitMs);

let database: TestDatabase;
let knex: Knex;
let syncs: Sync[];
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
  const { id: workspaceId } = await aWorkspace(knex);
  syncs = [await aSync(knex, { workspaceId }), await aSync(knex, { workspaceId }), await aSync(knex)];
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const filters: RunFilter[] = [
  {},
  ...runStatuses.map((status): RunFilter => ({ statuses: [status] })),
  { statuses: ['queued', 'running'] },
  { outcomes: ['clean', 'with_row_errors'] },
  { triggers: ['schedule'] },
  { kinds: ['full_resync', 'dry_run'] },
  { hasErrors: true },
  { hasErrors: false, statuses: ['completed'] },
  { minErrorRate: 0.2 },
];

function lists(): RunList[] {
  const [one, other, foreign] = syncs;
  if (!one || !other || !foreign) throw new Error('there are no syncs');
  const { workspaceId } = one;
  return filters.flatMap((filter): RunList[] => [
    { workspaceId, syncId: null, filter, order: newestFirst },
    { workspaceId, syncId: one.id, filter, order: newestFirst },
    { workspaceId, syncId: null, filter: { ...filter, syncIds: [one.id, other.id] }, order: newestFirst },
    // Of a sync of another workspace there is nothing to see.
    { workspaceId, syncId: null, filter: { ...filter, syncIds: [foreign.id] }, order: newestFirst },
    { workspaceId: foreign.workspaceId, syncId: null, filter, order: newestFirst },
  ]);
}

const words = 'status, outcome, trigger, kind, has_errors';

/** Compares what is written down, of syncs and of workspaces, with what counting gives: in one statement, as of one moment. */
async function expectExact(): Promise<void> {
  const { rows } = await knex.raw<{ rows: object[] }>(
    `WITH counted AS (
       SELECT workspace_id, sync_id, ${words}, count(*) AS runs
       FROM (SELECT *, rows_failed > 0 AS has_errors FROM runs) r
       GROUP BY GROUPING SETS ((workspace_id, sync_id, ${words}), (workspace_id, ${words}))),
     told AS (
       SELECT workspace_id, sync_id, ${words}, sum(runs) AS runs FROM (
         SELECT workspace_id, sync_id, ${words}, runs FROM run_totals
         UNION ALL SELECT workspace_id, sync_id, ${words}, runs FROM run_total_changes
         UNION ALL SELECT workspace_id, NULL, ${words}, runs FROM run_total_changes) both_of_them
       GROUP BY 1, 2, ${words} HAVING sum(runs) <> 0)
     (TABLE counted EXCEPT TABLE told) UNION ALL (TABLE told EXCEPT TABLE counted)`,
  );
  expect(rows).toEqual([]);
}

async function expectListed(list: RunList): Promise<void> {
  const { total } = await runsOnPage(knex, list, { page: 1, perPage: 1 });
  const counting = knex('runs').where({ workspace_id: list.workspaceId });
  if (list.syncId !== null) void counting.where({ sync_id: list.syncId });
  narrow(counting, list.filter);
  const [counted] = await counting.count<{ n: number }[]>({ n: '*' });
  expect([list, total]).toEqual([list, counted?.n]);
}

const acts = ['come', 'come many', 'start', 'end', 'go', 'fold', 'fold few', 'look'] as const;
const step = fc.record({
  act: fc.constantFrom(...acts),
  sync: fc.nat(2),
  pick: fc.nat(0xffff),
  /** Whether the transaction is undone. */
  undone: fc.integer({ min: 0, max: 3 }).map((n) => n === 0),
});
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

class UndoneError extends Error {}

async function take({ act, sync: number, pick, undone }: Step): Promise<void> {
  const sync = syncs[number] as Sync;
  if (act === 'look') return expectExact();
  const changes: Record<Exclude<typeof act, 'look'>, (trx: Knex.Transaction) => Promise<unknown>> = {
    come: (trx) => come(trx, sync, pick),
    'come many': async (trx) => {
      for (let more = 0; more < 4; more += 1) await come(trx, sync, pick + more * 7);
    },
    start: (trx) =>
      trx.raw(
        `UPDATE runs SET status = 'running', started_at = queued_at, sync_version = 1, model_version = 1
         WHERE id IN (SELECT id FROM runs WHERE sync_id = ? AND status = 'queued' ORDER BY id LIMIT 2 FOR UPDATE SKIP LOCKED)`,
        [sync.id],
      ),
    end: (trx) =>
      trx.raw(
        `UPDATE runs SET status = 'completed', completed_at = now(), outcome = CASE ?::int WHEN 0 THEN 'clean' ELSE 'with_row_errors' END,
           rows_processed = 4, rows_failed = ?::int, rows_created = 4 - ?::int
         WHERE id IN (SELECT id FROM runs WHERE sync_id = ? AND status = 'running' ORDER BY id LIMIT 3 FOR UPDATE SKIP LOCKED)`,
        [pick % 3, pick % 3, pick % 3, sync.id],
      ),
    go: async (trx) => {
      const gone = await trx('runs')
        .where({ sync_id: sync.id })
        .orderBy('queue_no')
        .limit(1 + (pick % 4))
        .forUpdate()
        .skipLocked()
        .pluck('id');
      await trx('run_phases').whereIn('run_id', gone).delete();
      await trx('runs').whereIn('id', gone).delete();
    },
    fold: (trx) => foldRunTotals(trx),
    'fold few': (trx) => foldRunTotals(trx, 1 + (pick % 3)),
  };
  await knex
    .transaction(async (trx) => {
      await changes[act](trx);
      if (undone) throw new UndoneError();
    })
    .catch((error: unknown) => {
      if (!(error instanceof UndoneError)) throw error;
    });
}

async function come(trx: Knex.Transaction, sync: Sync, pick: number): Promise<void> {
  // As the queue does it: places are given under the sync's lock.
  await trx('syncs').where({ id: sync.id }).forNoKeyUpdate().select('id');
  await aRun(trx, {
    sync,
    status: runStatuses[pick % runStatuses.length] ?? 'queued',
    trigger: runTriggers[pick % runTriggers.length] ?? 'api',
    kind: pick % 4 === 0 ? (runKinds[pick % runKinds.length] ?? 'normal') : 'normal',
  });
}

test('whatever happens side by side, every total is what counting gives, meanwhile and afterwards', async () => {
  const lanes = fc.array(fc.array(step, { minLength: 1, maxLength: 8 }), { minLength: 2, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(lanes, async (sideBySide) => {
      await Promise.all(
        sideBySide.map(async (steps) => {
          for (const one of steps) await take(one);
        }),
      );
      await expectExact();
      while ((await foldRunTotals(knex)) > 0);
      await expectExact();
    }),
    { ...options, endOnFailure: true },
  );
});

test('the total of a list is what counting gives, however it is narrowed, folded and not', async () => {
  const [one, other] = syncs as [Sync, Sync];
  for (let pick = 0; pick < 30; pick += 1)
    await knex.transaction((trx) => come(trx, pick % 2 === 0 ? one : other, pick));
  for (const list of lists()) await expectListed(list);
  await foldRunTotals(knex, 7);
  for (const list of lists()) await expectListed(list);
});

test('no change of a run waits for another one, nor for a fold', async () => {
  const [sync] = syncs as [Sync];
  await knex.transaction(async (first) => {
    await come(first, sync, 0);
    await foldRunTotals(first);
    // Another sync's, of the same workspace and with the same words, while the first one is open.
    await knex.transaction((second) => come(second, syncs[1] as Sync, 0));
  });
  await expectExact();
});

test('removals are counted, and the measures tell the same', async () => {
  const sync = await aSync(knex);
  const old = { sync, startedAt: new Date('2025-01-01T00:00:00Z') };
  for (let run = 0; run < 5; run += 1) await aRun(knex, old);
  const list: RunList = {
    workspaceId: sync.workspaceId,
    syncId: sync.id,
    filter: { statuses: ['completed'] },
    order: newestFirst,
  };
  expect((await runsOnPage(knex, list, { page: 1, perPage: 1 })).total).toBe(5);
  expect((await beginRemovals(knex, 'run', 30)).length).toBeGreaterThanOrEqual(4);
  while (await continueRemovals(knex));
  expect((await runsOnPage(knex, list, { page: 1, perPage: 1 })).total).toBe(1);
  const { rows } = await knex.raw<{ rows: object[] }>(
    'SELECT status, outcome, count(*) AS count FROM runs GROUP BY 1, 2 ORDER BY 1, 2',
  );
  const { runs } = await measures(knex);
  expect(new Set(runs)).toEqual(new Set(rows));
});

test('runs from before there were totals are counted when these are made', async () => {
  const before = await runsOnPage(knex, lists()[0] as RunList, { page: 1, perPage: 1 });
  expect(before.total).toBeGreaterThan(0);
  await knex.transaction(async (trx) => {
    await runTotals.down(trx);
    await runTotals.up(trx);
  });
  await expectExact();
});
