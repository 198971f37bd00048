// The story of a row over HTTP, as real runs left it: what was sent, what came back, and what is known of it now.
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';

const mapping = ['id', 'email'].map((column) => ({ column, field: column }));

interface ToldEntry {
  readonly operation: string | null;
  readonly result: string;
  readonly error: { readonly code: string } | null;
}

describe('the story of a row', () => {
  let engine: Engine;
  let api: EngineApi;
  let http: FaultyDestination;
  beforeAll(async () => {
    [engine, http] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    api = await engineApi(engine);
    await engine.warehouse.raw(`CREATE TABLE users (id text, email text)`);
    await engine.warehouse.raw(`CREATE TABLE pairs (id text, part text, email text)`);
    await engine.target.raw(
      `CREATE TABLE contacts (id text PRIMARY KEY, email text CONSTRAINT valid CHECK (email <> 'refused'))`,
    );
    await engine.target.raw(`CREATE TABLE pairs (id text, part text, email text, PRIMARY KEY (id, part))`);
  });
  afterAll(async () => {
    await api.close();
    await Promise.all([engine.close(), http.close()]);
  });
  beforeEach(async () => {
    http.reset();
    await engine.warehouse.raw(`TRUNCATE users, pairs`);
    await engine.target.raw(`TRUNCATE contacts, pairs`);
  });

  const intoTable = (sketch = {}) =>
    engine.sync({ sql: 'SELECT * FROM users', mapping, object: { table: 'contacts' }, ...sketch });
  const user = async (id: string, ...emails: string[]) => {
    await engine.warehouse('users').where({ id }).delete();
    for (const email of emails) await engine.warehouse('users').insert({ id, email });
  };
  const story = async (sync: string, key: string, query = '') => {
    const { status, body } = await api.get(`/syncs/${sync}/rows/${encodeURIComponent(key)}${query}`);
    expect(status).toBe(200);
    return body;
  };
  /** Operation, result and the like, newest run first. */
  const told = async (sync: string, key: string) =>
    (await story(sync, key)).data.map(({ operation, result, error }: ToldEntry) =>
      [operation, result, ...(error ? [error.code] : [])].join(' '),
    );

  test('created, updated, refused, left alone, deleted: newest first, with times and row errors', async () => {
    const sync = await intoTable({ mode: 'mirror' });
    await user('stays', 'x');
    await user('u1', 'a');
    const first = await engine.run(sync);
    await user('u1', 'b');
    await engine.run(sync);
    await user('u1', 'refused');
    const refused = await engine.run(sync);
    await user('u1', 'b');
    await engine.run(sync);
    await user('u1');
    await engine.run(sync);
    const body = await story(sync, 'u1');
    expect(body).toMatchObject({ row_id: 'u1', snapshot: { state: 'absent' }, runs_looked_at: 5 });
    expect(body.pagination).toEqual({ per_page: 20, next_cursor: null });
    expect(await told(sync, 'u1')).toEqual([
      'delete deleted',
      'update failed 23514',
      'update updated',
      'create created',
    ]);
    expect(body.data[1]).toEqual({
      run_id: refused.id,
      status: 'completed',
      outcome: 'with_row_errors',
      kind: 'normal',
      trigger: 'api',
      started_at: expect.stringMatching(/Z$/),
      completed_at: expect.stringMatching(/Z$/),
      operation: 'update',
      result: 'failed',
      unsure: false,
      attempts: 1,
      sent_at: expect.stringMatching(/\.\d{3}Z$/),
      answered_at: expect.stringMatching(/\.\d{3}Z$/),
      error: {
        row_id: 'u1',
        field: expect.anything(),
        message: expect.stringContaining('valid'),
        raw_value: expect.anything(),
        code: '23514',
        origin: 'destination',
        operation: 'update',
      },
    });
    expect(body.data.at(-1).run_id).toBe(first.id);
    expect(await story(sync, 'stays')).toMatchObject({
      snapshot: { state: 'acknowledged' },
      data: [{ run_id: first.id, result: 'created' }],
    });
    expect(await story(sync, 'nobody')).toMatchObject({ snapshot: { state: 'absent' }, data: [] });
  });

  test('a story is told in parts, each looking a little further back', async () => {
    const sync = await intoTable();
    const runs: string[] = [];
    for (const email of ['a', 'b', 'c', 'c', 'd']) {
      await user('u1', email);
      runs.unshift((await engine.run(sync)).id);
    }
    const changes = runs.filter((_, at) => at !== 1);
    const seen: string[] = [];
    let cursor: string | null = '*';
    const looks: number[] = [];
    while (cursor !== null) {
      const { data, runs_looked_at, pagination } = await story(sync, 'u1', `?per_page=2&cursor=${cursor}`);
      seen.push(...data.map(({ run_id }: { run_id: string }) => run_id));
      looks.push(runs_looked_at);
      cursor = pagination.next_cursor as string | null;
    }
    expect(seen).toEqual(changes);
    expect(looks).toEqual([3, 2]);
    const { body } = await api.get(`/syncs/${sync}/rows/u1?per_page=2`);
    const other = await api.get(`/syncs/${sync}/rows/u2?cursor=${body.pagination.next_cursor}`);
    expect(other).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
  });

  const strangeKeys = [
    'a/b',
    '/',
    'a b',
    '100%',
    '%2F',
    `it's "quoted"`,
    'tab\tand\nline\\N',
    'Zoë 😀',
    'a,b',
    '?x=1&y#z',
    'ＡＢ',
    '\\',
    ' ',
  ];

  test('a row is found by its key whatever that holds, the empty one and dots included', async () => {
    for (const key of [...strangeKeys, '', '.', '..']) await user(key, 'a');
    const sync = await intoTable();
    const run = await engine.run(sync);
    expect(run).toMatchObject({ rows_created: strangeKeys.length + 3, rows_failed: 0 });
    for (const key of strangeKeys) {
      expect(await story(sync, key)).toMatchObject({
        row_id: key,
        snapshot: { state: 'acknowledged' },
        data: [{ run_id: run.id, result: 'created' }],
      });
    }
    for (const key of [...strangeKeys, '', '.', '..']) {
      const { body } = await api.get(`/syncs/${sync}/rows?row_key=${encodeURIComponent(key)}`);
      expect(body).toMatchObject({ row_id: key, data: [{ run_id: run.id }] });
    }
    expect((await api.get(`/syncs/${sync}/rows`)).status).toBe(400);
    expect(await told(sync, 'A/B')).toEqual([]);
  });

  test('keys of two columns are written as row ids are, commas in their values included', async () => {
    const rows = [
      { id: 'a', part: 'b', email: 'x' },
      { id: 'a,b', part: 'c', email: 'x' },
      { id: '', part: '', email: 'x' },
    ];
    await engine.warehouse('pairs').insert(rows);
    const sync = await engine.sync({
      sql: 'SELECT * FROM pairs',
      rowKey: ['id', 'part'],
      mapping: ['id', 'part', 'email'].map((column) => ({ column, field: column })),
      object: { table: 'pairs' },
    });
    await engine.run(sync);
    for (const key of ['a,b', 'a,b,c', ',']) expect(await told(sync, key)).toEqual(['create created']);
    for (const key of ['a', 'a,c', 'b,a']) expect(await told(sync, key)).toEqual([]);
    const { status, body } = await api.get(`/syncs/${sync}/rows/${encodeURIComponent(','.repeat(100))}`);
    expect([status, body.errors]).toMatchObject([422, [{ code: 'ambiguous_row_key' }]]);
  });

  test('where keys are compared without their case, so are stories', async () => {
    await user('Ada@Example.org', 'a');
    const sync = await intoTable({ settings: { keyMatch: 'lower' } });
    await engine.run(sync);
    expect(await told(sync, 'ADA@example.ORG')).toEqual(['create created']);
    expect((await story(sync, 'ada@example.org')).snapshot.state).toBe('acknowledged');
  });

  test('a key that comes with different values is refused before anything is sent', async () => {
    await user('u1', 'a', 'b');
    await user('u2', 'a');
    const sync = await intoTable();
    await engine.run(sync);
    const body = await story(sync, 'u1');
    expect(body).toMatchObject({
      snapshot: { state: 'absent' },
      data: [
        {
          operation: null,
          result: 'failed',
          attempts: null,
          sent_at: null,
          error: { code: 'duplicate_key' },
        },
      ],
    });
  });

  test('a dry run says what it would have done', async () => {
    await user('u1', 'a');
    const sync = await intoTable();
    await engine.run(sync, { kind: 'dry_run' });
    expect(await story(sync, 'u1')).toMatchObject({
      snapshot: { state: 'absent' },
      data: [{ kind: 'dry_run', operation: 'create', result: 'planned', attempts: null }],
    });
  });

  test('rows of a run that failed midway: answered, unanswered, not attempted', async () => {
    for (let n = 0; n < 30; n += 1) await user(`u${String(n).padStart(2, '0')}`, 'a');
    const sync = await engine.sync({
      sql: 'SELECT * FROM users ORDER BY id',
      mapping: rowMapping,
      settings: { patienceSeconds: 0 },
      destination: http.destination({ concurrency: 1, timeout_seconds: 0.3 }),
    });
    // The second call is taken and never answered.
    http.faultOf = (at) => (at === 0 ? null : (_, take) => take());
    expect(await engine.run(sync)).toMatchObject({
      status: 'failed',
      rows_created: 10,
      rows_unknown: 10,
      rows_not_attempted: 10,
    });
    expect(await story(sync, 'u00')).toMatchObject({
      snapshot: { state: 'acknowledged' },
      data: [{ status: 'failed', result: 'created', unsure: false }],
    });
    expect(await story(sync, 'u15')).toMatchObject({
      snapshot: { state: 'unsure_new' },
      data: [{ operation: 'create', result: 'unknown', unsure: true, answered_at: null, error: null }],
    });
    expect(await story(sync, 'u25')).toMatchObject({
      snapshot: { state: 'absent' },
      data: [{ operation: 'create', result: 'not_attempted', unsure: false, attempts: null }],
    });

    // The next run is refused as a whole before anything can have effect.
    http.faultOf = () => refusal(401);
    await engine.knex('sync_leases').where({ sync_id: sync }).update({ no_write_before: null });
    expect(await engine.run(sync)).toMatchObject({ status: 'failed' });
    const [latest, before] = (await story(sync, 'u15')).data;
    expect([latest.result, before.result]).toEqual(['not_attempted', 'unknown']);
  });

  test('another workspace’s sync has no rows', async () => {
    const missing = await api.get(`/syncs/sync_00000000000000000000000000/rows/u1`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'not_found' } });
  });
});
