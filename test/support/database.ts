// Makes databases for tests in the real PostgreSQL of this run. Knows nothing of their tables.
import { randomBytes } from 'node:crypto';
import { Client, escapeIdentifier } from 'pg';
import { testServers } from './servers';

export interface TestDatabase {
  url: string;
  name: string;
  /** Removes it, throwing out whoever is still connected. */
  drop(): Promise<void>;
}

/** A database with all our tables, cloned from the migrated template (about 40 ms). */
export function createTestDatabase(): Promise<TestDatabase> {
  return createDatabase(testServers().templateDatabase);
}

/** A database with nothing in it: somebody's warehouse, or a destination. */
export function createEmptyDatabase(): Promise<TestDatabase> {
  return createDatabase('template0');
}

async function createDatabase(template: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(`create database ${escapeIdentifier(name)} template ${escapeIdentifier(template)}`);
  const url = new URL(testServers().adminUrl);
  url.pathname = `/${name}`;
  return {
    url: url.href,
    name,
    drop: () => asAdmin(`drop database if exists ${escapeIdentifier(name)} with (force)`),
  };
}

async function asAdmin(statement: string): Promise<void> {
  const client = new Client({ connectionString: testServers().adminUrl });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
