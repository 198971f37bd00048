// Checking a sync over HTTP, by a real worker that looks at a real warehouse and a real table.
import { temporalInspector } from '../../../api/configuration/inspector';
import { aDestination } from '../../factories/a-destination';
import { aSync } from '../../factories/a-sync';
import { aWorkspace } from '../../factories/a-workspace';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';

let engine: Engine;
let api: EngineApi;
beforeAll(async () => {
  engine = await Engine.start();
  await engine.warehouse.raw(`CREATE TABLE users (id text PRIMARY KEY, email text)`);
  const inspector = temporalInspector(engine.client, { taskQueue: engine.taskQueue });
  api = await engineApi(engine, { inspector });
});
afterAll(async () => {
  await api.close();
  await engine.close();
});

const mapping = [
  { column: 'id', field: 'id' },
  { column: 'email', field: 'email' },
];
const aSyncTo = (table: string, overrides: object = {}): Promise<string> =>
  engine.sync({ sql: 'SELECT id, email FROM users', mapping, object: { table }, ...overrides });

interface WireCheck {
  name: string;
  ok: boolean;
  detail: string;
}

async function check(syncId: string) {
  const { status, body } = await api.post(`/syncs/${syncId}/check`);
  expect(status).toBe(200);
  const checks: WireCheck[] = body.checks;
  const failed = checks.filter(({ ok }) => !ok).map(({ name, detail }) => `${name}: ${detail}`);
  expect(body).toEqual({ ok: failed.length === 0, checks, duration_ms: expect.any(Number) });
  expect(checks.map(({ name }) => name)).toEqual([
    'source',
    'model',
    'mapping',
    'destination',
    'destination_writes',
  ]);
  return failed;
}

test('a sync that could run passes every check, and nothing is written', async () => {
  await engine.target.raw(`CREATE TABLE fine (id text PRIMARY KEY, email text)`);
  expect(await check(await aSyncTo('fine'))).toEqual([]);
  const { rows } = await engine.target.raw(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname = 'fine'`,
  );
  expect([rows, await engine.target('fine')]).toEqual([[{ relname: 'fine' }], []]);
});

test('a table that is missing, lacks a field or its unique index is told, with what to do', async () => {
  expect(await check(await aSyncTo('nowhere'))).toEqual([
    'destination_writes: Destination cannot take this sync: there is no table "nowhere", or its schema is closed to this user',
  ]);
  await engine.target.raw(`CREATE TABLE narrow (id text PRIMARY KEY)`);
  expect(await check(await aSyncTo('narrow'))).toEqual([
    'destination_writes: Destination cannot take this sync: table "narrow" has no column "email"',
  ]);
  await engine.target.raw(`CREATE TABLE keyless (id text, email text)`);
  expect(await check(await aSyncTo('keyless'))).toEqual([expect.stringContaining('CREATE UNIQUE INDEX')]);
});

test('a mapped column that the model has lost is told by name', async () => {
  await engine.target.raw(`CREATE TABLE aged (id text PRIMARY KEY, email text)`);
  expect(await check(await aSyncTo('aged', { sql: 'SELECT id, id AS mail FROM users' }))).toEqual([
    'mapping: The model has no column "email"; did you mean "mail"?',
  ]);
});

test('of very many lost columns the first ten are told by name', async () => {
  const lost = Array.from({ length: 200 }, (_, at) => ({ column: `lost${at}`, field: `lost${at}` }));
  const syncId = await aSyncTo('aged', { mapping: [...mapping, ...lost] });
  const [told = ''] = await check(syncId);
  expect(told).toContain('"lost9"');
  expect(told).not.toContain('"lost10"');
  expect(told).toMatch(/ and 190 more$/);
});

describe('types', () => {
  const detailOf = async (syncId: string): Promise<string> => {
    const { body } = await api.post(`/syncs/${syncId}/check`);
    return body.checks.find(({ name }: WireCheck) => name === 'destination_writes').detail;
  };

  test('that can never fit fail the check, each named with its column and field', async () => {
    await engine.target.raw(`CREATE TABLE typed (id text PRIMARY KEY, email boolean, plan int)`);
    const syncId = await aSyncTo('typed', {
      sql: `SELECT id, now() AS email, true AS plan FROM users`,
      mapping: [...mapping, { column: 'plan', field: 'plan' }],
    });
    expect(await check(syncId)).toEqual([
      'destination_writes: Types do not fit. ' +
        '"email" (timestamp with time zone) to "email" (boolean): no value but null can be written; ' +
        '"plan" (boolean) to "plan" (integer): no value but null can be written',
    ]);
  });

  test('that fit some values are told, and are no fault', async () => {
    await engine.target.raw(`CREATE TABLE numbered (id text PRIMARY KEY, email int)`);
    const syncId = await aSyncTo('numbered');
    expect(await check(syncId)).toEqual([]);
    expect(await detailOf(syncId)).toBe(
      'The destination would take the rows. ' +
        '"email" (text) to "email" (integer): a value that does not read as that type is refused',
    );
  });

  test('that an assignment converts are not told', async () => {
    await engine.target.raw(
      `CREATE TABLE wide (id varchar(3) PRIMARY KEY, email timestamptz, born date, n numeric(4,1))`,
    );
    const fields = ['email', 'born', 'n'].map((name) => ({ column: name, field: name }));
    const syncId = await aSyncTo('wide', {
      sql: `SELECT id, current_date AS email, localtimestamp AS born, 7::bigint AS n FROM users`,
      mapping: [mapping[0], ...fields],
    });
    expect(await detailOf(syncId)).toBe('The destination would take the rows');
  });
});

test('a wrong model and a source that cannot be reached keep the mapping unchecked', async () => {
  await engine.target.raw(`CREATE TABLE wrong (id text PRIMARY KEY, email text)`);
  const unknown = 'mapping: Not checked: the columns of the model are not known';
  expect(await check(await aSyncTo('wrong', { sql: 'SELECT\n nothing FROM users' }))).toEqual([
    expect.stringMatching(/^model: Model query failed: .*line 2/),
    unknown,
  ]);
  const sourceUrl = 'postgres://u:p@127.0.0.1:1/d';
  expect(await check(await aSyncTo('wrong', { sourceUrl }))).toEqual([
    expect.stringMatching(/^source: Source connection failed: /),
    'model: Not checked: the source failed its check',
    unknown,
  ]);
});

test('a destination that cannot be reached is one that could not be asked about its table', async () => {
  const secrets = { url: 'postgres://u:p@127.0.0.1:1/d' };
  const destination = { kind: 'postgres', config: {}, secrets };
  expect(await check(await aSyncTo('wrong', { destination }))).toEqual([
    expect.stringMatching(/^destination: Destination unreachable: /),
    'destination_writes: Not checked: the destination failed its check',
  ]);
});

test('without a worker it is 503 with when to come again; another workspace’s sync is 404', async () => {
  const idle = temporalInspector(engine.client, { taskQueue: 'test-nobody-polls-here', limitMs: 1_000 });
  const lonely = await engineApi(engine, { inspector: idle });
  const answer = await lonely.post(`/syncs/${await aSyncTo('fine')}/check`);
  await lonely.close();
  expect([answer.status, answer.body.code]).toEqual([503, 'inspection_unavailable']);
  const workspaceId = (await aWorkspace(engine.knex)).id;
  const destinationId = (await aDestination(engine.knex, { workspaceId })).id;
  const theirs = await aSync(engine.knex, { workspaceId, destinationId });
  expect((await api.post(`/syncs/${theirs.id}/check`)).status).toBe(404);
});
