// Owns one table in a database of its own, and writing to it: what the PostgreSQL destination's tests start from.
import type { BatchAnswer, DeliveryTarget, Destination } from '../../../../connectors/destination';
import { postgresDestination } from '../../../../connectors/destinations/postgres/postgres-destination';
import type { rowOperation } from '../../../../domain/row-outcome';
import type { SyncMode } from '../../../../domain/sync';
import { writeOnce } from '../../destination-harness';
import { aBatch, type TestValues } from '../../outgoing-batch';
import { type PostgresPlace, postgresPlace } from '../../postgres-place';

/** A place with a destination over it. */
export interface TablePlace extends PostgresPlace {
  readonly destination: Destination;
  /** Fields `key` first, then `fields`, of `table` (default `things`). */
  target(fields: readonly string[], options?: TargetOptions): DeliveryTarget;
  write(
    target: DeliveryTarget,
    rows: readonly TestValues[],
    operation?: keyof typeof rowOperation | readonly (keyof typeof rowOperation)[],
  ): Promise<BatchAnswer>;
}

export interface TargetOptions {
  readonly table?: string;
  readonly schema?: string;
  readonly mode?: SyncMode;
  /** How many of the fields are the row key; 1 when not said. */
  readonly keyColumns?: number;
}

export async function tablePlace(ddl: string): Promise<TablePlace> {
  const place = await postgresPlace();
  await place.run(ddl);
  const destination = postgresDestination(place.connection);
  return {
    ...place,
    destination,
    target: (fields, { table = 'things', schema, mode = 'upsert', keyColumns = 1 } = {}) => ({
      object: schema === undefined ? { table } : { schema, table },
      columns: fields.map((field) => ({ column: field, field, json: 'string' as const })),
      keyColumns,
      mode,
    }),
    write: (target, rows, operation = 'create') => writeOnce(destination, target, aBatch(rows, operation)),
    async drop() {
      await destination.close();
      await place.drop();
    },
  };
}
