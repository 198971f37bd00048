// Cursors over HTTP: a walk meets every run that stays exactly once while others come and go, and a cursor is good for the
// list it was given for alone.
import { aRun, type MadeRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import type { StoredSync } from '../../../db/configuration/sync-store';
import { type ApiAnswer, type RunningApi, startApi } from '../running-api';
import { idsOf, walkThrough, withQuery } from './walking';

let api: RunningApi;

beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const runsOf = (sync: { id: string }) => `/api/v1/syncs/${sync.id}/runs`;

async function newWorkspace(): Promise<{ token: string; sync: () => Promise<StoredSync> }> {
  const { id: workspaceId } = await aWorkspace(api.knex);
  const token = await api.newToken(['read'], workspaceId);
  return { token, sync: () => aSync(api.knex, { workspaceId }) };
}

async function remove(run: MadeRun): Promise<void> {
  await api.knex('run_phases').where({ run_id: run.id }).delete();
  await api.knex('runs').where({ id: run.id }).delete();
}

const day = (number: number) => new Date(Date.UTC(2025, 0, 1 + number));

/** Runs of two syncs; every third is of a kind that will go. Starts, durations and refusals repeat, in no order. */
async function manyRuns(syncs: StoredSync[]): Promise<{ staying: MadeRun[]; leaving: MadeRun[] }> {
  const [staying, leaving]: [MadeRun[], MadeRun[]] = [[], []];
  for (let number = 0; number < 36; number += 1) {
    const sync = syncs[number % 2];
    const run = await aRun(api.knex, {
      ...(sync && { sync }),
      startedAt: day((number * 5) % 7),
      durationSeconds: (number * 7) % 5,
      counts: { updated: 3, failed: number % 4 },
    });
    (number % 3 === 1 ? leaving : staying).push(run);
  }
  return { staying, leaving };
}

const walks = ['one sync', 'all syncs'].flatMap((scope) =>
  ['-queued_at', 'queued_at', '-started_at', 'started_at', '-duration', '-rows_failed'].flatMap((sort) =>
    ['', '&has_errors=true'].map((filter) => [scope, `sort=${sort}${filter}`] as const),
  ),
);

test.each(walks)(
  'a walk through the runs of %s by ?%s, while runs are added and removed',
  async (scope, query) => {
    const { token, sync } = await newWorkspace();
    const [first, second] = [await sync(), await sync()];
    const isOfOne = scope === 'one sync';
    const { staying, leaving } = await manyRuns([first, isOfOne ? first : second]);
    const path = `${isOfOne ? runsOf(first) : '/api/v1/runs'}?${query}`;
    const own: RunningApi = { ...api, get: (asked) => api.get(asked, token) };
    let added = 0;
    const seen = await walkThrough(own, path, 4, async () => {
      const gone = leaving.splice((added * 5) % Math.max(leaving.length, 1), 1);
      await Promise.all(gone.map(remove));
      // Before, behind and among those that were seen.
      for (const number of [added, 7 - added]) {
        await aRun(api.knex, {
          sync: first,
          startedAt: day(number),
          durationSeconds: number,
          counts: { updated: 1, failed: number % 4 },
        });
      }
      added = (added + 1) % 8;
    });
    expect(new Set(seen).size).toBe(seen.length);
    const page = await api.get(`${path}&per_page=100`, token);
    expect(page.body.pagination.total).toBeLessThanOrEqual(100);
    const stood = (ids: string[]) => ids.filter((id) => staying.some((run) => run.id === id));
    expect(stood(idsOf(page)).length).toBeGreaterThan(15);
    expect(stood(seen)).toEqual(stood(idsOf(page)));
  },
);

describe('with a walk begun', () => {
  let sync: StoredSync;
  let other: StoredSync;
  let cursor: string;
  const query = 'status=completed,failed&sort=-started_at';

  beforeAll(async () => {
    [sync, other] = [
      await aSync(api.knex, { workspaceId: api.workspaceId }),
      await aSync(api.knex, { workspaceId: api.workspaceId }),
    ];
    for (let number = 0; number < 6; number += 1) await aRun(api.knex, { sync, startedAt: day(number) });
    await aRun(api.knex, { sync: other });
    cursor = (await api.get(`${runsOf(sync)}?${query}&cursor=*&per_page=2`)).body.pagination.next_cursor;
  });

  const expectNoCursor = (answer: ApiAnswer, code: string) => {
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid_cursor']);
    expect(answer.body.errors).toEqual([{ pointer: '/cursor', code, detail: answer.body.detail }]);
  };
  const goOn = (from: string) => api.get(withQuery(`${runsOf(sync)}?${query}`, { cursor: from }));

  test('its cursor is opaque, and says neither ids nor filters', () => {
    expect(cursor).toMatch(/^[\w-]{40,200}$/);
    const inside = Buffer.from(cursor, 'base64url').toString('latin1');
    for (const text of [sync.id, api.workspaceId, 'completed', 'started_at'])
      expect(inside).not.toContain(text);
  });

  test('its cursor changed in any character is none', async () => {
    for (let at = 0; at < cursor.length; at += 1) {
      const changed = cursor.slice(0, at) + (cursor[at] === 'A' ? 'B' : 'A') + cursor.slice(at + 1);
      expectNoCursor(await goOn(changed), 'unknown_cursor');
    }
  });

  test.each([
    ['nothing', ''],
    ['a blank', ' '],
    ['two stars', '**'],
    ['a word', 'next'],
    ['a number', '20'],
    ['NUL', '\0'],
    ['half a surrogate pair', '\ud800'],
    ['something long', 'A'.repeat(1_000)],
    ['JSON of our form', Buffer.from('["x","after",[1,2]]').toString('base64url')],
    ['a mac and nothing', Buffer.alloc(16).toString('base64url')],
  ])('%s is no cursor', async (_, text) => {
    expectNoCursor(await goOn(text), 'unknown_cursor');
  });

  test('parts and additions of its cursor are none', async () => {
    for (const text of [
      cursor.slice(1),
      cursor.slice(0, -1),
      `${cursor}A`,
      `${cursor}=`,
      ` ${cursor}`,
      cursor + cursor,
    ])
      expectNoCursor(await goOn(text), 'unknown_cursor');
  });

  test('a text too long for any cursor is refused as such', async () => {
    const { status, body } = await goOn('A'.repeat(1_001));
    expect([status, body.code, body.errors[0].pointer]).toEqual([400, 'invalid_request', '/cursor']);
  });

  test('its cursor is for this list, these filters and this order', async () => {
    const stranger = await newWorkspace();
    const path = runsOf(sync);
    for (const [asked, token] of [
      [`${runsOf(other)}?${query}`],
      [`/api/v1/runs?${query}`],
      [`/api/v1/runs?${query}&sync_id=${sync.id}`],
      [`${path}?sort=-started_at`],
      [`${path}?status=completed&sort=-started_at`],
      [`${path}?${query}&has_errors=true`],
      [`${path}?${query}&min_duration=0`],
      [`${path}?status=completed,failed&sort=started_at`],
      [`${path}?status=completed,failed`],
      [`/api/v1/runs?${query}`, stranger.token],
    ] as [string, string?][]) {
      expectNoCursor(await api.get(withQuery(asked, { cursor }), token), 'foreign_cursor');
    }
  });

  test('the same asked in other words, or with another size of page, goes on', async () => {
    const expected = idsOf(await goOn(cursor));
    expect(expected).toHaveLength(4);
    const said = `${runsOf(sync)}?sort=-started_at&status=failed,completed,failed`;
    expect(idsOf(await api.get(withQuery(said, { cursor })))).toEqual(expected);
    const smaller = await api.get(withQuery(said, { cursor, per_page: 3 }));
    expect(idsOf(smaller)).toEqual(expected.slice(0, 3));
  });

  test('another token of the workspace may go on', async () => {
    const token = await api.newToken(['read']);
    const answer = await api.get(withQuery(`${runsOf(sync)}?${query}`, { cursor }), token);
    expect(idsOf(answer)).toEqual(idsOf(await goOn(cursor)));
  });

  test('every process with the same secret takes it, one with another secret does not', async () => {
    const address = withQuery(`${runsOf(sync)}?${query}`, { cursor });
    const expected = idsOf(await goOn(cursor));
    for (const secretKey of [Buffer.alloc(32, 7), Buffer.alloc(32, 8)]) {
      const process = await startApi({ knex: api.knex, secretKey });
      const answer = await process.get(address, api.token);
      if (secretKey[0] === 7) expect(idsOf(answer)).toEqual(expected);
      else expectNoCursor(answer, 'unknown_cursor');
      await process.stop();
    }
  });

  test('where all runs it came from or would go to have gone, it leads to the edge', async () => {
    const own = await aSync(api.knex, { workspaceId: api.workspaceId });
    const made = [];
    for (let number = 0; number < 4; number += 1) made.unshift(await aRun(api.knex, { sync: own }));
    const ask = async (from: string) =>
      (await api.get(withQuery(runsOf(own), { cursor: from, per_page: 2 }))).body;
    const first = await ask('*');
    const second = await ask(first.pagination.next_cursor);
    expect(second.pagination.next_cursor).toBeNull();
    const ids = (body: { data: { id: string }[] }) => body.data.map(({ id }) => id);
    const [newest, newer, older, oldest] = made;
    // All that would follow go: the way back leads to what is left.
    for (const run of [older, oldest]) if (run) await remove(run);
    const empty = await ask(first.pagination.next_cursor);
    expect([empty.data, empty.pagination.next_cursor]).toEqual([[], null]);
    expect(ids(await ask(empty.pagination.prev_cursor))).toEqual([newest?.id, newer?.id]);
    // All it came from go: the way forward begins anew.
    for (const run of [newest, newer]) if (run) await remove(run);
    const nothing = await ask(second.pagination.prev_cursor);
    expect([nothing.data, nothing.pagination.prev_cursor]).toEqual([[], null]);
    const revived = await aRun(api.knex, { sync: own });
    expect(ids(await ask(nothing.pagination.next_cursor))).toEqual([revived.id]);
  });

  test('new runs are found by going back from the newest that was seen', async () => {
    const own = await aSync(api.knex, { workspaceId: api.workspaceId });
    for (let number = 0; number < 3; number += 1) await aRun(api.knex, { sync: own });
    const path = withQuery(runsOf(own), { per_page: 2 });
    const first = await api.get(withQuery(path, { cursor: '*' }));
    const second = await api.get(withQuery(path, { cursor: first.body.pagination.next_cursor }));
    const fresh = await aRun(api.knex, { sync: own });
    const back = await api.get(withQuery(path, { cursor: second.body.pagination.prev_cursor }));
    expect(idsOf(back)).toEqual(idsOf(first));
    const more = await api.get(withQuery(path, { cursor: back.body.pagination.prev_cursor }));
    expect(idsOf(more)).toEqual([fresh.id]);
  });
});
