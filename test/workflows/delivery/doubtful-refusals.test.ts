import { rowOutcome } from '../../../domain/row-outcome';
import { Engine } from '../../support/engine/engine';
import { answerJson, type HttpStub, httpStub } from '../../support/outside/http-stub';

describe('a row that is refused after its batch was sent without an answer', () => {
  let engine: Engine;
  let stub: HttpStub;
  beforeAll(async () => {
    [engine, stub] = await Promise.all([
      Engine.start(),
      httpStub((_call, response) => answerJson(response, 200, [{ status: 'ok' }])),
    ]);
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u1' AS id, 'a' AS email`);
  });
  afterAll(() => Promise.all([engine.close(), stub.close()]));

  test('comes again even when the model goes back to what was acknowledged before', async () => {
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'email'].map((column) => ({ column, field: column })),
      destination: {
        kind: 'http',
        config: {
          url: stub.url,
          timeout_seconds: 1,
          response: {
            match_by: 'index',
            status_field: 'status',
            created_values: ['ok'],
            updated_values: ['ok'],
            errors_field: 'errors',
          },
        },
        secrets: {},
      },
    });
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_processed: 1 });

    // All tries of the first slice may have stored 'b'; the next slice is told that the row is refused.
    const callsBefore = stub.calls.length;
    stub.respond((_call, response, at) =>
      at < callsBefore + 3
        ? answerJson(response, 503, {})
        : answerJson(response, 200, [{ status: 'no', errors: ['email is taken'] }]),
    );
    await engine.warehouse.raw(`UPDATE users SET email = 'b'`);
    const refused = await engine.run(sync);
    expect(refused).toMatchObject({ outcome: 'with_row_errors', rows_failed: 1 });
    expect(stub.calls).toHaveLength(callsBefore + 4);
    const [outcomes] = await engine.knex('batches').where({ run_id: refused.id }).pluck('outcomes');
    expect([...outcomes]).toEqual([rowOutcome.failedUnsure]);

    await engine.warehouse.raw(`UPDATE users SET email = 'a'`);
    expect(await engine.run(sync, { kind: 'dry_run' })).toMatchObject({
      rows_unchanged: 0,
      rows_not_attempted: 1,
    });
  });
});
