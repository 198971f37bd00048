// Owns proving, before the first write, that a table can take a sync: it plans the very statements the writes will run.
import { type Client, escapeIdentifier } from 'pg';
import type { ConnectorFailure } from '../../connector-failure';
import type { DeliveryTarget } from '../../destination';
import { causeOf, sqlState } from '../../postgres-error';
import { type MergeStatements, mergeStatements } from './merge-statements';
import { findTable } from './target-table';
import { misconfigured } from './translate-error';

/** pg_current_xact_id and pg_xact_status, which tell the fate of a commit, came with 13. */
const oldestVersion = 130_000;

/** Statements for a table that exists and has every field. Throws `destination_misconfigured` with what to do. */
export async function resolveTarget(client: Client, target: DeliveryTarget): Promise<MergeStatements> {
  if (!target.object.table) throw misconfigured('no table is named');
  const shown = [target.object.schema, target.object.table].filter(Boolean).join('.');
  const table = await findTable(client, target.object);
  if (!table) throw misconfigured(`there is no table "${shown}", or its schema is closed to this user`);
  for (const { field } of target.columns) {
    const column = table.columns.get(field);
    if (!column) throw misconfigured(`table "${shown}" has no column "${field}"`);
    if (column.generated)
      throw misconfigured(`column "${field}" of table "${shown}" is generated and cannot be written`);
  }
  return mergeStatements(table, target);
}

/** Plans all that the mode needs, in the open transaction, and runs none of it. */
export async function proveWritable(client: Client, statements: MergeStatements): Promise<void> {
  const version = await client.query<{ version: number }>(
    `SELECT current_setting('server_version_num')::int AS version`,
  );
  if ((version.rows[0]?.version ?? 0) < oldestVersion)
    throw misconfigured('PostgreSQL 13 or newer is needed');
  const { mode } = statements.target;
  await explained(client, statements, 'create temporary tables', statements.createStage('write'));
  await proveKey(client, statements);
  if (mode !== 'update')
    await explained(client, statements, 'insert', `EXPLAIN ${statements.insert('all', 1)}`);
  if (mode !== 'insert') await explained(client, statements, 'update', `EXPLAIN ${statements.update('all')}`);
  if (mode === 'mirror') {
    await client.query(statements.createStage('delete'));
    await explained(client, statements, 'delete', `EXPLAIN ${statements.remove()}`);
  }
}

async function proveKey(client: Client, statements: MergeStatements): Promise<void> {
  await client.query('SAVEPOINT signalsmith_probe');
  try {
    await client.query(`EXPLAIN ${statements.keyProbe()}`);
  } catch (error) {
    if (sqlState(error) === '42P10') throw keyProblem(statements, causeOf(error));
    // Rights are checked after planning, so the index is there; update mode needs no right to insert.
    if (sqlState(error) !== '42501') throw error;
    await client.query('ROLLBACK TO SAVEPOINT signalsmith_probe');
  }
  if (await hasDeferrableKey(client, statements)) throw keyProblem(statements, null);
}

/** ON CONFLICT is planned over a deferrable index too, and fails at its first row. */
async function hasDeferrableKey(
  client: Client,
  { table, target, columns }: MergeStatements,
): Promise<boolean> {
  const answer = await client.query<{ found: boolean }>(
    `SELECT EXISTS (
       SELECT FROM pg_index x WHERE x.indrelid = $1 AND x.indisunique AND NOT x.indimmediate AND x.indpred IS NULL
       AND ARRAY(SELECT a.attname FROM pg_attribute a WHERE a.attrelid = $1 AND a.attnum = ANY (x.indkey) ORDER BY a.attname)
         = ARRAY(SELECT key FROM unnest($2::name[]) AS key ORDER BY key)
     ) AS found`,
    [table.oid, columns.slice(0, target.keyColumns).map(({ name }) => name)],
  );
  return answer.rows[0]?.found === true;
}

function keyProblem({ table, target, columns }: MergeStatements, cause: string | null): ConnectorFailure {
  const keys = columns.slice(0, target.keyColumns).map(({ name }) => escapeIdentifier(name));
  return misconfigured(
    `table ${table.sqlName} has no unique index on exactly the row key (${keys.join(', ')}); ` +
      `a plain one that is neither partial nor deferrable is needed: CREATE UNIQUE INDEX ON ${table.sqlName} (${keys.join(', ')})`,
    cause,
  );
}

async function explained(
  client: Client,
  statements: MergeStatements,
  act: string,
  sql: string,
): Promise<void> {
  try {
    await client.query(sql);
  } catch (error) {
    if (sqlState(error) !== '42501') throw error;
    throw misconfigured(`this user may not ${act} (table ${statements.table.sqlName})`, causeOf(error));
  }
}
