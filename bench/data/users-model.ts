// Owns the data that is measured on: a users table that is the same every time, and the model over it. Runs no sync.
import type { Client } from 'pg';

/** Columns of the table, the row key first; with their types in PostgreSQL. */
export const userColumns = [
  { name: 'id', type: 'bigint' },
  { name: 'email', type: 'text' },
  { name: 'first_name', type: 'text' },
  { name: 'last_name', type: 'text' },
  { name: 'company', type: 'text' },
  { name: 'plan', type: 'text' },
  { name: 'revenue', type: 'numeric' },
  { name: 'score', type: 'numeric' },
  { name: 'created_at', type: 'timestamp with time zone' },
  { name: 'seen_at', type: 'timestamp with time zone' },
  { name: 'note', type: 'text' },
] as const;

const columnList = userColumns.map(({ name }) => name).join(', ');

/** What differs about a user who has changed. */
const changedScore = 0.5;

/** The columns of users of whom every `step`-th has changed. */
export function changedColumns(step: number): string {
  return userColumns
    .map(({ name }) =>
      name === 'score' ? `score + CASE id % ${step} WHEN 0 THEN ${changedScore} ELSE 0 END AS score` : name,
    )
    .join(', ');
}

/** The model over a table or view: its rows as they are. */
export function usersModel(table: string): string {
  return `SELECT ${columnList} FROM ${table}`;
}

/** Which users differ from those of the table that is loaded first: none, every hundredth, or all; by their score. */
export type Changed = 'none' | 'hundredth' | 'all';

const isChanged = { none: 'false', hundredth: 'n % 100 = 0', all: 'true' } as const satisfies Record<
  Changed,
  string
>;

/** Makes `table` in the warehouse with `rows` users and a primary key: 11 columns, about 192 bytes of COPY text a row. */
export async function makeUsers(
  client: Client,
  table: string,
  rows: number,
  changed: Changed = 'none',
): Promise<void> {
  await client.query(
    `CREATE TABLE ${table} (${userColumns.map(({ name, type }) => `${name} ${type}`).join(', ')})`,
  );
  // Multiplied by primes instead of random(): scattered values, and the same ones everywhere.
  await client.query(
    `INSERT INTO ${table}
     SELECT n, 'user.' || n || '@' || md5((n % 5003)::text) || '.example', 'First' || n % 997, 'Last name ' || n % 7919,
       'Company ' || n % 4999 || ' GmbH', (ARRAY['free', 'starter', 'business', 'enterprise'])[n % 4 + 1],
       (n::bigint * 7919 % 10000000) / 100.0, (n::bigint * 104729 % 1000000) / 1000.0 + CASE WHEN ${isChanged[changed]} THEN ${changedScore} ELSE 0 END,
       timestamptz '2020-01-01 00:00Z' + n * interval '97 seconds',
       timestamptz '2024-01-01 00:00Z' + (n::bigint * 7919 % 50000000) * interval '1 second',
       CASE n % 10 WHEN 0 THEN E'two\\nlines, a\\ttab' WHEN 1 THEN 'Grüße aus Köln' WHEN 2 THEN NULL
         ELSE 'note ' || n % 613 || ' on this user' END
     FROM generate_series(1, $1::int) AS n`,
    [rows],
  );
  // As every table of users has one. Made last: the rows go in faster, and it is what a page by OFFSET is read along.
  await client.query(`ALTER TABLE ${table} ADD PRIMARY KEY (id)`);
  // A warehouse that has been there for a while: no hint bits to set and no vacuum to start in the middle.
  await client.query(`VACUUM (FREEZE, ANALYZE) ${table}`);
}

/** Makes the empty table a sync writes to. */
export async function makeTarget(client: Client, table: string): Promise<void> {
  await client.query(
    `CREATE TABLE ${table} (${userColumns.map(({ name, type }) => `${name} ${type}`).join(', ')}, PRIMARY KEY (id))`,
  );
}
