// Owns writing the schema down: the same text for the same schema, read from the catalogue. Does not create anything.
import type { Knex } from 'knex';

interface ColumnRow {
  table_name: string;
  name: string;
  type: string;
  not_null: boolean;
  default_value: string | null;
  identity: '' | 'a' | 'd';
  storage: string | null;
  is_generated: boolean;
  is_unlogged: boolean;
}

interface NamedDefinition {
  table_name: string;
  definition: string;
}

// Knex's own tables are not part of our schema.
const ours = `n.nspname = 'public' AND c.relname NOT LIKE 'knex_migrations%'`;

/** Functions, then all tables, by name: columns in order, constraints, indexes and triggers by name. Ends with a line break. */
export async function dumpSchema(knex: Knex): Promise<string> {
  const [functions, columns, constraints, indexes, triggers] = await Promise.all([
    readFunctions(knex),
    readColumns(knex),
    readConstraints(knex),
    readIndexes(knex),
    readTriggers(knex),
  ]);
  const tables = [...new Set(columns.map((column) => column.table_name))];
  const of = (rows: NamedDefinition[], table: string): string[] =>
    rows.filter((row) => row.table_name === table).map((row) => row.definition);
  const blocks = tables.map((table) => {
    const own = columns.filter((column) => column.table_name === table);
    const lines = [...own.map(columnLine), ...of(constraints, table)].map((line) => `  ${line}`);
    const after = [...of(indexes, table), ...of(triggers, table)].map((definition) => `${definition};`);
    const create = own[0]?.is_unlogged ? 'CREATE UNLOGGED TABLE' : 'CREATE TABLE';
    return [`${create} ${table} (\n${lines.join(',\n')}\n);`, ...after].join('\n');
  });
  return `${[heading, ...functions, ...blocks].join('\n\n')}\n`;
}

const heading =
  '-- The schema that the migrations make, for reading. Written by scripts/dump-schema; a test compares it.';

function columnLine(column: ColumnRow): string {
  return [
    column.name,
    column.type,
    column.storage && `STORAGE ${column.storage}`,
    column.not_null && 'NOT NULL',
    column.identity && `GENERATED ${column.identity === 'a' ? 'ALWAYS' : 'BY DEFAULT'} AS IDENTITY`,
    column.default_value !== null && valueOf(column.default_value, column.is_generated),
  ]
    .filter(Boolean)
    .join(' ');
}

// The catalogue keeps both as a default, and a CASE on several lines.
function valueOf(expression: string, isGenerated: boolean): string {
  const line = expression.replaceAll(/\s+/g, ' ').trim();
  return isGenerated ? `GENERATED ALWAYS AS (${line}) STORED` : `DEFAULT ${expression}`;
}

async function readColumns(knex: Knex): Promise<ColumnRow[]> {
  const { rows } = await knex.raw<{ rows: ColumnRow[] }>(
    `SELECT c.relname AS table_name, a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type,
            a.attnotnull AS not_null, pg_get_expr(d.adbin, d.adrelid) AS default_value, a.attidentity AS identity,
            a.attgenerated <> '' AS is_generated, c.relpersistence = 'u' AS is_unlogged,
            CASE WHEN a.attstorage = t.typstorage THEN NULL
                 ELSE CASE a.attstorage WHEN 'e' THEN 'EXTERNAL' WHEN 'm' THEN 'MAIN' WHEN 'p' THEN 'PLAIN'
                      ELSE 'EXTENDED' END END AS storage
       FROM pg_attribute a
       JOIN pg_class c ON c.oid = a.attrelid AND c.relkind IN ('r', 'p')
       JOIN pg_namespace n ON n.oid = c.relnamespace
       JOIN pg_type t ON t.oid = a.atttypid
       LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
      WHERE ${ours} AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY c.relname COLLATE "C", a.attnum`,
  );
  return rows;
}

async function readConstraints(knex: Knex): Promise<NamedDefinition[]> {
  // From version 18 on NOT NULL is a constraint too (contype n); it stands with its column.
  const { rows } = await knex.raw<{ rows: NamedDefinition[] }>(
    `SELECT c.relname AS table_name, 'CONSTRAINT ' || k.conname || ' ' || pg_get_constraintdef(k.oid) AS definition
       FROM pg_constraint k
       JOIN pg_class c ON c.oid = k.conrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${ours} AND k.contype <> 'n'
      ORDER BY c.relname COLLATE "C", position(k.contype::text IN 'pufc'), k.conname COLLATE "C"`,
  );
  return rows;
}

async function readIndexes(knex: Knex): Promise<NamedDefinition[]> {
  // Indexes behind constraints are told by them.
  const { rows } = await knex.raw<{ rows: NamedDefinition[] }>(
    `SELECT c.relname AS table_name, replace(pg_get_indexdef(i.indexrelid), ' ON public.', ' ON ') AS definition
       FROM pg_index i
       JOIN pg_class c ON c.oid = i.indrelid
       JOIN pg_class x ON x.oid = i.indexrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${ours} AND NOT EXISTS (SELECT 1 FROM pg_constraint k WHERE k.conindid = i.indexrelid AND k.conrelid = c.oid)
      ORDER BY c.relname COLLATE "C", x.relname COLLATE "C"`,
  );
  return rows;
}

async function readFunctions(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { definition: string }[] }>(
    `SELECT replace(pg_get_functiondef(p.oid), 'CREATE OR REPLACE FUNCTION public.', 'CREATE FUNCTION ') AS definition
       FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE n.nspname = 'public' ORDER BY p.proname COLLATE "C"`,
  );
  return rows.map(({ definition }) => `${definition.trimEnd()};`);
}

async function readTriggers(knex: Knex): Promise<NamedDefinition[]> {
  // Internal ones stand behind foreign keys.
  const { rows } = await knex.raw<{ rows: NamedDefinition[] }>(
    `SELECT c.relname AS table_name, replace(pg_get_triggerdef(t.oid), ' ON public.', ' ON ') AS definition
       FROM pg_trigger t
       JOIN pg_class c ON c.oid = t.tgrelid
       JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${ours} AND NOT t.tgisinternal
      ORDER BY c.relname COLLATE "C", t.tgname COLLATE "C"`,
  );
  return rows;
}
