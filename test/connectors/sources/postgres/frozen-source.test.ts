// A source that takes the query and then says nothing for ever, its connection open.
import { postgresSource } from '../../../../connectors/sources/postgres/postgres-source';
import { createEmptyDatabase, type TestDatabase } from '../../../support/database';
import { PostgresGate } from '../../../support/outside/postgres-gate';

let database: TestDatabase;
let gate: PostgresGate;

beforeEach(async () => {
  database = await createEmptyDatabase();
  gate = await PostgresGate.openTo(database.url);
});
afterEach(async () => {
  await gate.shut();
  await database.drop();
});

// Half a minute after the query's own timeout nobody believes in its end any more: this test takes as long.
test('fails the query as a timeout of the statement does, and not as trouble to be waited out', async () => {
  const source = postgresSource({ kind: 'postgres', config: {}, secrets: { url: gate.url } });
  gate.hangAt('COPY', { delivered: true });
  const stream = await source.read(
    { sql: 'SELECT 1 AS id', columns: ['id'], timeoutSeconds: 1 },
    new AbortController().signal,
  );
  const read = async (): Promise<void> => {
    for await (const chunk of stream.chunks) expect(chunk).toBeNull();
  };
  await expect(read()).rejects.toMatchObject({
    retryable: false,
    failure: {
      code: 'model_query_failed',
      message: 'Model query failed: statement timeout after 1 s; the source did not end it',
    },
  });
  await source.close();
}, 60_000);
