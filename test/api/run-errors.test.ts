// Reading a run's row errors and events: the page's keys and paging, filters, order.
import { aRowError } from '../factories/a-row-error';
import { aRun, type MadeRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import type { StoredSync } from '../../db/configuration/sync-store';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = (): Promise<StoredSync> => aSync(api.knex, { workspaceId: api.workspaceId });
const pathOf = (run: MadeRun) => `/api/v1/syncs/${run.syncId}/runs/${run.id}`;

test('row errors have the page’s keys first, in the order the rows were read', async () => {
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
  const second = await api.get(`${pathOf(run)}/errors?page=2&per_page=2`);
  expect(second.body).toMatchObject({ total_errors: 3, page: 2, per_page: 2, data: [{ row_id: 'c' }] });
  expect((await api.get(`${pathOf(run)}/errors?per_page=1000`)).status).toBe(200);
  expect((await api.get(`${pathOf(run)}/errors?per_page=1001`)).status).toBe(400);
});

test('events come oldest first with their details', async () => {
  const run = await aRun(api.knex, { sync: await ownSync() });
  const event = { workspace_id: run.workspaceId, sync_id: run.syncId, run_id: run.id };
  const at = '2025-01-15T08:59:59.123Z';
  await api.knex('run_events').insert({ ...event, at, type: 'run_queued', detail: '{"trigger":"api"}' });
  await api.knex('run_events').insert({ ...event, type: 'run_started' });
  const { body } = await api.get(`${pathOf(run)}/events`);
  expect(body.data.map(({ type }: { type: string }) => type)).toEqual(['run_queued', 'run_started']);
  expect(body.data[0]).toEqual({
    id: expect.any(Number),
    at,
    type: 'run_queued',
    detail: { trigger: 'api' },
  });
});
