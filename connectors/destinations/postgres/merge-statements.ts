// Owns the SQL that moves staged rows into the table. Builds text only; runs nothing.
import { escapeIdentifier } from 'pg';
import type { DeliveryTarget } from '../../destination';
import type { TableColumn, TargetTable } from './target-table';

/** Temp tables are found through pg_temp, so no table of the user's can take their place. */
export const writeStage = 'pg_temp.signalsmith_write';
export const deleteStage = 'pg_temp.signalsmith_delete';

/** Which staged rows a statement is about: all, or those with these row indexes. */
export type StagedRows = 'all' | readonly number[];

/** Table, fields and statements of one delivery. */
export interface MergeStatements {
  readonly table: TargetTable;
  readonly target: DeliveryTarget;
  /** The written columns, row key first; column i is staged as `ci`. */
  readonly columns: readonly TableColumn[];
  createStage(kind: 'write' | 'delete'): string;
  /** Answers `rows`: the indexes that were updated. */
  update(rows: StagedRows): string;
  /** Answers `count` of inserted rows, and `rows` when fewer than `wanted` were: the indexes found among them by key. */
  insert(rows: StagedRows, wanted: number): string;
  /** Answers `rows`: the indexes whose key the table holds. */
  existing(kind: 'write' | 'delete', rows: StagedRows): string;
  /** Answers `rows`: the indexes that were deleted. */
  remove(): string;
  /** Fails to plan unless the key has a unique index that ON CONFLICT can use. */
  keyProbe(): string;
}

/** The statements for one table; every field must be one of its columns. */
export function mergeStatements(table: TargetTable, target: DeliveryTarget): MergeStatements {
  const columns = target.columns.map(({ field }) => {
    const column = table.columns.get(field);
    if (!column) throw new Error(`field "${field}" was not checked against the table`);
    return column;
  });
  const names = columns.map(({ name }) => escapeIdentifier(name));
  const keys = names.slice(0, target.keyColumns);
  const staged = columns.map((_, at) => `c${at}`);
  const sameKey = keys.map((key, at) => `t.${key} = b.c${at}`).join(' AND ');
  // A sync of nothing but its row key still counts rows as updated: a write that changes nothing says whether they exist.
  const assignments =
    names.length > keys.length
      ? names.slice(keys.length).map((name, at) => `${name} = b.c${at + keys.length}`)
      : [`${keys[0]} = t.${keys[0]}`];
  const picked = (rows: StagedRows): string =>
    rows === 'all' ? 'true' : `b.ordinal = ANY ('{${rows.join(',')}}'::int[])`;
  const indexes = (body: string): string =>
    `WITH done AS (${body}) SELECT coalesce(array_agg(ordinal), '{}') AS rows FROM done`;
  const stageOf = (kind: 'write' | 'delete'): string => (kind === 'write' ? writeStage : deleteStage);
  const insertHead = `INSERT INTO ${table.sqlName} AS t (${names.join(', ')})`;

  return {
    table,
    target,
    columns,
    createStage(kind) {
      const held = kind === 'write' ? columns : columns.slice(0, target.keyColumns);
      const fields = held.map(({ sqlType }, at) => `c${at} ${sqlType}`);
      return `CREATE TEMP TABLE ${stageOf(kind)} (ordinal int, ${fields.join(', ')}) ON COMMIT DROP`;
    },
    update: (rows) =>
      indexes(
        `UPDATE ${table.sqlName} AS t SET ${assignments.join(', ')} FROM ${writeStage} AS b
         WHERE ${sameKey} AND ${picked(rows)} RETURNING b.ordinal`,
      ),
    // DO NOTHING and not DO UPDATE: what is returned was created and nothing else, on plain and partitioned tables
    // and on views alike; what is not returned gets its update afterwards.
    insert: (rows, wanted) => `
      WITH done AS (
        ${insertHead} SELECT ${staged.join(', ')} FROM ${writeStage} AS b WHERE ${picked(rows)} ORDER BY b.ordinal
        ON CONFLICT (${keys.join(', ')}) DO NOTHING RETURNING ${keys.map((key, at) => `t.${key} AS k${at}`).join(', ')}
      )
      SELECT (SELECT count(*) FROM done)::int AS count, CASE WHEN (SELECT count(*) FROM done) < ${wanted} THEN (
        SELECT coalesce(array_agg(DISTINCT b.ordinal), '{}') FROM done
        JOIN ${writeStage} AS b ON ${keys.map((_, at) => `b.c${at} = done.k${at}`).join(' AND ')} WHERE ${picked(rows)}
      ) END AS rows`,
    existing: (kind, rows) =>
      `SELECT coalesce(array_agg(b.ordinal), '{}') AS rows
       FROM ${stageOf(kind)} AS b JOIN ${table.sqlName} AS t ON ${sameKey} WHERE ${picked(rows)}`,
    remove: () =>
      indexes(
        `DELETE FROM ${table.sqlName} AS t USING ${deleteStage} AS b WHERE ${sameKey} RETURNING b.ordinal`,
      ),
    keyProbe: () =>
      `INSERT INTO ${table.sqlName} AS t (${keys.join(', ')}) OVERRIDING SYSTEM VALUE
       SELECT ${staged.slice(0, keys.length).join(', ')} FROM ${writeStage} ON CONFLICT (${keys.join(', ')}) DO NOTHING`,
  };
}
