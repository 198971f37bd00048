// Owns what is different between two lists of a model's columns. Knows nothing of SQL.
import type { StoredColumn } from '../../db/configuration/model-store';

/** Names of columns, in order; a column that was only moved is in none of them. */
export interface ColumnChanges {
  readonly added: readonly string[];
  readonly removed: readonly string[];
  readonly retyped: readonly string[];
}

export function columnChanges(
  before: readonly StoredColumn[],
  after: readonly StoredColumn[],
): ColumnChanges {
  const typeBefore = new Map(before.map(({ name, type }) => [name, type]));
  const typeAfter = new Map(after.map(({ name, type }) => [name, type]));
  const names = (columns: readonly StoredColumn[], has: (column: StoredColumn) => boolean): string[] =>
    columns.filter(has).map(({ name }) => name);
  return {
    added: names(after, ({ name }) => !typeBefore.has(name)),
    removed: names(before, ({ name }) => !typeAfter.has(name)),
    retyped: names(after, ({ name, type }) => (typeBefore.get(name) ?? type) !== type),
  };
}
