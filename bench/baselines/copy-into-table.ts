// Owns the baselines M and D: the model's bytes by COPY straight from one server into the other. Counts nothing.
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { from, to } from 'pg-copy-streams';
import { userColumns } from '../data/users-model';

const names = userColumns.map(({ name }) => name);

/** D: COPY straight into the empty keyed table, one transaction. */
export async function copyStraight(
  warehouse: Client,
  target: Client,
  model: string,
  table: string,
): Promise<void> {
  await pipe(warehouse, target, model, table);
}

/** M: one COPY into a temp table, then one merge by INSERT … ON CONFLICT, one transaction. */
export async function copyAndMerge(
  warehouse: Client,
  target: Client,
  model: string,
  table: string,
): Promise<void> {
  await target.query('BEGIN');
  await target.query(`CREATE TEMP TABLE stage (LIKE ${table}) ON COMMIT DROP`);
  await pipe(warehouse, target, model, 'stage');
  await target.query(
    `INSERT INTO ${table} (${names.join(', ')}) SELECT ${names.join(', ')} FROM stage
     ON CONFLICT (id) DO UPDATE SET ${names
       .slice(1)
       .map((name) => `${name} = excluded.${name}`)
       .join(', ')}`,
  );
  await target.query('COMMIT');
}

function pipe(warehouse: Client, target: Client, model: string, table: string): Promise<void> {
  return pipeline(
    warehouse.query(to(`COPY (${model}) TO STDOUT`)),
    target.query(from(`COPY ${table} (${names.join(', ')}) FROM STDIN`)),
  );
}
