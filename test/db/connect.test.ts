import { connect } from '../../db/connect';
import { createTestDatabase } from '../support/database';

test('an error of the database carries the statement but none of its values', async () => {
  const database = await createTestDatabase();
  const knex = connect(database.url, { poolSize: 1 });
  try {
    const failing = knex.raw(`INSERT INTO workspaces (id, name, no_such_column) VALUES (?, ?, ?)`, [
      'ws_1',
      'Ada Lovelace',
      Buffer.from('ada@example.org'),
    ]);
    const error: Error = await failing.catch((caught: Error) => caught);
    expect(error.message).toContain('no_such_column');
    expect(`${error.message}${error.stack}`).not.toMatch(/Lovelace|ada@example|\\x616461/);
  } finally {
    await knex.destroy();
    await database.drop();
  }
});
