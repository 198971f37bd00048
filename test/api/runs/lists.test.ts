// Lists of runs over HTTP: each filter alone and combined, every order, links, and what is across syncs.
import type { StoredSync } from '../../../db/configuration/sync-store';
import { aRun, type MadeRun, type RunOverrides } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';
import { idsOf, linksOf, walkThrough, withQuery } from './walking';

let api: RunningApi;
let syncs: StoredSync[];
// By what makes each of them special, in the order they were queued.
let runs: Record<string, MadeRun>;

const at = (day: number) => new Date(Date.UTC(2025, 1, day));

const made: Record<string, RunOverrides> = {
  clean: { startedAt: at(1), counts: { created: 5 }, trigger: 'api', durationSeconds: 10 },
  noisy: { startedAt: at(2), durationSeconds: 299 },
  failed: { startedAt: at(3), status: 'failed', durationSeconds: 300 },
  dry: { startedAt: at(4), kind: 'dry_run', outcome: 'planned', durationSeconds: 301, trigger: 'manual' },
  oneInAHundred: { startedAt: at(5), counts: { updated: 99, failed: 1 }, durationSeconds: 1 },
  allRefused: { startedAt: at(6), counts: { failed: 7 }, durationSeconds: 2 },
  empty: { startedAt: at(7), counts: {}, durationSeconds: 0 },
  cancelled: { startedAt: at(8), status: 'cancelled', counts: { notAttempted: 3 }, kind: 'full_resync' },
  running: { startedAt: at(9), status: 'running' },
  queued: { startedAt: at(10), status: 'queued' },
};

beforeAll(async () => {
  api = await startApi();
  const own = () => aSync(api.knex, { workspaceId: api.workspaceId });
  syncs = [await own(), await own(), await own()];
  runs = {};
  for (const [name, overrides] of Object.entries(made)) {
    // The first sync has every other one; the last has none.
    const sync = syncs[Object.keys(runs).length % 2];
    runs[name] = await aRun(api.knex, { ...overrides, ...(sync && { sync }) });
  }
  await aRun(api.knex);
});
afterAll(() => api.stop());

const nameOf = (id: string) => Object.entries(runs).find(([, run]) => run.id === id)?.[0] ?? id;

async function found(query: string, path = '/api/v1/runs'): Promise<string[]> {
  const answer = await api.get(`${path}?${query}&per_page=100`);
  expect([query, answer.status]).toEqual([query, 200]);
  expect(answer.body.pagination).toEqual({ page: 1, per_page: 100, total: answer.body.data.length });
  // A walk sees what a page shows.
  expect(await walkThrough(api, `${path}?${query}`, 3)).toEqual(idsOf(answer));
  return idsOf(answer).map(nameOf);
}

const everyone = Object.keys(made).toReversed();
const without = (...names: string[]) => everyone.filter((name) => !names.includes(name));

test.each<[string, string[]]>([
  ['', everyone],
  ['status=failed', ['failed']],
  ['status=running,queued', ['queued', 'running']],
  ['status=completed', without('queued', 'running', 'cancelled', 'failed')],
  ['outcome=clean,planned', ['dry', 'clean']],
  ['outcome=nothing_applied', ['cancelled', 'failed']],
  ['trigger=api', ['clean']],
  ['trigger=api,manual', ['dry', 'clean']],
  ['kind=dry_run', ['dry']],
  ['kind=dry_run,full_resync', ['cancelled', 'dry']],
  ['has_errors=true', ['allRefused', 'oneInAHundred', 'dry', 'noisy']],
  ['has_errors=false', without('allRefused', 'oneInAHundred', 'dry', 'noisy')],
  ['min_error_rate=0', everyone],
  ['min_error_rate=0.000000001', ['allRefused', 'oneInAHundred', 'dry', 'noisy']],
  // 336 of 15,432 are 0.02177…
  ['min_error_rate=0.0217', ['allRefused', 'dry', 'noisy']],
  ['min_error_rate=0.0218', ['allRefused']],
  ['min_error_rate=0.01', ['allRefused', 'oneInAHundred', 'dry', 'noisy']],
  ['min_error_rate=0.010000001', ['allRefused', 'dry', 'noisy']],
  ['min_error_rate=1', ['allRefused']],
  ['min_duration=0', without('queued', 'running')],
  ['min_duration=1', without('queued', 'running', 'empty')],
  ['min_duration=300', ['dry', 'failed']],
  ['min_duration=301', ['dry']],
  ['min_duration=999999999', []],
  ['started_after=2025-02-08T00:00:00Z', ['running']],
  ['started_after=2025-02-07T23:59:59.999Z', ['running', 'cancelled']],
  ['started_before=2025-02-02T01:00:00%2B01:00', ['clean']],
  ['started_before=2025-02-02T01:00:00.001%2B01:00', ['noisy', 'clean']],
  ['started_after=2025-02-02T12:00:00Z&started_before=2025-02-04T12:00:00Z', ['dry', 'failed']],
  ['status=completed&has_errors=true&min_duration=2&trigger=schedule', ['allRefused', 'noisy']],
  ['outcome=with_row_errors&min_error_rate=0.02&started_before=2025-02-06T00:00:00Z', ['noisy']],
  ['status=failed&outcome=clean', []],
])('runs filtered by %s', async (query, names) => {
  expect(await found(query)).toEqual(names);
});

test('a sync’s own list is filtered alike', async () => {
  const [sync] = syncs;
  const path = `/api/v1/syncs/${sync?.id}/runs`;
  expect(await found('', path)).toEqual(['running', 'empty', 'oneInAHundred', 'failed', 'clean']);
  expect(await found('min_duration=1&status=completed', path)).toEqual(['oneInAHundred', 'clean']);
  expect(await found('min_error_rate=0.01', path)).toEqual(['oneInAHundred']);
});

test.each<[string, string[]]>([
  ['-queued_at', everyone],
  ['queued_at', everyone.toReversed()],
  ['-started_at', everyone],
  ['started_at', everyone.toReversed()],
])('runs in the order of %s', async (sort, names) => {
  expect(await found(`sort=${sort}`)).toEqual(names);
});

// Equal ones follow each other by their ids.
const byId = (names: string[]) => {
  const idOf = (name: string) => runs[name]?.id ?? '';
  return names.toSorted((one, other) => (idOf(one) < idOf(other) ? 1 : -1));
};

test('runs in the order of their duration: those that have none yet are the shortest', async () => {
  const falling = [
    'dry',
    'failed',
    'noisy',
    'cancelled',
    'clean',
    'allRefused',
    'oneInAHundred',
    'empty',
    ...byId(['queued', 'running']),
  ];
  expect(await found('sort=-duration')).toEqual(falling);
  expect(await found('sort=duration')).toEqual(falling.toReversed());
});

test('runs in the order of their refused rows', async () => {
  const falling = [
    ...byId(['dry', 'noisy']),
    'allRefused',
    'oneInAHundred',
    ...byId(['clean', 'failed', 'empty', 'cancelled', 'running', 'queued']),
  ];
  expect(await found('sort=-rows_failed')).toEqual(falling);
  expect(await found('sort=rows_failed')).toEqual(falling.toReversed());
});

test('several syncs are asked for by id; strangers and missing ones have no runs', async () => {
  const [first, second, idle] = syncs.map(({ id }) => id);
  const stranger = await aRun(api.knex);
  expect(await found(`sync_id=${second}`)).toEqual(['queued', 'cancelled', 'allRefused', 'dry', 'noisy']);
  expect(await found(`sync_id=${first},${second}`)).toEqual(everyone);
  expect(await found(`sync_id=${idle}`)).toEqual([]);
  expect(await found(`sync_id=${stranger.syncId},sync_abc123`)).toEqual([]);
  expect(await found(`sync_id=${stranger.syncId},${first}&status=failed`)).toEqual(['failed']);
});

test('a stranger’s token sees its own workspace’s runs alone', async () => {
  const stranger = await aRun(api.knex);
  const token = await api.newToken(['read'], stranger.workspaceId);
  const answer = await api.get('/api/v1/runs', token);
  expect(idsOf(answer)).toEqual([stranger.id]);
  expect(answer.body.pagination).toEqual({ page: 1, per_page: 20, total: 1 });
});

test('runs across syncs look as they do under their sync', async () => {
  const { body } = await api.get('/api/v1/runs?status=failed');
  const under = await api.get(`/api/v1/syncs/${body.data[0].sync_id}/runs?status=failed`);
  expect(under.body.data).toEqual(body.data);
});

test('numbered pages are linked: first, previous, next, with the filters as they are', async () => {
  const query =
    'status=completed,failed&sort=-duration&started_after=2025-02-01T00:00:00%2B00:00&has_errors=false';
  const first = await api.get(`/api/v1/runs?${query}&per_page=1`);
  const kept =
    '/api/v1/runs?status=completed%2Cfailed&has_errors=false&started_after=2025-02-01T00%3A00%3A00.000Z&sort=-duration';
  expect(linksOf(first)).toEqual({
    first: `${kept}&page=1&per_page=1`,
    next: `${kept}&page=2&per_page=1`,
  });
  const second = await api.get(linksOf(first)['next'] ?? '');
  expect(linksOf(second)).toEqual({ first: `${kept}&page=1&per_page=1`, prev: `${kept}&page=1&per_page=1` });
  expect([...idsOf(first), ...idsOf(second)].map(nameOf)).toEqual(['failed', 'empty']);
  expect(linksOf(await api.get(`${kept}&page=9&per_page=1`))['next']).toBeUndefined();
});

/** Follows one relation of the Link header from an answer on; the answers, the given one first. */
async function follow(from: ApiAnswer, relation: 'next' | 'prev'): Promise<ApiAnswer[]> {
  const answers = [from];
  for (let answer = from, link = linksOf(answer)[relation]; link; link = linksOf(answer)[relation]) {
    answer = await api.get(link);
    answers.push(answer);
  }
  return answers;
}

test('a walk is linked both ways, and can be made by links alone', async () => {
  const path = '/api/v1/runs?sort=-started_at';
  const there = await follow(await api.get(withQuery(path, { cursor: '*', per_page: 4 })), 'next');
  expect(there.map((answer) => idsOf(answer).length)).toEqual([4, 4, 2]);
  expect(there.flatMap(idsOf).map(nameOf)).toEqual(everyone);
  const [last] = there.slice(-1);
  const back = last ? (await follow(last, 'prev')).toReversed() : [];
  expect(back.map(idsOf)).toEqual(there.map(idsOf));
  for (const answer of [...there, ...back]) {
    const links = linksOf(answer);
    expect(links['first']).toBe(`${path}&cursor=*&per_page=4`);
    const cursorIn = (link: string | undefined) => link && new URL(link, api.url).searchParams.get('cursor');
    expect(answer.body.pagination).toEqual({
      per_page: 4,
      next_cursor: cursorIn(links['next']) ?? null,
      prev_cursor: cursorIn(links['prev']) ?? null,
    });
  }
  expect(back[0]?.body.pagination.prev_cursor).toBeNull();
});

test.each([
  ['min_error_rate=1.1', '/min_error_rate'],
  ['min_error_rate=-0.1', '/min_error_rate'],
  ['min_error_rate=1e-3', '/min_error_rate'],
  ['min_error_rate=.5', '/min_error_rate'],
  ['min_error_rate=5%25', '/min_error_rate'],
  ['min_duration=-1', '/min_duration'],
  ['min_duration=1.5', '/min_duration'],
  ['min_duration=9999999999', '/min_duration'],
  ['min_duration=', '/min_duration'],
  ['sort=', '/sort'],
  ['sort=+queued_at', '/sort'],
  ['sort=-queued_at,started_at', '/sort'],
  ['sort=rows_processed', '/sort'],
  ['sort=queue_no;drop', '/sort'],
  ['cursor=*&page=1', '/page'],
  ['cursor=*&cursor=*', '/cursor'],
  ['per_page=101&cursor=*', '/per_page'],
  ['has_errors=', '/has_errors'],
  ['limit=5', '/limit'],
])('the query ?%s is refused and named', async (query, pointer) => {
  for (const path of ['/api/v1/runs', `/api/v1/syncs/${syncs[0]?.id}/runs`]) {
    const { status, body } = await api.get(`${path}?${query}`);
    expect([status, body.code]).toEqual([400, 'invalid_request']);
    expect(body.errors[0].pointer).toBe(pointer);
  }
});

test('syncs are filtered across syncs only, by ids, a hundred at most', async () => {
  const own = syncs[0]?.id ?? '';
  const hundred = Array(100).fill(own).join();
  expect((await api.get(`/api/v1/runs?sync_id=${hundred}`)).status).toBe(200);
  for (const path of [
    `/api/v1/runs?sync_id=${hundred},${own}`,
    '/api/v1/runs?sync_id=nonsense',
    `/api/v1/runs?sync_id=${own},`,
    '/api/v1/runs?sync_id=',
    `/api/v1/syncs/${own}/runs?sync_id=${own}`,
  ]) {
    const { status, body } = await api.get(path);
    expect([path, status, body.code]).toEqual([path, 400, 'invalid_request']);
    expect(body.errors[0].pointer).toMatch(/^\/sync_id/);
  }
});

test('every other list is paged as before, without links', async () => {
  const answer = await api.get('/api/v1/syncs');
  expect(answer.body.pagination).toEqual({ page: 1, per_page: 20, total: 3 });
  expect(answer.headers.get('link')).toBeNull();
});
