// Makes stored models for tests; their SQL is never run here.
import type { Knex } from 'knex';
import { ModelStore, type NewModel, type StoredModel } from '../../db/configuration/model-store';
import { aSource } from './a-source';
import { aWorkspace, uniqueSuffix } from './a-workspace';

/** A model over users, with workspace and source of its own unless they are named. */
export async function aModel(knex: Knex, overrides: Partial<NewModel> = {}): Promise<StoredModel> {
  const workspaceId = overrides.workspaceId ?? (await aWorkspace(knex)).id;
  return new ModelStore(knex).create({
    workspaceId,
    name: `Model ${uniqueSuffix()}`,
    sourceId: overrides.sourceId ?? (await aSource(knex, { workspaceId })).id,
    sql: 'SELECT id, email, last_name FROM users',
    rowKey: ['id'],
    columns: [
      { name: 'id', type: 'text' },
      { name: 'email', type: 'text' },
      { name: 'last_name', type: 'text' },
    ],
    ...overrides,
  });
}
