// Runs the destination contract against PostgreSQL tables.
import type { DeliveryTarget } from '../../../../connectors/destination';
import { postgresDestination } from '../../../../connectors/destinations/postgres/postgres-destination';
import { describeDestination } from '../../destination-contract';
import type { ContractObject, HeldRow } from '../../destination-harness';
import { closedPort, expiredLogin, postgresPlace } from '../../postgres-place';

const shapes = {
  single: {
    fields: ['id', 'name', 'email'],
    keyColumns: 1,
    ddl: `CREATE TABLE users (id text PRIMARY KEY, name text, email text CHECK (email LIKE '%@%'))`,
  },
  composite: {
    fields: ['region', 'id', 'name'],
    keyColumns: 2,
    // The index names the columns in another order than the mapping does.
    ddl: `CREATE TABLE users (region text, id text, name text); CREATE UNIQUE INDEX ON users (id, region)`,
  },
} as const;

describe.each([
  ['new rows straight in', ''],
  // No policy holds a superuser back, but COPY is not tried where there might be one.
  ['all rows by merge', 'ALTER TABLE users ENABLE ROW LEVEL SECURITY'],
])('%s', (_way, change) => {
  describeDestination({
    kind: 'postgres',
    modes: ['upsert', 'insert', 'update', 'mirror'],
    tellsCreatedFromUpdated: true,
    transactional: true,
    refusal: /violates check constraint "users_email_check"/,
    open: (shape) => open(shape, change),
  });
});

async function open(shape: keyof typeof shapes, change: string): Promise<ContractObject> {
  const place = await postgresPlace();
  const { fields, keyColumns, ddl } = shapes[shape];
  await place.run(`${ddl}; ${change}`);
  return {
    destination: postgresDestination(place.connection),
    target: (mode): DeliveryTarget => ({
      object: { schema: 'public', table: 'users' },
      columns: fields.map((field) => ({ column: field, field, json: 'string' as const })),
      keyColumns,
      mode,
    }),
    held: async () => (await place.run('SELECT * FROM users')) as HeldRow[],
    async seed(rows) {
      for (const row of rows) {
        await place.run(`INSERT INTO users SELECT * FROM jsonb_populate_record(null::users, $1)`, [
          JSON.stringify(row),
        ]);
      }
    },
    async withExpiredAuth() {
      return postgresDestination(await expiredLogin(place));
    },
    async withoutServer() {
      return postgresDestination(
        place.connectionWith((url) => {
          url.host = `127.0.0.1:${closedPort}`;
        }),
      );
    },
    async stall() {
      await place.run('BEGIN; LOCK TABLE users IN SHARE MODE');
      return { release: async () => void (await place.run('COMMIT')) };
    },
    close: () => place.drop(),
  };
}
