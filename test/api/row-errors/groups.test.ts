// Groups of a run's row errors: by message without its values, counted, with samples, and where else they were seen.
import type { StoredSync } from '../../../db/configuration/sync-store';
import { aRowError, closeGroups, type RowErrorOverrides, someRowErrors } from '../../factories/a-row-error';
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = (): Promise<StoredSync> => aSync(api.knex, { workspaceId: api.workspaceId });
const groupsOf = (run: MadeRun, query = '') =>
  api.get(`/api/v1/syncs/${run.syncId}/runs/${run.id}/errors/groups${query}`);

async function anEndedRun(
  sync: StoredSync,
  errors: readonly RowErrorOverrides[],
  day = 15,
): Promise<MadeRun> {
  const run = await aRun(api.knex, { sync, startedAt: new Date(Date.UTC(2025, 0, day, 9)) });
  await someRowErrors(api.knex, run, errors);
  await closeGroups(api.knex, run);
  return run;
}

const tooLong = (n: number): RowErrorOverrides => ({
  rowId: `usr_${n}`,
  field: 'Name',
  message: `"value ${n}" exceeds max length (255)`,
  code: 'TOO_LONG',
});

test('row errors that differ in their values alone are one group, the largest first', async () => {
  const errors = [{ rowId: 'other' }, { rowId: null }, ...Array.from({ length: 10 }, (_, n) => tooLong(n))];
  const run = await anEndedRun(await ownSync(), errors);
  const { status, body } = await groupsOf(run);
  expect(status).toBe(200);
  expect(body).toEqual({
    data: [
      {
        id: expect.stringMatching(/^[0-9a-f]{14}$/),
        message: '"<value>" exceeds max length (<number>)',
        field: 'Name',
        code: 'TOO_LONG',
        origin: 'destination',
        count: 10,
        share: 0.833333,
        sample_message: '"value 0" exceeds max length (255)',
        sample_row_ids: ['usr_0', 'usr_1', 'usr_2', 'usr_3', 'usr_4'],
        first_seen: { run_id: run.id, started_at: '2025-01-15T09:00:00Z' },
        last_seen: { run_id: run.id, started_at: '2025-01-15T09:00:00Z' },
        new_in_this_run: true,
      },
      expect.objectContaining({ message: 'Invalid email format', count: 2, sample_row_ids: ['other'] }),
    ],
    pagination: { page: 1, per_page: 20, total: 2 },
    total_errors: 12,
    ungrouped_errors: 0,
  });
});

test('field, code and origin tell groups apart; what was to be done with the row does not', async () => {
  const run = await anEndedRun(await ownSync(), [
    { operation: 'create' },
    { operation: 'update' },
    { field: 'Phone' },
    { field: null },
    { code: 'OTHER' },
    { origin: 'source', operation: 'none' },
  ]);
  const { body } = await groupsOf(run);
  expect(body.data.map(({ count }: { count: number }) => count)).toEqual([2, 1, 1, 1, 1]);
  expect(new Set(body.data.map(({ id }: { id: string }) => id)).size).toBe(5);
});

test('a group says in which runs of its sync it came first and last, and whether it is new', async () => {
  const sync = await ownSync();
  await anEndedRun(await ownSync(), [tooLong(1), {}], 1);
  const first = await anEndedRun(sync, [{}], 10);
  const second = await anEndedRun(sync, [{}, tooLong(1)], 11);
  const third = await anEndedRun(sync, [tooLong(2)], 12);
  const told = async (run: MadeRun) =>
    Object.fromEntries(
      (await groupsOf(run)).body.data.map((group: Record<string, Record<string, string>>) => [
        group['field'],
        [group['first_seen']?.['run_id'], group['last_seen']?.['run_id'], group['new_in_this_run']],
      ]),
    );
  expect(await told(first)).toEqual({ Email: [first.id, second.id, true] });
  expect(await told(second)).toEqual({
    Email: [first.id, second.id, false],
    Name: [second.id, third.id, true],
  });
  expect(await told(third)).toEqual({ Name: [second.id, third.id, false] });

  // One that goes on has no groups stored, and is the last.
  const running = await aRun(api.knex, {
    sync,
    status: 'running',
    startedAt: new Date('2025-01-13T09:00:00Z'),
  });
  await someRowErrors(api.knex, running, [{}, { field: 'Fax' }]);
  expect(await told(running)).toEqual({
    Email: [first.id, running.id, false],
    Fax: [running.id, running.id, true],
  });
  await aRowError(api.knex, running);
  expect((await groupsOf(running)).body).toMatchObject({
    total_errors: 3,
    data: [{ count: 2 }, { count: 1 }],
  });
});

test('past a thousand groups the rest is counted, and listed and searched row by row', async () => {
  const words = [
    'alpha',
    'beta',
    'gamma',
    'delta',
    'epsilon',
    'zeta',
    'eta',
    'theta',
    'iota',
    'kappa',
    'lambda',
  ];
  const errors = words.flatMap((a) =>
    words.flatMap((b) => words.map((c) => ({ message: `${a} ${b} ${c}` }))),
  );
  const run = await anEndedRun(await ownSync(), [...errors, { message: errors[0]?.message ?? '' }]);
  const { body } = await groupsOf(run, '?per_page=100&page=10');
  expect(body).toMatchObject({ pagination: { total: 1_000 }, total_errors: 1_332, ungrouped_errors: 331 });
  expect(body.data).toHaveLength(100);
  expect((await groupsOf(run, '?per_page=100&page=11')).body.data).toEqual([]);
  expect((await groupsOf(run)).body.data[0]).toMatchObject({ count: 2 });
  const path = `/api/v1/syncs/${run.syncId}/runs/${run.id}/errors`;
  for (const [query, total] of [
    ['', 1_332],
    ['?q=LAMBDA%20lambda', 21],
    ['?field=Email', 1_332],
    ['?field=Phone', 0],
  ] as const) {
    expect((await api.get(path + query)).body.total_errors).toBe(total);
  }
});

test('a run without row errors has no groups', async () => {
  const { body } = await groupsOf(await anEndedRun(await ownSync(), []));
  expect(body).toMatchObject({ data: [], pagination: { total: 0 }, total_errors: 0, ungrouped_errors: 0 });
});
