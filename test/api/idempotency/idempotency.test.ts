// What a key promises: done once, answered each time, and only together; over real connections that come at once.
import { setTimeout as sleep } from 'node:timers/promises';
import { onceCommitted } from '../../../api/after-commit';
import { connect } from '../../../db/connect';
import { removeOldKeys } from '../../../db/idempotency/idempotency-store';
import { tokenScopes } from '../../../db/configuration/token-store';
import { aSync } from '../../factories/a-sync';
import { aSource } from '../../factories/a-source';
import { aWorkspace, uniqueSuffix } from '../../factories/a-workspace';
import { type FakeInspector, fakeInspector } from '../../fakes/fake-inspector';
import { type FakeLauncher, fakeLauncher } from '../../fakes/fake-launcher';
import { type ApiAnswer, type RequestOptions, type RunningApi, startApi } from '../running-api';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const ownSync = async (): Promise<string> => (await aSync(api.knex, { workspaceId: api.workspaceId })).id;
const triggerPath = (syncId: string): string => `/api/v1/syncs/${syncId}/trigger`;
const runsOf = async (syncId: string): Promise<number> => {
  const [counted] = await api.knex('runs').where({ sync_id: syncId }).count<{ n: number }[]>({ n: '*' });
  return counted?.n ?? 0;
};

function post(path: string, key: string, options: RequestOptions = {}): Promise<ApiAnswer> {
  return api.send(path, { method: 'POST', ...options, headers: { 'Idempotency-Key': key } });
}

const code = (answer: ApiAnswer): [number, string] => [answer.status, answer.body.code];

/** As a client does who was told that its request is still at work. */
async function untilAnswered(path: string, key: string): Promise<ApiAnswer> {
  for (;;) {
    const answer = await post(path, key);
    if (answer.status !== 409) return answer;
    expect(answer.body.code).toBe('idempotency_key_in_flight');
    await sleep(20);
  }
}

test('two hundred triggers at once with a hundred keys, each twice, make a hundred runs', async () => {
  const syncId = await ownSync();
  const keys = Array.from({ length: 200 }, (_, at) => `key-${at % 100}`);
  const answers = await Promise.all(keys.map((key) => untilAnswered(triggerPath(syncId), key)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  expect(await runsOf(syncId)).toBe(100);
  for (let at = 0; at < 100; at += 1) expect(answers[at]?.body).toEqual(answers[at + 100]?.body);
  const replayed = answers.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
  expect(replayed).toHaveLength(100);
  expect(api.launcher.started.filter((run) => run.syncId === syncId)).toHaveLength(100);
});

test('a hundred triggers at once with one key make one run', async () => {
  const syncId = await ownSync();
  const answers = await Promise.all(Array.from({ length: 100 }, () => post(triggerPath(syncId), 'only')));
  expect(await runsOf(syncId)).toBe(1);
  const done = answers.filter(({ status }) => status === 202);
  expect(new Set(done.map(({ body }) => body.id)).size).toBe(1);
  for (const answer of answers.filter(({ status }) => status !== 202))
    expect(code(answer)).toEqual([409, 'idempotency_key_in_flight']);
});

test('while a request is at work its key is told to be in flight, and answered once it has ended', async () => {
  const syncId = await ownSync();
  const holder = await api.knex.transaction();
  await holder('syncs').where({ id: syncId }).forUpdate();
  const first = post(triggerPath(syncId), 'slow');
  await waitForWaiter();
  const second = await post(triggerPath(syncId), 'slow');
  expect(code(second)).toEqual([409, 'idempotency_key_in_flight']);
  expect(second.headers.get('retry-after')).toBe('1');
  await holder.rollback();
  expect((await first).status).toBe(202);
  const third = await post(triggerPath(syncId), 'slow');
  expect(third.headers.get('idempotency-replayed')).toBe('true');
  expect(third.body).toEqual((await first).body);
});

/** Until somebody waits for a row that somebody else has locked. */
async function waitForWaiter(): Promise<void> {
  for (;;) {
    const { rows } = await api.knex.raw(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rows.length > 0) return;
    await sleep(5);
  }
}

test('another body under the same key is refused; the order of its keys is no matter', async () => {
  const syncId = await ownSync();
  const send = (body: unknown) => post(triggerPath(syncId), 'k', { body });
  const first = await send({ note: 'a', allow_deletes: false });
  expect(first.status).toBe(202);
  expect(code(await send({ note: 'b', allow_deletes: false }))).toEqual([422, 'idempotency_key_reused']);
  expect(code(await post(triggerPath(syncId), 'k'))).toEqual([422, 'idempotency_key_reused']);
  expect((await send({ allow_deletes: false, note: 'a' })).body).toEqual(first.body);
  expect(await runsOf(syncId)).toBe(1);
});

test('a key belongs to its path and its workspace; the same one elsewhere is another', async () => {
  const [one, other] = [await ownSync(), await ownSync()];
  const first = await post(triggerPath(one), 'nightly');
  const second = await post(triggerPath(other), 'nightly');
  expect(second.body.id).not.toBe(first.body.id);
  const stranger = await aWorkspace(api.knex);
  const token = await api.newToken(tokenScopes, stranger.id);
  const body = { name: 'Shop', kind: 'postgres', config: { url: 'postgres://u:p@h/d' } };
  const ours = await post('/api/v1/sources', 'same', { body });
  const theirs = await post('/api/v1/sources', 'same', { body, token });
  expect([ours.status, theirs.status]).toEqual([201, 201]);
  expect(theirs.body.id).not.toBe(ours.body.id);
  expect(code(await post(triggerPath(one), 'nightly', { token }))).toEqual([404, 'not_found']);
});

test('a token without the scope gets no replay', async () => {
  const syncId = await ownSync();
  await post(triggerPath(syncId), 'k');
  const token = await api.newToken(['read']);
  expect(code(await post(triggerPath(syncId), 'k', { token }))).toEqual([403, 'scope_missing']);
});

test('another token of the workspace is refused: nothing is done, and it does not see the secret of a token that was made', async () => {
  const body = { name: `made ${uniqueSuffix()}`, scopes: ['write'] };
  const first = await post('/api/v1/tokens', 'mint', { body });
  expect(first.status).toBe(201);
  const refused = await post('/api/v1/tokens', 'mint', { body, token: await api.newToken(['admin']) });
  expect(code(refused)).toEqual([422, 'idempotency_key_reused']);
  expect(JSON.stringify(refused.body)).not.toContain(first.body.token);
  expect((await post('/api/v1/tokens', 'mint', { body })).body).toEqual(first.body);
  const rows = await api.knex('idempotency_keys');
  const kept = rows.map(({ answer_sealed: sealed }) => sealed.toString('latin1')).join();
  expect(kept).not.toContain(first.body.token);

  const syncId = await ownSync();
  const run = await post(triggerPath(syncId), 'nightly');
  const other = await post(triggerPath(syncId), 'nightly', { token: await api.newToken(['trigger']) });
  expect([code(other), await runsOf(syncId)]).toEqual([[422, 'idempotency_key_reused'], 1]);
  expect((await post(triggerPath(syncId), 'nightly')).body).toEqual(run.body);
});

test('a refused request keeps nothing: mended, it may come again under its key', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId, name: `taken ${uniqueSuffix()}` });
  const body = { name: source.name, kind: 'postgres', config: { url: 'postgres://u:p@h/d' } };
  expect(code(await post('/api/v1/sources', 'r', { body }))).toEqual([409, 'name_taken']);
  const mended = { ...body, name: `free ${uniqueSuffix()}` };
  expect((await post('/api/v1/sources', 'r', { body: mended })).status).toBe(201);
  expect(code(await post('/api/v1/sources', 'q', { body: {} }))).toEqual([400, 'invalid_request']);
  expect((await post('/api/v1/sources', 'q', { body: { ...body, name: uniqueSuffix() } })).status).toBe(201);
});

test('an answer that cannot be kept undoes what it answers for', async () => {
  const syncId = await ownSync();
  await api.knex.raw('ALTER TABLE idempotency_keys ADD CONSTRAINT nothing CHECK (false) NOT VALID');
  const started = api.launcher.started.length;
  expect((await post(triggerPath(syncId), 'k')).status).toBe(500);
  await api.knex.raw('ALTER TABLE idempotency_keys DROP CONSTRAINT nothing');
  expect(await runsOf(syncId)).toBe(0);
  expect(api.launcher.started).toHaveLength(started);
  expect((await post(triggerPath(syncId), 'k')).status).toBe(202);
});

test('Temporal hears of a run when it is committed, and an outage of it is nothing to the caller', async () => {
  const seen: number[] = [];
  const launcher: FakeLauncher = { ...fakeLauncher() };
  const other = await startApi({ launcher });
  const { start } = launcher;
  const outside = connect(other.databaseUrl);
  launcher.start = async (run) => {
    const rows = await outside('runs').where({ id: run.runId });
    seen.push(rows.length);
    if (seen.length === 2) throw new Error('14 UNAVAILABLE');
    await start(run);
  };
  const sync = await aSync(other.knex, { workspaceId: other.workspaceId });
  for (const key of ['a', 'b']) {
    const headers = { 'Idempotency-Key': key };
    const answer = await other.send(triggerPath(sync.id), { method: 'POST', headers });
    expect(answer.status).toBe(202);
  }
  expect(seen).toEqual([1, 1]);
  await outside.destroy();
  await other.stop();
});

test('no connection is held while a worker looks at a model, and it looks once for each key', async () => {
  const inspector: FakeInspector = fakeInspector();
  const other = await startApi({ inspector });
  const { inspect } = inspector;
  const used: number[] = [];
  inspector.inspect = async (input) => {
    used.push((other.knex.client as { pool: { numUsed(): number } }).pool.numUsed());
    return inspect.call(inspector, input);
  };
  const source = await aSource(other.knex, { workspaceId: other.workspaceId });
  const body = { name: 'Users', source_id: source.id, sql: 'SELECT 1', row_key: ['id'] };
  const send = () =>
    other.send('/api/v1/models', { method: 'POST', body, headers: { 'Idempotency-Key': 'm' } });
  const [first, again] = [await send(), await send()];
  expect([first.status, again.status]).toEqual([201, 201]);
  expect(again.body).toEqual(first.body);
  expect(used).toEqual([0]);
  const two = await Promise.all(
    [1, 2].map(() =>
      other.send('/api/v1/models', {
        method: 'POST',
        body: { ...body, name: 'Twice' },
        headers: { 'Idempotency-Key': 'n' },
      }),
    ),
  );
  expect(two.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(await other.knex('models').where({ name: 'Twice' })).toHaveLength(1);
  await other.stop();
});

test('an inspection that nobody makes is no answer to keep', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId });
  const body = { name: uniqueSuffix(), source_id: source.id, sql: 'SELECT 1', row_key: ['id'] };
  const { answer } = api.inspector;
  api.inspector.answer = null;
  expect(code(await post('/api/v1/models', 'm', { body }))).toEqual([503, 'inspection_unavailable']);
  api.inspector.answer = answer;
  expect((await post('/api/v1/models', 'm', { body })).status).toBe(201);
});

test('what changes nothing is done each time, and its answer is kept nowhere', async () => {
  const source = await aSource(api.knex, { workspaceId: api.workspaceId });
  const asked = api.inspector.asked.length;
  const [before] = await api.knex('idempotency_keys').count<{ n: number }[]>({ n: '*' });
  for (let time = 1; time <= 2; time += 1) {
    const answer = await post(`/api/v1/sources/${source.id}/check`, 'c');
    expect([answer.status, answer.headers.get('idempotency-replayed')]).toEqual([200, null]);
  }
  expect(api.inspector.asked).toHaveLength(asked + 2);
  expect(await api.knex('idempotency_keys').count<{ n: number }[]>({ n: '*' })).toEqual([before]);
});

test('after a day a key is new again; old ones are removed a chunk at a time, young ones stay', async () => {
  const syncId = await ownSync();
  const first = await post(triggerPath(syncId), 'daily');
  const age = (hours: number) =>
    api.knex('idempotency_keys').update({
      created_at: api.knex.raw(`now() - make_interval(hours => ?)`, [hours]),
    });
  await age(23);
  expect((await post(triggerPath(syncId), 'daily')).body.id).toBe(first.body.id);
  await age(25);
  const anew = await post(triggerPath(syncId), 'daily');
  expect(anew.headers.get('idempotency-replayed')).toBeNull();
  expect(anew.body.id).not.toBe(first.body.id);
  expect((await post(triggerPath(syncId), 'daily')).body.id).toBe(anew.body.id);
  const [{ n: all } = { n: 0 }] = await api.knex('idempotency_keys').count<{ n: number }[]>({ n: '*' });
  expect(all).toBeGreaterThan(3);
  expect(await removeOldKeys(api.knex, 2)).toBe(2);
  expect(await removeOldKeys(api.knex, 10_000)).toBe(all - 3);
  expect((await post(triggerPath(syncId), 'daily')).body.id).toBe(anew.body.id);
});

test('neither key nor answer stand in the database in clear', async () => {
  const name = `canary-${uniqueSuffix()}`;
  const key = `canary-key-${uniqueSuffix()}`;
  const body = { name, kind: 'postgres', config: { url: 'postgres://u:p@h/d' } };
  expect((await post('/api/v1/sources', key, { body })).status).toBe(201);
  const rows = await api.knex('idempotency_keys');
  for (const column of rows.flatMap((row) => Object.values(row))) {
    const text = Buffer.isBuffer(column) ? column.toString('latin1') : String(column);
    expect(text).not.toContain(name);
    expect(text).not.toContain(key);
  }
});

test.each([
  ['as bare as most send it', '8e03978e-40d5-43dd-bc93-6894a57f9324', true],
  ['quoted, as the standard has it', '"8e03978e-40d5-43dd-bc93-6894a57f9324"', true],
  ['quoted with blanks and commas', '"the one, and only"', true],
  ['quoted with quotes', String.raw`"say \"once\""`, true],
  ['of 255 characters', 'k'.repeat(255), true],
  ['of 256 characters', 'k'.repeat(256), false],
  ['sent twice', 'one, two', false],
  ['with a blank', 'one two', false],
  ['with half a quote', '"open', false],
  ['empty in quotes', '""', false],
  ['with a letter beyond ASCII', 'schlüssel', false],
])('a key %s: %s', async (_, key, isAccepted) => {
  const syncId = await ownSync();
  const answer = await post(triggerPath(syncId), key);
  if (isAccepted) expect(answer.status).toBe(202);
  else expect(code(answer)).toEqual([400, 'invalid_idempotency_key']);
  expect(await runsOf(syncId)).toBe(isAccepted ? 1 : 0);
});

test('quoted and bare are the same key', async () => {
  const syncId = await ownSync();
  const first = await post(triggerPath(syncId), 'same-key');
  expect((await post(triggerPath(syncId), '"same-key"')).body.id).toBe(first.body.id);
});

test('other methods do not look at the header', async () => {
  const headers = { 'Idempotency-Key': 'not a key, not at all' };
  expect((await api.send('/api/v1/syncs', { headers })).status).toBe(200);
  const deleted = await api.send(`/api/v1/syncs/${await ownSync()}`, { method: 'DELETE', headers });
  expect(deleted.status).toBe(204);
});

test('a route that speaks to Temporal in the middle of a transaction is found out', () => {
  let isCommitted = false;
  const outside = onceCommitted({ start: () => 'started' }, () => isCommitted);
  expect(() => outside.start()).toThrow('start was called in a transaction: use afterCommit');
  isCommitted = true;
  expect(outside.start()).toBe('started');
});
