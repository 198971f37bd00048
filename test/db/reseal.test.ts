// Changing SECRET_KEY: what the old key has sealed stays readable with both, and is sealed with the new one once and for all.
import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { DestinationStore } from '../../db/configuration/destination-store';
import { SourceStore } from '../../db/configuration/source-store';
import { connect } from '../../db/connect';
import { keepAnswer, takeKey } from '../../db/idempotency/idempotency-store';
import { resealAll, sealedColumns } from '../../db/reseal';
import { SealBrokenError } from '../../db/seal';
import { aWorkspace, uniqueSuffix } from '../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../support/database';

const [oldKey, newKey, foreignKey] = [randomBytes(32), randomBytes(32), randomBytes(32)];
const url = 'postgres://u:pässwörd@h/db';

let database: TestDatabase;
let knex: Knex;
let workspaceId: string;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
  workspaceId = (await aWorkspace(knex)).id;
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const source = (key: Buffer) =>
  new SourceStore(knex, key).create({
    workspaceId,
    name: `s ${uniqueSuffix()}`,
    kind: 'postgres',
    config: {},
    secrets: { url },
  });

test('every column that holds something sealed is known here', async () => {
  const { rows } = await knex.raw<{ rows: { table_name: string; column_name: string }[] }>(
    `SELECT table_name, column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name LIKE '%sealed%'
       -- Gone within two minutes: nobody reads them after a change of the key.
       AND table_name <> 'previews'`,
  );
  const found = rows.map((row) => `${row.table_name}.${row.column_name}`);
  expect(sealedColumns.map(({ table, column }) => `${table}.${column}`).toSorted()).toEqual(found.toSorted());
});

test('with both keys everything is readable; afterwards the new one is enough and the old one of no use', async () => {
  const sources = await Promise.all(Array.from({ length: 450 }, () => source(oldKey)));
  const bare = await new DestinationStore(knex, oldKey).create({
    workspaceId,
    name: 'without secrets',
    kind: 'http',
    config: {},
    secrets: null,
  });
  const request = { workspaceId, id: randomBytes(32), requestHash: randomBytes(32) };
  const answer = { status: 201, headers: {}, body: '{}' };
  await knex.transaction((trx) => keepAnswer(trx, oldKey, request, answer));
  const young = await source(newKey);
  const both = new SourceStore(knex, [newKey, oldKey]);
  for (const { id } of [sources[0], young].flatMap((made) => made ?? []))
    expect((await both.connection(workspaceId, id)).secrets).toEqual({ url });

  expect(await resealAll(knex, [newKey, oldKey])).toEqual({ resealed: 451, unopened: 0 });
  expect(await resealAll(knex, [newKey, oldKey])).toEqual({ resealed: 0, unopened: 0 });
  const [fresh, stale] = [new SourceStore(knex, newKey), new SourceStore(knex, oldKey)];
  for (const { id } of sources) expect((await fresh.connection(workspaceId, id)).secrets).toEqual({ url });
  await expect(stale.connection(workspaceId, sources[0]?.id ?? '')).rejects.toThrow(SealBrokenError);
  expect((await new DestinationStore(knex, newKey).connection(workspaceId, bare.id)).secrets).toEqual({});
  await knex.transaction(async (trx) => {
    expect(await takeKey(trx, newKey, request)).toEqual({ is: 'answered', answer });
  });
});

test('what neither key opens is counted and left as it is', async () => {
  const { id } = await source(foreignKey);
  const before = await knex('sources').where({ id }).first('secrets_sealed');
  expect(await resealAll(knex, [newKey, oldKey])).toEqual({ resealed: 0, unopened: 1 });
  expect(await knex('sources').where({ id }).first('secrets_sealed')).toEqual(before);
  expect((await new SourceStore(knex, foreignKey).connection(workspaceId, id)).secrets).toEqual({ url });
});
