// Owns which tables the warehouse of the benchmark has. Their contents are users-model's.
import type { BenchPlace } from './bench-place';
import { withClient } from './bench-sync';
import { makeUsers } from './users-model';

export const bigTable = { name: 'users_big', rows: 1_000_000 } as const;
export const smallTable = { name: 'users_small', rows: 10_000 } as const;
export const tinyTable = { name: 'users_tiny', rows: 100 } as const;

/** Fills the warehouse, once before all figures. */
export async function makeTables(place: BenchPlace): Promise<void> {
  await withClient(place.warehouseUrl, async (client) => {
    for (const { name, rows } of [bigTable, smallTable, tinyTable]) await makeUsers(client, name, rows);
  });
}
