// Owns what a model must be to be stored: described by its source, with its row key in the result, and fit for the syncs that
// read it. Connects to nothing.
import type { MappingSync, ModelContent, StoredColumn } from '../../db/configuration/model-store';
import type { Failure } from '../../domain/failure';
import type { InspectResult } from '../../workflows/messages';
import { ApiError, type Fault, unprocessable } from '../errors';
import { nearMatches } from '../configuration/near-matches';

/** The columns that the source has told. Throws the problem that its failure amounts to. `sourceAt`: as below. */
export function describedColumns(
  { ok, columns, failure, checks }: InspectResult,
  sourceAt?: string,
): readonly StoredColumn[] {
  if (ok && columns) return columns;
  if (failure) throw modelProblem(failure, sourceAt);
  throw new ApiError(
    'inspection_failed',
    checks.find((check) => !check.ok)?.detail ?? 'It cannot be told why.',
  );
}

/** A source's failure, laid at the key of the body that it is about. `sourceAt`: where the body names the source. */
export function modelProblem({ code, message: detail }: Failure, sourceAt = '/source_id'): ApiError {
  if (code === 'model_query_failed') return new ApiError(code, detail, [{ pointer: '/sql', code, detail }]);
  if (code === 'source_connection_failed') {
    return new ApiError(code, detail, [{ pointer: sourceAt, code, detail }]);
  }
  return new ApiError('inspection_failed', detail);
}

/** Throws `row_key_not_in_model`. `at`: the key of the body that is at fault. */
export function assertRowKey(
  rowKey: readonly string[],
  columns: readonly StoredColumn[],
  at: 'row_key' | 'sql' = 'row_key',
): void {
  const names = columns.map((column) => column.name);
  const faults = rowKey.flatMap((column, index) =>
    names.includes(column)
      ? []
      : [
          {
            pointer: at === 'row_key' ? `/row_key/${index}` : '/sql',
            code: 'unknown_column',
            detail: `The model has no column "${column}"${nearMatches(column, names)}`,
          },
        ],
  );
  if (faults.length > 0) throw unprocessable(faults, 'row_key_not_in_model');
}

/** Throws when a sync maps a column that is to go, or does not map one that is to be in the row key: its runs would fail. */
export function assertSyncsFit({ rowKey, columns }: ModelContent, syncs: readonly MappingSync[]): void {
  const names = new Set(columns.map(({ name }) => name));
  const faults: Fault[] = syncs.flatMap((sync) => [
    ...sync.columns
      .filter((column) => !names.has(column))
      .map((column) => ({
        pointer: '/sql',
        code: 'column_in_use',
        detail: `The sync "${sync.name}" (${sync.id}) maps the column "${column}", which the result would not have.`,
      })),
    ...rowKey
      .filter((column) => !sync.columns.includes(column))
      .map((column) => ({
        pointer: '/row_key',
        code: 'row_key_not_mapped',
        detail: `The sync "${sync.name}" (${sync.id}) does not map the column "${column}", which would be in the row key.`,
      })),
  ]);
  if (faults.length > 0) throw unprocessable(faults);
}

/** The body's `source_id` names none. */
export function unknownSource(): ApiError {
  return unprocessable([
    { pointer: '/source_id', code: 'unknown_source', detail: 'This source does not exist.' },
  ]);
}
