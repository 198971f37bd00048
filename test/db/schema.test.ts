// The migrations: what they make equals db/schema.sql, and they can be undone and done again.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { connect } from '../../db/connect';
import { dumpSchema } from '../../db/dump-schema';
import { migrateDown, migrateLatest, pendingMigrations } from '../../db/migrate';
import { createEmptyDatabase, createTestDatabase, type TestDatabase } from '../support/database';

const opened: { knex: Knex; database: TestDatabase }[] = [];

async function open(make: () => Promise<TestDatabase>): Promise<{ knex: Knex; url: string }> {
  const database = await make();
  const knex = connect(database.url, { poolSize: 3 });
  opened.push({ knex, database });
  return { knex, url: database.url };
}

afterAll(async () => {
  for (const { knex, database } of opened) {
    await knex.destroy();
    await database.drop();
  }
});

test('db/schema.sql is what the migrations make (scripts/dump-schema writes it anew)', async () => {
  const { knex } = await open(createTestDatabase);
  const written = readFileSync(join(__dirname, '..', '..', 'db', 'schema.sql'), 'utf8');
  expect(written).toBe(await dumpSchema(knex));
});

test('the dump can be read back: it makes the same schema in an empty database', async () => {
  const { knex } = await open(createEmptyDatabase);
  const sql = readFileSync(join(__dirname, '..', '..', 'db', 'schema.sql'), 'utf8');
  // Tables stand by name: those that refer to a later one wait for a later round.
  let waiting = sql.split('\n\n').slice(1);
  while (waiting.length > 0) {
    const still: string[] = [];
    for (const block of waiting) {
      await knex.raw(block.replaceAll('?', '\\?')).catch((error: Error & { code?: string }) => {
        if (error.code !== '42P01') throw error;
        still.push(block);
      });
    }
    expect(still.length).toBeLessThan(waiting.length);
    waiting = still;
  }
  expect(await dumpSchema(knex)).toBe(sql);
});

test('up, down, up: nothing is left behind and nothing is missing', async () => {
  const { knex, url } = await open(createEmptyDatabase);
  await migrateLatest(url);
  const first = await dumpSchema(knex);
  await migrateDown(url);
  expect(await dumpSchema(knex)).not.toContain('CREATE');
  expect((await pendingMigrations(knex)).length).toBeGreaterThan(4);
  await migrateLatest(url);
  expect(await dumpSchema(knex)).toBe(first);
  expect(await pendingMigrations(knex)).toEqual([]);
});

test('two starters migrating at once wait for each other', async () => {
  const { knex, url } = await open(createEmptyDatabase);
  await Promise.all([migrateLatest(url), migrateLatest(url)]);
  expect(await pendingMigrations(knex)).toEqual([]);
});

test('a migration that was killed half-way does not lock out the next one', async () => {
  const { knex, url } = await open(createEmptyDatabase);
  await migrateLatest(url);
  await migrateDown(url);
  // What a process killed after taking knex's lock leaves behind.
  await knex('knex_migrations_lock').update({ is_locked: 1 });
  await migrateLatest(url);
  expect(await pendingMigrations(knex)).toEqual([]);
});

test('asking what is pending leaves an empty database empty', async () => {
  const { knex } = await open(createEmptyDatabase);
  expect((await pendingMigrations(knex)).length).toBeGreaterThan(4);
  const { rows } = await knex.raw(`SELECT relname FROM pg_class WHERE relname LIKE 'knex%'`);
  expect(rows).toEqual([]);
});

test('every table but the workspaces themselves belongs to a workspace', async () => {
  const { knex } = await open(createTestDatabase);
  const { rows } = await knex.raw(
    `SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = 'public' AND c.relkind = 'r' AND c.relname NOT LIKE 'knex_%' AND c.relname <> 'workspaces'
        AND NOT EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND a.attnotnull)`,
  );
  expect(rows).toEqual([]);
});
