// Owns how a model and its versions look on the wire.
import type { ModelContent, StoredModel } from '../../db/configuration/model-store';
import type { ModelVersion } from '../../db/views/model-versions-view';
import { presentAuthor } from '../configuration/author-presenter';
import { configurationEtag } from '../configuration/configuration-etag';
import { wireTime } from '../wire-time';
import { columnChanges } from './column-changes';

export function presentModel(model: StoredModel): object {
  return {
    id: model.id,
    name: model.name,
    source_id: model.sourceId,
    ...presentContent(model),
    version: model.version,
    created_at: wireTime(model.createdAt),
    created_by: presentAuthor(model.createdBy),
    updated_at: wireTime(model.updatedAt),
    updated_by: presentAuthor(model.updatedBy),
  };
}

/** The same as an answer of its own, with the ETag of this state of it. */
export function modelAnswerOf(model: StoredModel): { body: object; etag: string } {
  const body = presentModel(model);
  return { body, etag: configurationEtag(model.revision, body) };
}

export function presentModelVersion(version: ModelVersion): object {
  return {
    version: version.version,
    ...presentContent(version),
    changes: version.before && changesBetween(version.before, version),
    created_at: wireTime(version.createdAt),
    created_by: presentAuthor(version.createdBy),
  };
}

function presentContent({ sql, rowKey, columns }: ModelContent): object {
  return { sql, row_key: rowKey, columns: columns.map(({ name, type }) => ({ name, type })) };
}

function changesBetween(before: ModelContent, after: ModelContent): object {
  const { added, removed, retyped } = columnChanges(before.columns, after.columns);
  return {
    sql: before.sql !== after.sql,
    row_key: JSON.stringify(before.rowKey) !== JSON.stringify(after.rowKey),
    columns_added: added,
    columns_removed: removed,
    columns_retyped: retyped,
  };
}
