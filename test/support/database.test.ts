import { Client } from 'pg';
import { createEmptyDatabase, createTestDatabase } from './database';

async function tablesIn(url: string): Promise<string[]> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const found = await client.query<{ tablename: string }>(
      "select tablename from pg_tables where schemaname = 'public' order by 1",
    );
    return found.rows.map((row) => row.tablename);
  } finally {
    await client.end();
  }
}

test('a test database has our tables, and an empty one has none', async () => {
  const [ours, empty] = await Promise.all([createTestDatabase(), createEmptyDatabase()]);
  try {
    expect(await tablesIn(ours.url)).not.toEqual([]);
    expect(await tablesIn(empty.url)).toEqual([]);
  } finally {
    await Promise.all([ours.drop(), empty.drop()]);
  }
});

test('a dropped database is gone although somebody is still connected', async () => {
  const database = await createEmptyDatabase();
  const client = new Client({ connectionString: database.url });
  client.on('error', () => undefined);
  await client.connect();
  await database.drop();
  await expect(tablesIn(database.url)).rejects.toThrow(/does not exist/);
});
