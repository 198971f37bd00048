// Owns what the destination's catalog says about the table a sync writes to. Judges nothing.
import { type Client, escapeIdentifier } from 'pg';
import type { DestinationObject } from '../../../domain/sync';

/** One column of the table. */
export interface TableColumn {
  readonly name: string;
  /** Its type as SQL, with length and collation: a staged column of this type takes exactly what the table takes. */
  readonly sqlType: string;
  /** The type alone, as a PL/pgSQL variable has it. */
  readonly bareType: string;
  /** Computed by the table itself, so nothing can be written to it. */
  readonly generated: boolean;
  /** GENERATED ALWAYS AS IDENTITY: INSERT refuses a value for it, COPY takes it. */
  readonly numbered: boolean;
}

/** The table as found; `sqlName` is quoted and qualified. */
export interface TargetTable {
  readonly oid: string;
  readonly sqlName: string;
  readonly rowSecurity: boolean;
  /** Whether it stores rows itself or in partitions, and no rule rewrites what is written to it. */
  readonly plain: boolean;
  readonly columns: ReadonlyMap<string, TableColumn>;
}

/** The table of exactly that name, looked up in the search path when no schema is named; null when there is none. */
export async function findTable(client: Client, object: DestinationObject): Promise<TargetTable | null> {
  const parts = [object.schema, object.table].filter((part) => part !== undefined && part !== '');
  const found = await client.query<{
    oid: string;
    schema: string;
    name: string;
    row_security: boolean;
    plain: boolean;
  }>(
    `SELECT c.oid::text AS oid, n.nspname AS schema, c.relname AS name, c.relrowsecurity AS row_security,
       c.relkind IN ('r', 'p') AND NOT c.relhasrules AS plain
     FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.oid = to_regclass($1) AND c.relkind IN ('r', 'p', 'v', 'f')`,
    [parts.map((part) => escapeIdentifier(part ?? '')).join('.')],
  );
  const [table] = found.rows;
  // The server cuts a name of more than 63 bytes, and would find whose name it becomes.
  if (!table || table.name !== object.table) return null;
  if (object.schema && table.schema !== object.schema) return null;
  const columns = await client.query<{
    name: string;
    type: string;
    collation: string | null;
    generated: boolean;
    numbered: boolean;
  }>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, a.attgenerated <> '' AS generated,
       a.attidentity = 'a' AS numbered,
       CASE WHEN a.attcollation <> t.typcollation THEN quote_ident(n.nspname) || '.' || quote_ident(l.collname) END AS collation
     FROM pg_attribute a
     JOIN pg_type t ON t.oid = a.atttypid
     LEFT JOIN pg_collation l ON l.oid = a.attcollation
     LEFT JOIN pg_namespace n ON n.oid = l.collnamespace
     WHERE a.attrelid = $1::oid AND a.attnum > 0 AND NOT a.attisdropped`,
    [table.oid],
  );
  return {
    oid: table.oid,
    sqlName: `${escapeIdentifier(table.schema)}.${escapeIdentifier(table.name)}`,
    rowSecurity: table.row_security,
    plain: table.plain,
    columns: new Map(
      columns.rows.map(({ name, type, collation, generated, numbered }) => [
        name,
        {
          name,
          sqlType: collation ? `${type} COLLATE ${collation}` : type,
          bareType: type,
          generated,
          numbered,
        },
      ]),
    ),
  };
}
