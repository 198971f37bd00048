import { Engine } from '../../support/engine/engine';

// A small run is mostly orchestration: each statement is a way to the database and back. Who needs more says why, here.
const mostStatements = {
  // Under the sync's lock: the row with its event, the lease.
  queue: ['BEGIN;', 'SELECT', 'WITH', 'WITH', 'COMMIT;'],
  // queue-run; start-run; the query's attempt, its configuration, the snapshot pinned, the journal opened; secrets of the
  // source; the deltas of the snapshot (its base comes by a COPY, which Knex does not hear of); the journal published.
  read: [
    'UPDATE',
    'WITH',
    'BEGIN;',
    'WITH',
    'SELECT',
    'SELECT',
    'INSERT',
    'COMMIT;',
    'select',
    'SELECT',
    'WITH',
  ],
  // The attempt, its configuration, the journal; the plan published.
  detect: ['WITH', 'SELECT', 'SELECT', 'WITH'],
  // The locks, the counters, the end of run, phases and lease, the next holder.
  close: ['BEGIN;', 'WITH', 'WITH', 'WITH', 'WITH', 'COMMIT;'],
};

describe('the statements of a small run without a change', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());

  test('are these, and no more', async () => {
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
    });
    await engine.run(sync);
    const sent: string[] = [];
    engine.knex.on('query', ({ sql }: { sql: string }) => {
      // Signs of life come with time, not with work.
      if (!sql.includes('INTO run_pulses')) sent.push(sql.trim());
    });
    await engine.client.workflow.getHandle(await engine.trigger(sync)).result();
    const all = Object.values(mostStatements).flat();
    expect(sent.map((sql) => sql.split(/\s/)[0])).toEqual(all);
    expect(sent.length - mostStatements.queue.length).toBeLessThanOrEqual(22);
  });
});
