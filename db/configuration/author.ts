// Owns how a row names who did something: by the token it was done with. Tokens are never removed.
import type { Knex } from 'knex';

/** Who did something: the token it was done with, also when it has been revoked since. Null: no token did it. */
export interface Author {
  readonly id: string;
  readonly name: string;
}

/** The author that a column names, as json; null when it names none. Table (or alias) and column come from code alone. */
export function authorOf(table: string, column: string): string {
  return `(SELECT json_build_object('id', author.id, 'name', author.name) FROM api_tokens AS author
    WHERE author.id = ${table}.${column} AND author.workspace_id = ${table}.workspace_id)`;
}

/** Selects it under the column's name. */
export function authorSql(table: string, column: string): string {
  return `${authorOf(table, column)} AS ${column}`;
}

/** The same for Knex's select. */
export function authorIn(knex: Knex, table: string, column: string): Knex.Raw {
  return knex.raw(authorSql(table, column));
}
