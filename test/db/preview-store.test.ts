// Previews on real PostgreSQL: what goes in comes out once, for its own workspace and by its own key alone.
import type { Knex } from 'knex';
import { connect } from '../../db/connect';
import { type PreviewAnswer, PreviewStore } from '../../db/preview-store';
import { SealBrokenError } from '../../db/seal';
import { aSource } from '../factories/a-source';
import { aWorkspace, testSecretKey } from '../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let knex: Knex;
let previews: PreviewStore;

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 2 });
  previews = new PreviewStore(knex, testSecretKey);
});

afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const answer: PreviewAnswer = {
  rows: {
    columns: [{ name: 'email', type: 'text' }],
    rows: [[{ text: 'ada@example.org', cutFrom: null }], [{ text: null, cutFrom: null }]],
    hasMore: true,
  },
};

async function aRequest() {
  const { id: sourceId, workspaceId } = await aSource(knex);
  const request = { workspaceId, sourceId, sql: `SELECT 'ada@example.org'`, limit: 5 };
  return { request, workspaceId, id: await previews.ask(request) };
}

test('a request is read as it was asked, and its answer collected once', async () => {
  const { request, workspaceId, id } = await aRequest();
  expect(await previews.request(workspaceId, id)).toEqual(request);
  await previews.answer(workspaceId, id, answer);
  expect(await previews.collect(workspaceId, id)).toEqual(answer);
  expect(await previews.collect(workspaceId, id)).toBeNull();
  // Whoever was slow leaves nothing behind.
  await previews.answer(workspaceId, id, answer);
  expect(await knex('previews').where({ id })).toEqual([]);
});

test('a request without an answer is taken away all the same', async () => {
  const { workspaceId, id } = await aRequest();
  expect(await previews.collect(workspaceId, id)).toBeNull();
  expect(await previews.request(workspaceId, id)).toBeNull();
});

test('another workspace finds nothing', async () => {
  const { workspaceId, id } = await aRequest();
  const stranger = (await aWorkspace(knex)).id;
  expect(await previews.request(stranger, id)).toBeNull();
  await previews.answer(stranger, id, answer);
  expect(await previews.collect(stranger, id)).toBeNull();
  expect(await previews.request(workspaceId, id)).not.toBeNull();
});

test('what lies there can be read with the key alone, and an answer is no request', async () => {
  const { workspaceId, id } = await aRequest();
  await previews.answer(workspaceId, id, answer);
  const { rows } = await knex.raw(
    `SELECT encode(request_sealed, 'escape') || encode(answer_sealed, 'escape') AS all FROM previews WHERE id = ?`,
    [id],
  );
  expect(rows[0].all).not.toContain('ada');
  const other = new PreviewStore(knex, Buffer.alloc(32, 8));
  await expect(other.request(workspaceId, id)).rejects.toThrow(SealBrokenError);
  await knex('previews')
    .where({ id })
    .update({ request_sealed: knex.ref('answer_sealed') });
  await expect(previews.request(workspaceId, id)).rejects.toThrow(SealBrokenError);
});

test('its table is in no log: what a crash leaves of it is nothing', async () => {
  const { rows } = await knex.raw(`SELECT relpersistence FROM pg_class WHERE relname = 'previews'`);
  expect(rows).toEqual([{ relpersistence: 'u' }]);
});
