// Owns proving, before the first write, that a table can take a sync: it plans the very statements the writes will run.
import type { Client } from 'pg';
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
    // Rights are checked after planning, so the index is there; update mode needs no right to insert.
    if (sqlState(error) !== '42501') throw keyProblem(error, statements);
    await client.query('ROLLBACK TO SAVEPOINT signalsmith_probe');
  }
}

function keyProblem(error: unknown, statements: MergeStatements): unknown {
  if (sqlState(error) !== '42P10') return error;
  const { table, target, columns } = statements;
  const keys = columns.slice(0, target.keyColumns).map(({ name }) => `"${name}"`);
  return misconfigured(
    `table ${table.sqlName} has no unique index on exactly the row key (${keys.join(', ')}); ` +
      `a plain one that is neither partial nor deferrable is needed: CREATE UNIQUE INDEX ON ${table.sqlName} (${keys.join(', ')})`,
    causeOf(error),
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
