// Owns a PostgreSQL database of a test's own, with the connection a source or destination is opened by.
import { Client } from 'pg';
import type { Connection } from '../../connectors/connection';
import { createEmptyDatabase } from '../support/database';

/** A database of the test's own and a superuser's hand in it. */
export interface PostgresPlace {
  readonly connection: Connection;
  /** A role of this name is dropped with the database; own nothing with it. */
  readonly guest: string;
  /** Runs SQL as the superuser and answers the last statement's rows. */
  run(sql: string, values?: unknown[]): Promise<Record<string, unknown>[]>;
  /** The same database through another URL. */
  connectionWith(change: (url: URL) => void): Connection;
  drop(): Promise<void>;
}

export async function postgresPlace(config: Record<string, unknown> = {}): Promise<PostgresPlace> {
  const database = await createEmptyDatabase();
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  const connectionOf = (url: string): Connection => ({ kind: 'postgres', config, secrets: { url } });
  return {
    connection: connectionOf(database.url),
    guest: guestOf(database.name),
    async run(sql, values) {
      const answer = values ? await client.query(sql, values) : await client.query(sql);
      return [answer].flat().at(-1)?.rows ?? [];
    },
    connectionWith(change) {
      const url = new URL(database.url);
      change(url);
      return connectionOf(url.href);
    },
    async drop() {
      await client.query(`DROP ROLE IF EXISTS ${guestOf(database.name)}`);
      await client.end();
      await database.drop();
    },
  };
}

/** A loopback port where nobody listens. */
export const closedPort = 1;

/** A connection whose login the server refuses, like a password that has expired. */
export async function expiredLogin(place: PostgresPlace): Promise<Connection> {
  await place.run(`CREATE ROLE ${place.guest} NOLOGIN`);
  return place.connectionWith((url) => {
    url.username = place.guest;
  });
}

/** Roles belong to the whole server: one name per database keeps tests apart. */
function guestOf(database: string): string {
  return `guest_of_${database}`;
}
