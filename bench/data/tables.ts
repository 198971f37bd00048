// Owns which tables the warehouse of the benchmark has: each is made when the first figure asks for it.
import type { BenchPlace } from '../bench-place';
import { withClient } from './bench-client';
import { type Changed, changedColumns, makeUsers } from './users-model';

export interface UsersTable {
  readonly name: string;
  readonly rows: number;
  readonly changed: Changed;
}

export const bigTable = { name: 'users_big', rows: 1_000_000, changed: 'none' } as const;
export const fewChanged = { name: 'users_few_changed', rows: 1_000_000, changed: 'hundredth' } as const;
export const allChanged = { name: 'users_all_changed', rows: 1_000_000, changed: 'all' } as const;
export const largeTable = { name: 'users_large', rows: 10_000_000, changed: 'none' } as const;
export const largeFewChanged = {
  name: 'users_large_few_changed',
  rows: 10_000_000,
  changed: 'hundredth',
} as const;
export const middleTable = { name: 'users_middle', rows: 100_000, changed: 'none' } as const;
export const smallTable = { name: 'users_small', rows: 10_000, changed: 'none' } as const;
export const tinyTable = { name: 'users_tiny', rows: 100, changed: 'none' } as const;

/** Makes those of the tables that are not there yet. */
export async function needTables(place: BenchPlace, ...tables: readonly UsersTable[]): Promise<void> {
  await withClient(place.warehouseUrl, async (client) => {
    for (const { name, rows, changed } of tables) {
      const { rows: found } = await client.query<{ there: boolean }>(
        'SELECT to_regclass($1) IS NOT NULL AS there',
        [name],
      );
      if (!found[0]?.there) await makeUsers(client, name, rows, changed);
    }
  });
}

/** Makes the view `name` show `table`: a model whose rows change all at once. */
export async function show(place: BenchPlace, name: string, table: UsersTable): Promise<void> {
  await showRows(place, name, `SELECT * FROM ${table.name}`);
}

/** Makes the view show `table` with every `step`-th of its rows changed. Writes nothing to the table. */
export async function showChanged(
  place: BenchPlace,
  name: string,
  table: UsersTable,
  step: number,
): Promise<void> {
  await showRows(place, name, `SELECT ${changedColumns(step)} FROM ${table.name}`);
}

/** Makes the view show no row of `table`: a model that all rows have left. */
export async function showNone(place: BenchPlace, name: string, table: UsersTable): Promise<void> {
  await showRows(place, name, `SELECT * FROM ${table.name} WHERE false`);
}

async function showRows(place: BenchPlace, name: string, rows: string): Promise<void> {
  await withClient(place.warehouseUrl, (client) => client.query(`CREATE OR REPLACE VIEW ${name} AS ${rows}`));
}
