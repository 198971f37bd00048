// What the database itself holds of deleted configuration, whoever writes: no living reference to it, no secrets in it.
import type { Knex } from 'knex';
import { DestinationStore } from '../../../db/configuration/destination-store';
import { ModelStore } from '../../../db/configuration/model-store';
import { SourceStore } from '../../../db/configuration/source-store';
import { connect } from '../../../db/connect';
import { aModel } from '../../factories/a-model';
import { aSource } from '../../factories/a-source';
import { aSync } from '../../factories/a-sync';
import { testSecretKey } from '../../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

let database: TestDatabase;
let knex: Knex;

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 4 });
});

afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const deleted = () => ({ deleted_at: knex.fn.now() });

test('nothing that a living model or sync refers to is marked as deleted', async () => {
  const sync = await aSync(knex);
  const { sourceId } = (await new ModelStore(knex).find(sync.workspaceId, sync.modelId)) ?? { sourceId: '' };
  await expect(knex('models').where({ id: sync.modelId }).update(deleted())).rejects.toThrow(
    /syncs_model_alive/,
  );
  const gone = { ...deleted(), secrets_sealed: null };
  await expect(knex('destinations').where({ id: sync.destinationId }).update(gone)).rejects.toThrow(
    /syncs_destination_alive/,
  );
  await expect(knex('sources').where({ id: sourceId }).update(gone)).rejects.toThrow(/models_source_alive/);
});

test('nothing living refers to what is deleted: not a new row, and not one that comes back', async () => {
  const sync = await aSync(knex);
  await knex('syncs').where({ id: sync.id }).update(deleted());
  expect(await new ModelStore(knex).remove({ ...sync, id: sync.modelId }, null)).toEqual({ isRemoved: true });
  await expect(aSync(knex, { workspaceId: sync.workspaceId, modelId: sync.modelId })).rejects.toThrow(
    /syncs_model_alive/,
  );
  await expect(knex('syncs').where({ id: sync.id }).update({ deleted_at: null })).rejects.toThrow(
    /syncs_model_alive/,
  );
  const source = await aSource(knex);
  await new SourceStore(knex, testSecretKey).remove(source, null);
  await expect(aModel(knex, { workspaceId: source.workspaceId, sourceId: source.id })).rejects.toThrow(
    /models_source_alive/,
  );
});

test.each(['sources', 'destinations'])('deleted %s cannot keep their secrets', async (table) => {
  const sync = await aSync(knex);
  await knex('syncs').where({ id: sync.id }).update(deleted());
  await knex('models').where({ id: sync.modelId }).update(deleted());
  await expect(knex(table).where({ workspace_id: sync.workspaceId }).update(deleted())).rejects.toThrow(
    /deleted_without_secrets/,
  );
});

test('a deletion waits for a sync that is being made, and then sees it', async () => {
  const { workspaceId, destinationId, modelId } = await aSync(knex);
  await knex('syncs').where({ destination_id: destinationId }).update(deleted());
  const store = new DestinationStore(knex, testSecretKey);
  const making = await knex.transaction();
  await making('syncs').insert({
    id: `sync_made${Date.now()}`,
    workspace_id: workspaceId,
    name: 'Being made',
    model_id: modelId,
    destination_id: destinationId,
  });
  const removing = store.remove({ workspaceId, id: destinationId }, null);
  await until('the removal to wait for a lock', async () => {
    const { rows } = await knex.raw(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return rows.length > 0;
  });
  await making.commit();
  expect(await removing).toMatchObject({ isRemoved: false, users: [{ name: 'Being made' }] });
});

test('a deleted connection cannot be opened', async () => {
  const source = await aSource(knex);
  const store = new SourceStore(knex, testSecretKey);
  await store.remove(source, null);
  await expect(store.connection(source.workspaceId, source.id)).rejects.toThrow(/is not in workspace/);
});
