// The configuration stores on real PostgreSQL: what they keep, and that a workspace is a wall.
import type { Knex } from 'knex';
import { DestinationStore } from '../../../db/configuration/destination-store';
import { ModelStore } from '../../../db/configuration/model-store';
import { NameTakenError } from '../../../db/configuration/name-taken';
import { loadPinnedConfig } from '../../../db/configuration/pinned-config';
import { SourceStore } from '../../../db/configuration/source-store';
import { SyncStore } from '../../../db/configuration/sync-store';
import { TokenStore } from '../../../db/configuration/token-store';
import { connect } from '../../../db/connect';
import { SealBrokenError } from '../../../db/seal';
import { seedWorkspace } from '../../../db/seed-workspace';
import { defaultSettings } from '../../../domain/sync';
import { aDestination } from '../../factories/a-destination';
import { aModel } from '../../factories/a-model';
import { aRun } from '../../factories/a-run';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { aToken, aWorkspace, testSecretKey } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';

let database: TestDatabase;
let knex: Knex;
const firstPage = { page: 1, perPage: 20 };

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 4 });
});

afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

test('a source gives its connection back with the secrets opened', async () => {
  const source = await aSource(knex, { url: 'postgres://reader:s3cret@db.invalid:6000/shop' });
  expect(source.config).toEqual({ host: 'db.invalid', port: 6000, database: 'shop', user: 'reader' });
  const connection = await new SourceStore(knex, testSecretKey).connection(source.workspaceId, source.id);
  expect(connection).toEqual({
    kind: 'postgres',
    config: source.config,
    secrets: { url: 'postgres://reader:s3cret@db.invalid:6000/shop' },
  });
});

test('what is read of a source or destination has no secret in it', async () => {
  const source = await aSource(knex, { url: 'postgres://reader:canary-77@db.invalid/shop' });
  const destination = await aDestination(knex, {
    secrets: { headers: { Authorization: 'Bearer canary-77' } },
  });
  const shown = JSON.stringify([
    await new SourceStore(knex, testSecretKey).find(source.workspaceId, source.id),
    await new DestinationStore(knex, testSecretKey).find(destination.workspaceId, destination.id),
  ]);
  expect(shown).toContain('"hasSecrets":true');
  expect(shown).not.toContain('canary-77');
  const { rows } = await knex.raw(
    `SELECT encode(secrets_sealed, 'escape') FROM sources UNION ALL SELECT encode(secrets_sealed, 'escape') FROM destinations`,
  );
  expect(JSON.stringify(rows)).not.toContain('canary-77');
});

test('secrets moved to another row do not open', async () => {
  const [one, other] = [await aSource(knex), await aSource(knex)];
  await knex.raw(
    `UPDATE sources SET secrets_sealed = (SELECT secrets_sealed FROM sources WHERE id = ?) WHERE id = ?`,
    [one.id, other.id],
  );
  const store = new SourceStore(knex, testSecretKey);
  await expect(store.connection(other.workspaceId, other.id)).rejects.toThrow(SealBrokenError);
});

test('every store answers for its own workspace only', async () => {
  const sync = await aSync(knex);
  const stranger = (await aWorkspace(knex)).id;
  const model = await new ModelStore(knex).find(sync.workspaceId, sync.modelId);
  const sources = new SourceStore(knex, testSecretKey);
  const destinations = new DestinationStore(knex, testSecretKey);

  expect(await new SyncStore(knex).find(stranger, sync.id)).toBeNull();
  expect(await new ModelStore(knex).find(stranger, sync.modelId)).toBeNull();
  expect(await sources.find(stranger, model?.sourceId ?? '')).toBeNull();
  await expect(sources.connection(stranger, model?.sourceId ?? '')).rejects.toThrow(/is not in workspace/);
  expect(await destinations.find(stranger, sync.destinationId)).toBeNull();
  for (const store of [new SyncStore(knex), new ModelStore(knex), sources, destinations]) {
    expect(await store.list(stranger, {}, firstPage)).toEqual({ rows: [], total: 0 });
    expect((await store.list(sync.workspaceId, {}, firstPage)).total).toBe(1);
  }
});

test('a model cannot be stored over another workspace’s source', async () => {
  const source = await aSource(knex);
  await expect(aModel(knex, { sourceId: source.id })).rejects.toThrow(/models_source_in_workspace/);
});

test('a name is taken within its workspace only, and taking it twice leaves nothing behind', async () => {
  const sync = await aSync(knex);
  const again = { workspaceId: sync.workspaceId, name: sync.name };
  await expect(aSync(knex, again)).rejects.toThrow(NameTakenError);
  expect((await new SyncStore(knex).list(sync.workspaceId, {}, firstPage)).total).toBe(1);
  expect((await aSync(knex, { name: sync.name })).name).toBe(sync.name);
});

test('a list is paged in order of creation and filtered by exact name', async () => {
  const workspaceId = (await aWorkspace(knex)).id;
  const names = ['a%', 'a', 'ab', 'b'];
  for (const name of names) await aSource(knex, { workspaceId, name });
  const store = new SourceStore(knex, testSecretKey);
  const second = await store.list(workspaceId, {}, { page: 2, perPage: 3 });
  expect([second.rows.map((row) => row.name), second.total]).toEqual([['b'], 4]);
  const named = await store.list(workspaceId, { name: 'a%' }, firstPage);
  expect([named.rows.map((row) => row.name), named.total]).toEqual([['a%'], 1]);
});

test('a sync’s settings are stored whole, those not given by their defaults', async () => {
  const sync = await aSync(knex, { settings: { maxRows: 10 } });
  const found = await new SyncStore(knex).find(sync.workspaceId, sync.id);
  expect(found).toEqual(sync);
  expect(found?.settings).toEqual({ ...defaultSettings, maxRows: 10 });
  const stored = await knex('sync_versions').where({ sync_id: sync.id }).first('settings');
  expect(stored.settings).toEqual({ ...defaultSettings, maxRows: 10 });
});

test('column and field names of any shape come back as they were', async () => {
  const odd = ['a.b', 'x as y', '"quoted"', 'ü–ñ', "it's", '??', '--'];
  const columns = odd.map((name) => ({ name, type: 'text' }));
  const model = await aModel(knex, { columns, rowKey: odd });
  expect(await new ModelStore(knex).find(model.workspaceId, model.id)).toMatchObject({
    columns,
    rowKey: odd,
  });
});

test('a run keeps the versions it started with when the sync and the model move on', async () => {
  const sync = await aSync(knex);
  const run = await aRun(knex, { sync, status: 'running' });
  await knex('sync_versions').insert({
    sync_id: sync.id,
    version: 2,
    workspace_id: sync.workspaceId,
    mode: 'mirror',
    mapping: '[]',
    object: '{}',
    settings: '{}',
  });
  await knex('syncs').where({ id: sync.id }).update({ version: 2 });
  const model = await new ModelStore(knex).find(sync.workspaceId, sync.modelId);
  expect(await loadPinnedConfig(knex, run.id)).toEqual({
    published: { journal: false, plan: false },
    retry: null,
    workspaceId: sync.workspaceId,
    syncId: sync.id,
    syncVersion: 1,
    sync: { mode: 'upsert', mapping: sync.mapping, object: {}, settings: defaultSettings },
    kind: 'normal',
    allowDeletes: false,
    modelId: sync.modelId,
    modelVersion: 1,
    sql: model?.sql,
    rowKey: ['id'],
    columns: model?.columns,
    sourceId: model?.sourceId,
    destinationId: sync.destinationId,
  });
});

test('a run that has not started has pinned nothing', async () => {
  const run = await aRun(knex, { status: 'queued' });
  await expect(loadPinnedConfig(knex, run.id)).rejects.toThrow(/has pinned no configuration/);
});

test('a token is found by its secret, not when revoked, and is not stored in clear', async () => {
  const { id, token, workspaceId } = await aToken(knex, (await aWorkspace(knex)).id, ['read']);
  const store = new TokenStore(knex);
  expect(await store.findByToken(token)).toMatchObject({ id, workspaceId, scopes: ['read'] });
  expect(await store.findByToken(token.toUpperCase())).toBeNull();
  const atOnce = [token, token, token.toUpperCase(), token].map((presented) => store.findByToken(presented));
  expect((await Promise.all(atOnce)).map((found) => found?.id ?? null)).toEqual([id, id, null, id]);
  const { rows } = await knex.raw(`SELECT t::text FROM api_tokens t`);
  expect(JSON.stringify(rows)).not.toContain(token);
  await knex('api_tokens').where({ id }).update({ revoked_at: knex.fn.now() });
  expect(await store.findByToken(token)).toBeNull();
});

test('seeding twice, or at once, makes one workspace and one token', async () => {
  const input = { workspaceName: 'Seeded', apiToken: 'first-token-of-this-installation' };
  const seeded = await Promise.all([seedWorkspace(knex, input), seedWorkspace(knex, input)]);
  seeded.push(await seedWorkspace(knex, input));
  expect(new Set(seeded.map((one) => one.workspaceId)).size).toBe(1);
  const tokens = await knex('api_tokens').where({ workspace_id: seeded[0]?.workspaceId });
  expect(tokens).toHaveLength(1);
  expect(tokens[0].scopes).toEqual(['read', 'trigger', 'write', 'admin']);
});

test('a changed API_TOKEN replaces the one before; going back revives it', async () => {
  const store = new TokenStore(knex);
  const seed = (apiToken: string | null) => seedWorkspace(knex, { workspaceName: 'Rotated', apiToken });
  const { workspaceId } = await seed('token-number-one');
  const other = await aToken(knex, workspaceId, ['read']);
  await seed('token-number-two');
  expect(await store.findByToken('token-number-one')).toBeNull();
  expect(await store.findByToken('token-number-two')).not.toBeNull();
  await seed('token-number-one');
  await seed(null);
  expect(await store.findByToken('token-number-one')).not.toBeNull();
  expect(await store.findByToken('token-number-two')).toBeNull();
  expect(await store.findByToken(other.token)).not.toBeNull();
});

test('an API_TOKEN that was revoked by a token stays revoked; another one is taken', async () => {
  const store = new TokenStore(knex);
  const seed = (apiToken: string) => seedWorkspace(knex, { workspaceName: 'Leaked', apiToken });
  const { workspaceId, isTokenRevoked } = await seed('token-that-leaked');
  expect(isTokenRevoked).toBe(false);
  const admin = await aToken(knex, workspaceId);
  const leaked = await store.findByToken('token-that-leaked');
  expect(await store.revoke(workspaceId, leaked?.id ?? '', admin.id)).toBe(true);
  expect(await seed('token-that-leaked')).toEqual({ workspaceId, isTokenRevoked: true });
  expect(await store.findByToken('token-that-leaked')).toBeNull();
  await Promise.all([seed('token-after-it'), seed('token-after-it')]);
  expect(await store.findByToken('token-after-it')).toMatchObject({ workspaceId, name: 'API_TOKEN' });
});

test('programs that start at once with different tokens leave one of them', async () => {
  const tokens = Array.from({ length: 4 }, (_, at) => `started-with-token-${at}`);
  const seeded = await Promise.all(
    tokens.map((apiToken) => seedWorkspace(knex, { workspaceName: 'Started', apiToken })),
  );
  const valid = await knex('api_tokens')
    .where({ workspace_id: seeded[0]?.workspaceId })
    .whereNull('revoked_at');
  expect(valid).toHaveLength(1);
});
