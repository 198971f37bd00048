// Listing a run's row errors: the product page's keys and paging, filters, walks, links.
import { aRowError, closeGroups, someRowErrors } from '../../factories/a-row-error';
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { blocksWith, cutNextGroup } from '../../../db/ledger/row-error-blocks';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = (): Promise<StoredSync> => aSync(api.knex, { workspaceId: api.workspaceId });
const pathOf = (run: MadeRun) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;

test('row errors have the product page’s keys first, in the order the rows were read', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  await aRowError(api.knex, run, {
    rowNo: 456,
    rowId: 'usr_456',
    field: 'LastName',
    message: 'Required field is null',
    rawValue: null,
  });
  await aRowError(api.knex, run, { rowNo: 123 });
  const { status, body } = await api.get(`${pathOf(run)}/errors`);
  expect(status).toBe(200);
  expect(Object.keys(body)).toEqual(['data', 'total_errors', 'page', 'per_page']);
  expect(body).toMatchObject({ total_errors: 2, page: 1, per_page: 100 });
  const [first, second] = body.data;
  const entries = Object.entries(first).slice(0, 4);
  expect(entries).toEqual([
    ['row_id', 'usr_123'],
    ['field', 'Email'],
    ['message', 'Invalid email format'],
    ['raw_value', 'not-an-email'],
  ]);
  expect(second).toEqual({
    row_id: 'usr_456',
    field: 'LastName',
    message: 'Required field is null',
    raw_value: null,
    code: 'INVALID_EMAIL_ADDRESS',
    origin: 'destination',
    operation: 'update',
  });
});

test('row errors are filtered by field, code, row and text, and paged up to 1,000', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  await aRowError(api.knex, run, { rowId: 'a', field: 'Email', message: '100% wrong', code: 'E1' });
  await aRowError(api.knex, run, { rowId: 'b', field: 'Email', message: '1000 wrong', code: 'E2' });
  await aRowError(api.knex, run, { rowId: 'c', field: null, message: 'Back\\slash_', code: 'E2' });
  const found = async (query: string) => {
    const { body } = await api.get(`${pathOf(run)}/errors?${query}`);
    expect(body.total_errors).toBe(body.data.length);
    return body.data.map((error: { row_id: string }) => error.row_id).join('');
  };
  expect(await found('field=Email')).toBe('ab');
  expect(await found('code=E2')).toBe('bc');
  expect(await found('row_id=c')).toBe('c');
  expect(await found('q=100%25')).toBe('a');
  expect(await found('q=WRONG')).toBe('ab');
  expect(await found('q=slash_')).toBe('c');
  expect(await found('q=%5C')).toBe('c');
  expect(await found('field=Email&code=E2')).toBe('b');
  expect(await found('code=E2&q=zzz')).toBe('');
  const second = await api.get(`${pathOf(run)}/errors?page=2&per_page=2`);
  expect(second.body).toMatchObject({ total_errors: 3, page: 2, per_page: 2, data: [{ row_id: 'c' }] });
  expect((await api.get(`${pathOf(run)}/errors?per_page=1000`)).status).toBe(200);
  expect((await api.get(`${pathOf(run)}/errors?per_page=1001`)).status).toBe(400);
});

// Ten thousand, of some kinds that lie in long stretches, some that are mixed and one that comes once.
const many = Array.from({ length: 10_000 }, (_, n) => ({
  rowId: `usr_${n}`,
  field: n % 3 === 0 ? 'Email' : 'Phone',
  message:
    n === 7_003 ? 'Only once' : n < 4_500 ? `The value "${n}" is too long (255)` : `usr_${n} is not known`,
  code: n % 7 === 0 ? 'E1' : 'E2',
  origin: n % 100 === 0 ? ('source' as const) : ('destination' as const),
  operation: n % 100 === 0 ? ('none' as const) : n % 2 === 0 ? ('create' as const) : ('update' as const),
}));
const matches: Record<string, (error: (typeof many)[number]) => boolean> = {
  '': () => true,
  'field=Email': ({ field }) => field === 'Email',
  'field=Fax': () => false,
  'code=E1&origin=source': ({ code, origin }) => code === 'E1' && origin === 'source',
  'operation=create': ({ operation }) => operation === 'create',
  'operation=none': ({ operation }) => operation === 'none',
  'operation=delete': () => false,
  'q=too%20LONG': ({ message }) => message.includes('too long'),
  'q=known&operation=update': ({ message, operation }) => message.endsWith('known') && operation === 'update',
  // Within a value, and over its edge.
  'q=8123': ({ message }) => message.includes('8123'),
  'q=%2212%22%20is': ({ message }) => message.includes('"12" is'),
  'q=USR_7003': () => false,
  'q=USR_5678%20IS&code=E2': ({ rowId, code }) => rowId === 'usr_5678' && code === 'E2',
  'q=99': ({ message }) => message.includes('99'),
  'q=123': ({ message }) => message.includes('123'),
  'q="45': ({ message }) => message.includes('"45'),
  'q=only%20once': ({ message }) => message === 'Only once',
  'q=o': ({ message }) => message.toLowerCase().includes('o'),
  'row_id=usr_7003': ({ rowId }) => rowId === 'usr_7003',
  'row_id=usr_7003&field=Fax': () => false,
};

describe('ten thousand row errors', () => {
  let withGroups: MadeRun;
  let cut: MadeRun;
  let without: MadeRun;
  beforeAll(async () => {
    const sync = await ownSync();
    [withGroups, cut, without] = [
      await aRun(api.knex, { sync }),
      await aRun(api.knex, { sync }),
      await aRun(api.knex, { sync }),
    ];
    for (const run of [withGroups, cut, without]) await someRowErrors(api.knex, run, many);
    for (const run of [withGroups, cut]) await closeGroups(api.knex, run);
    await api
      .knex('row_error_groups')
      .where({ run_id: cut.id })
      .whereLike('message', '%<%')
      .update({ blocks: 'due' });
    while (await cutNextGroup(api.knex));
  });

  test.each(Object.entries(matches))(
    '?%s is answered alike from groups, from blocks and row by row, and exactly',
    async (query, isMatch) => {
      const expected = many.filter(isMatch).map(({ rowId }) => rowId);
      for (const run of [withGroups, cut, without]) {
        for (const [page, perPage] of [
          [1, 20],
          [3, 7],
          [2, 1_000],
        ] as const) {
          const { body } = await api.get(
            `${pathOf(run)}/errors?${query}&page=${page}&per_page=${perPage}`.replace('?&', '?'),
          );
          expect(body.total_errors).toBe(expected.length);
          expect(body.data.map(({ row_id }: { row_id: string }) => row_id)).toEqual(
            expected.slice((page - 1) * perPage, page * perPage),
          );
        }
      }
    },
  );

  test.each(['', 'field=Email&q=o', 'q=99', 'operation=none'])(
    'a walk through ?%s meets every row error once, forwards and back',
    async (query) => {
      const expected = many.filter(
        matches[query] ?? ((error) => error.field === 'Email' && error.message.includes('o')),
      );
      const ids = expected.map(({ rowId }) => rowId);
      const path = `${pathOf(withGroups)}/errors`;
      const perPage =
        Math.ceil(expected.length / 4) > 1_000 ? 1_000 : Math.max(1, Math.floor(expected.length / 4));
      const seen: string[][] = [];
      let cursor: string | null = '*';
      let last = '';
      while (cursor !== null) {
        const { status, body }: ApiAnswer = await api.get(
          `${path}?${query}&per_page=${perPage}&cursor=${cursor}`.replace('?&', '?'),
        );
        expect([status, Object.keys(body)]).toEqual([200, ['data', 'pagination']]);
        seen.push(body.data.map(({ row_id }: { row_id: string }) => row_id));
        last = body.pagination.prev_cursor ?? last;
        cursor = body.pagination.next_cursor;
      }
      expect(seen.flat()).toEqual(ids);
      expect(seen.length).toBeGreaterThan(1);
      const back = await api.get(`${path}?${query}&per_page=${perPage}&cursor=${last}`.replace('?&', '?'));
      expect(back.body.data.map(({ row_id }: { row_id: string }) => row_id)).toEqual(seen.at(-2));
    },
  );

  test('blocks leave most messages unread', async () => {
    const blocks = await api.knex('row_error_blocks').where({ run_id: cut.id });
    expect(blocks.length).toBeGreaterThan(39);
    const groupIds = [...new Set(blocks.map(({ group_id }) => group_id as number))];
    const found = await blocksWith(api.knex, cut.id, groupIds, many.length, 'usr_5678');
    expect(found?.firsts.length).toBeGreaterThan(0);
    expect(found?.firsts.length).toBeLessThan(5);
    // Too short to tell, and in all of them.
    expect(await blocksWith(api.knex, cut.id, groupIds, many.length, '234')).toBeNull();
    expect(await blocksWith(api.knex, cut.id, groupIds, many.length, 'not known')).toBeNull();
  });

  test('the row errors of a group are listed by its id, stored or not', async () => {
    const { body } = await api.get(`${pathOf(withGroups)}/errors/groups`);
    const [largest] = body.data;
    for (const run of [withGroups, cut, without]) {
      const list = await api.get(`${pathOf(run)}/errors?group=${largest.id}&per_page=5`);
      expect(list.body.total_errors).toBe(largest.count);
      for (const error of list.body.data) {
        expect(error).toMatchObject({ field: largest.field, code: largest.code, origin: largest.origin });
      }
    }
    expect((await api.get(`${pathOf(withGroups)}/errors?group=${'0'.repeat(14)}`)).body.total_errors).toBe(0);
    expect((await api.get(`${pathOf(withGroups)}/errors?group=xyz`)).status).toBe(400);
  });

  test('a cursor is good for its run and filters alone, and as it was given', async () => {
    const path = `${pathOf(withGroups)}/errors`;
    const { body } = await api.get(`${path}?field=Email&cursor=*`);
    const cursor: string = body.pagination.next_cursor;
    const refused = [
      `${path}?field=Phone&cursor=${cursor}`,
      `${path}?cursor=${cursor}`,
      `${pathOf(without)}/errors?field=Email&cursor=${cursor}`,
      `${path}?field=Email&cursor=${cursor.slice(0, -1)}`,
      `${path}?field=Email&cursor=${cursor.slice(0, 10)}${cursor[10] === 'A' ? 'B' : 'A'}${cursor.slice(11)}`,
      `${path}?field=Email&cursor=${Buffer.from('100').toString('base64url')}`,
    ];
    for (const asked of refused)
      expect(await api.get(asked)).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
    expect((await api.get(`${path}?field=Email&page=2&cursor=${cursor}`)).status).toBe(400);
    expect((await api.get(`${path}?field=Email&per_page=5&cursor=${cursor}`)).body.data).toHaveLength(5);
  });

  test('pages are linked to their neighbours, filters kept', async () => {
    const path = `${pathOf(withGroups)}/errors`;
    const linksOf = async (asked: string) => {
      const { headers } = await api.get(asked);
      const found = (headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g);
      return Object.fromEntries([...found].map(([, address, relation]) => [relation, address]));
    };
    const first = await linksOf(`${path}?q=too%20long&per_page=1000`);
    expect(first['prev']).toBeUndefined();
    expect(first['next']).toBe(`${path}?q=too+long&page=2&per_page=1000`);
    const { body } = await api.get(first['next'] ?? '');
    expect(body).toMatchObject({ page: 2, total_errors: 4_500 });
    expect((await linksOf(`${path}?q=too%20long&per_page=1000&page=5`))['next']).toBeUndefined();
    expect((await linksOf(`${path}?q=too%20long&per_page=1000&page=5`))['prev']).toContain('page=4');
  });
});

test('a run that goes on, and one whose row errors are being removed, are read as they are', async () => {
  const sync = await ownSync();
  const running = await aRun(api.knex, { sync, status: 'running' });
  const thinned = await aRun(api.knex, { sync });
  for (const run of [running, thinned]) {
    await someRowErrors(api.knex, run, [{ rowId: 'a' }, { rowId: 'b' }]);
    // Of the running one nobody would have stored them; here they tell whether they are asked.
    await closeGroups(api.knex, run);
    await api.knex('row_errors').where({ run_id: run.id, row_id: 'a' }).delete();
  }
  await api.knex('runs').where({ id: thinned.id }).update({ row_errors_removed_at: new Date() });
  for (const run of [running, thinned]) {
    for (const query of ['', '?q=email', '?field=Email']) {
      const { body } = await api.get(`${pathOf(run)}/errors${query}`);
      expect(body).toMatchObject({ total_errors: 1, data: [{ row_id: 'b' }] });
    }
  }
});

test('row errors that were written before there were groups are found all the same', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  await someRowErrors(api.knex, run, [{ rowId: 'a' }, { rowId: 'b', message: 'Other' }]);
  await api.knex('row_errors').where({ run_id: run.id, row_id: 'a' }).update({ group_id: null });
  await closeGroups(api.knex, run);
  expect((await api.get(`${pathOf(run)}/errors`)).body.total_errors).toBe(2);
  expect((await api.get(`${pathOf(run)}/errors?q=email`)).body).toMatchObject({
    total_errors: 1,
    data: [{ row_id: 'a' }],
  });
});

test('a value of megabytes is cut in lists, and neither HTML nor a terminal’s signs mean anything', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  const message = '<script>alert(1)</script>\u001b[31mred';
  await someRowErrors(api.knex, run, [{ message, rawValue: 'é'.repeat(1_000_000) }]);
  const answer = await fetch(`${api.url}${pathOf(run)}/errors`, {
    headers: { Authorization: `Bearer ${api.token}` },
  });
  const text = await answer.text();
  expect(answer.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(text).not.toContain('\u001b');
  const [error] = JSON.parse(text).data;
  expect(error.message).toBe(message);
  expect(error.raw_value).toBe(`${'é'.repeat(4_000)}…`);
});

test('another workspace’s run answers like one that does not exist, and unknown parameters are refused', async () => {
  const foreign = await aRun(api.knex, { sync: await aSync(api.knex) });
  const missing = { ...foreign, id: 'run_00000000000000000000000000' };
  const other = await aRun(api.knex, { sync: await ownSync() });
  const elsewhere = { ...other, syncId: (await ownSync()).id };
  for (const path of ['errors', 'errors/groups', 'errors/export']) {
    for (const run of [foreign, missing, elsewhere]) {
      expect(await api.get(`${pathOf(run)}/${path}`)).toMatchObject({
        status: 404,
        body: { code: 'not_found' },
      });
    }
    expect((await api.get(`${pathOf(other)}/${path}?nonsense=1`)).status).toBe(400);
    expect((await api.get(`${pathOf(other)}/${path}`, await api.newToken(['write']))).status).toBe(403);
    const { id } = await aWorkspace(api.knex);
    expect((await api.get(`${pathOf(other)}/${path}`, await api.newToken(['read'], id))).status).toBe(404);
  }
});
