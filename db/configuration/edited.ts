// Owns what sources, destinations and models have in common once they are there: who wrote them, which state of them a
// change was meant for, what keeps them from being deleted.
import type { Knex } from 'knex';

/** An object in the state that a change is meant for; each change raises its revision by one. */
export interface RevisionPlace {
  readonly workspaceId: string;
  readonly id: string;
  readonly revision: number;
}

/** The same for a deletion; without a revision any state will do. */
export interface RemovalPlace {
  readonly workspaceId: string;
  readonly id: string;
  readonly revision?: number | undefined;
}

/** What needs it: a model of a source, a sync of a model or destination. */
export interface User {
  readonly id: string;
  readonly name: string;
}

/** Removed, or kept for its users: the first of them, in order of creation, `mostUsers` and one more at most. */
export type Removal =
  { readonly isRemoved: true } | { readonly isRemoved: false; readonly users: readonly User[] };

/** As many users as are worth naming. */
export const mostUsers = 20;

/** Selects the author that a column names, as json under the column's name; null when it names none. */
export function authorIn(
  knex: Knex,
  table: 'sources' | 'destinations' | 'models',
  column: 'created_by' | 'updated_by',
): Knex.Raw {
  return knex.raw(authorSql(table, column));
}

/** The same as SQL; `table` may be an alias. Both come from code, never from a caller. */
export function authorSql(table: string, column: string): string {
  return `(SELECT json_build_object('id', author.id, 'name', author.name) FROM api_tokens AS author
    WHERE author.id = ${table}.${column} AND author.workspace_id = ${table}.workspace_id) AS ${column}`;
}
