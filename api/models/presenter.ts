// Owns how a model looks on the wire.
import type { StoredModel } from '../../db/configuration/model-store';
import { wireTime } from '../wire-time';

export function presentModel(model: StoredModel): object {
  return {
    id: model.id,
    name: model.name,
    source_id: model.sourceId,
    sql: model.sql,
    row_key: model.rowKey,
    columns: model.columns.map(({ name, type }) => ({ name, type })),
    version: model.version,
    created_at: wireTime(model.createdAt),
    updated_at: wireTime(model.updatedAt),
  };
}
