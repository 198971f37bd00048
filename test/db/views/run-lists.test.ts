// Lists of runs on real PostgreSQL: pages, walks forwards and walks backwards are one and the same order, also where many
// runs are equal in what they are sorted by and where they differ by microseconds.
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { type RunList, runsFrom, runsOnPage } from '../../../db/views/run-history-view';
import { type RunMark, type RunOrder, runSortKeys } from '../../../db/views/run-list/run-order';
import type { WalkPlace } from '../../../db/page';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
let syncs: StoredSync[];

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 4 });
  const { id: workspaceId } = await aWorkspace(knex);
  syncs = [await aSync(knex, { workspaceId }), await aSync(knex, { workspaceId })];
  // Few times, durations and counts for many runs: each is shared, in no order that another one has.
  for (let number = 0; number < 44; number += 1) {
    const sync = syncs[number % 3 === 0 ? 1 : 0];
    await aRun(knex, {
      ...(sync && { sync }),
      status: (['completed', 'failed', 'cancelled', 'running', 'queued'] as const)[number % 5] ?? 'queued',
      startedAt: new Date(Date.UTC(2025, 1, 1 + ((number * 7) % 4))),
      durationSeconds: (number * 5) % 3,
      counts: number % 5 < 3 ? { created: 9, failed: (number * 3) % 4 } : {},
    });
  }
  await knex.raw(
    `UPDATE runs SET queued_at = queued_at - (n % 3) * interval '1 microsecond',
       started_at = started_at + (n % 4) * interval '1 microsecond', completed_at = completed_at + (3 + n % 5) * interval '1 microsecond'
     FROM (SELECT id, row_number() OVER (ORDER BY id) AS n FROM runs) numbered WHERE numbered.id = runs.id AND status <> 'queued'`,
  );
  // Of another workspace: in none of the lists.
  await aRun(knex);
});

afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const scopes = ['a sync', 'all syncs'] as const;
const orders = runSortKeys.flatMap((by): RunOrder[] => [
  { by, descending: true },
  { by, descending: false },
]);
const cases = scopes.flatMap((scope) =>
  orders.map((order) => [scope, order.descending ? 'falling' : 'rising', order.by, order] as const),
);

function listOf(scope: (typeof scopes)[number], order: RunOrder): RunList {
  const [sync] = syncs;
  if (!sync) throw new Error('there is no sync');
  return { workspaceId: sync.workspaceId, syncId: scope === 'a sync' ? sync.id : null, filter: {}, order };
}

/** The order in plain SQL, over the whole table at once. */
async function expectedOrder({ workspaceId, syncId, order }: RunList): Promise<string[]> {
  const value = {
    queued_at: syncId === null ? 'queued_at' : 'queue_no',
    started_at: 'CASE WHEN started_at IS NULL THEN queued_at ELSE started_at END',
    duration: `CASE WHEN started_at IS NULL OR completed_at IS NULL THEN -1 ELSE extract(epoch FROM completed_at - started_at) END`,
    rows_failed: 'rows_failed',
  }[order.by];
  const direction = order.descending ? 'DESC' : 'ASC';
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `SELECT id FROM runs WHERE workspace_id = ? AND (?::text IS NULL OR sync_id = ?)
     ORDER BY ${value} ${direction}, ${syncId === null ? 'id' : 'queue_no'} ${direction}`,
    [workspaceId, syncId, syncId],
  );
  return rows.map(({ id }) => id);
}

async function walk(list: RunList, way: 'after' | 'before', most: number): Promise<string[]> {
  const seen: string[] = [];
  let place: WalkPlace<RunMark> | null = { way, mark: null };
  while (place) {
    const stretch: Awaited<ReturnType<typeof runsFrom>> = await runsFrom(knex, list, place, most);
    const ids = stretch.rows.map(({ id }) => id);
    if (way === 'after') seen.push(...ids);
    else seen.unshift(...ids);
    place = stretch.hasMore ? { way, mark: way === 'after' ? stretch.last : stretch.first } : null;
  }
  return seen;
}

test.each(cases)('%s, %s by %s', async (scope, _direction, _by, order) => {
  const list = listOf(scope, order);
  const expected = await expectedOrder(list);
  expect(expected.length).toBeGreaterThan(20);
  for (const most of [1, 7, 100]) {
    expect(await walk(list, 'after', most)).toEqual(expected);
    expect(await walk(list, 'before', most)).toEqual(expected);
  }
  const pages = [];
  for (let page = 1; page <= 7; page += 1) pages.push(await runsOnPage(knex, list, { page, perPage: 7 }));
  expect(pages.flatMap(({ rows }) => rows.map(({ id }) => id))).toEqual(expected);
  expect(pages.map(({ total }) => total)).toEqual(Array(7).fill(expected.length));
});

test('a walk from a run that has gone goes on with its neighbours', async () => {
  const list = listOf('all syncs', { by: 'started_at', descending: true });
  const expected = await expectedOrder(list);
  const { last } = await runsFrom(knex, list, { way: 'after', mark: null }, 10);
  const gone = await knex('runs').where({ id: expected[9] }).first();
  await knex('run_phases').where({ run_id: gone.id }).delete();
  await knex('runs').where({ id: gone.id }).delete();
  const idsFrom = async (way: 'after' | 'before'): Promise<string[]> =>
    (await runsFrom(knex, list, { way, mark: last }, 9)).rows.map(({ id }) => id);
  expect(await idsFrom('after')).toEqual(expected.slice(10, 19));
  expect(await idsFrom('before')).toEqual(expected.slice(0, 9));
});

test('an empty list has no marks and nothing more', async () => {
  const list: RunList = {
    ...listOf('all syncs', { by: 'duration', descending: true }),
    filter: { syncIds: [] },
  };
  const nothing = { rows: [], first: null, last: null, hasMore: false };
  for (const way of ['after', 'before'] as const) {
    expect(await runsFrom(knex, list, { way, mark: null }, 5)).toEqual(nothing);
  }
  expect(await runsOnPage(knex, list, { page: 1, perPage: 5 })).toEqual({ rows: [], total: 0 });
});
