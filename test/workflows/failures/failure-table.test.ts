import { type FailureCode, failureTable } from '../../../domain/failure';
import { Engine, type SyncSketch } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';
import { PostgresGate } from '../../support/outside/postgres-gate';
import { keepReconciling } from '../../support/engine/reconciling';
import { queueRetry, startQueued } from '../../support/engine/retry';
import { changeModel, eventsOf, eventTypes } from '../../support/engine/run-facts';
import { until } from '../../support/until';

/** How a code is brought about, and what the run then says. */
interface Proof {
  /** Makes a run that fails with the code; returns its id. */
  readonly bringAbout: () => Promise<string>;
  readonly message: string;
  /** What is kept beneath the sentence; null when there is nothing to say. */
  readonly cause: RegExp | null;
}

describe('each failure of the list', () => {
  let engine: Engine;
  let api: EngineApi;
  let far: FaultyDestination;
  const gates: PostgresGate[] = [];
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    api = await engineApi(engine);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT n, 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, 20) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text NOT NULL)`);
  });
  afterAll(async () => {
    await api.close();
    await Promise.all([engine.close(), far.close()]);
    await Promise.all(gates.map((gate) => gate.shut()));
  });
  beforeEach(() => far.reset());

  const rows = 'SELECT id, email FROM users';
  const slow = 'SELECT id, email FROM users WHERE pg_sleep(60) IS NOT NULL';
  const syncOf = (sketch: Partial<SyncSketch> = {}): Promise<string> =>
    engine.sync({
      sql: rows,
      mapping: rowMapping,
      destination: far.destination(),
      ...sketch,
      settings: { patienceSeconds: 1, ...sketch.settings },
    });
  const ran = async (syncId: string): Promise<string> => (await engine.run(syncId)).id;
  const always = async (status: number): Promise<string> => {
    far.faultOf = () => refusal(status);
    return ran(await syncOf());
  };

  // By code, so that a new code without a proof of it does not compile.
  const proofs: Readonly<Record<FailureCode, Proof>> = {
    source_connection_failed: {
      async bringAbout() {
        const gate = await PostgresGate.openTo(engine.databases.warehouse.url);
        gates.push(gate);
        await gate.shut();
        return ran(await syncOf({ sourceUrl: gate.url }));
      },
      message: 'Source connection failed: connection refused',
      cause: /ECONNREFUSED/,
    },
    model_query_failed: {
      bringAbout: async () => ran(await syncOf({ sql: 'SELECT id, email FROM nowhere' })),
      message: 'Model query failed: relation "nowhere" does not exist at line 1',
      cause: /42P01/,
    },
    out_of_memory: {
      bringAbout: async () => ran(await syncOf({ settings: { maxRows: 19 } })),
      message: 'Out of memory: the model returns more than the 19 rows this sync allows',
      cause: null,
    },
    destination_auth_expired: {
      bringAbout: () => always(401),
      message: 'Destination authentication expired',
      cause: /^HTTP 401: status 401$/,
    },
    destination_unreachable: {
      bringAbout: () => always(503),
      message: 'Destination unreachable: HTTP 503',
      cause: /^status 503$/,
    },
    destination_misconfigured: {
      bringAbout: () => always(404),
      message: 'Destination cannot take this sync: HTTP 404',
      cause: /^status 404$/,
    },
    rate_limit_exceeded: {
      bringAbout: () => always(429),
      message: 'Rate limit exceeded',
      cause: /^HTTP 429: status 429$/,
    },
    snapshot_lost: {
      async bringAbout() {
        const syncId = await syncOf({ mode: 'insert' });
        expect(await engine.run(syncId)).toMatchObject({ status: 'completed', rows_created: 20 });
        await engine.knex('snapshot_deltas').where({ sync_id: syncId }).delete();
        await engine.knex('snapshots').where({ sync_id: syncId }).delete();
        return ran(syncId);
      },
      message: 'Snapshot lost: an insert-only sync cannot tell which rows were already sent',
      cause: /it is gone/,
    },
    retry_scope_lost: {
      async bringAbout() {
        const syncId = await syncOf({
          sql: `SELECT id, CASE WHEN n > 1 THEN email END AS email FROM users`,
          object: { table: 'contacts' },
          destination: { kind: 'postgres', config: {}, secrets: { url: engine.databases.target.url } },
        });
        const first = await engine.run(syncId);
        expect(first).toMatchObject({ rows_failed: 1 });
        const waiting = await queueRetry(engine, first, { scope: 'failed' });
        await changeModel(engine, syncId, { rowKey: ['email'] });
        return (await startQueued(engine, waiting)).id;
      },
      message: 'Retry scope lost: the row key has changed since that run',
      cause: null,
    },
    terminated_by_operator: {
      async bringAbout() {
        const runId = await engine.trigger(await syncOf({ sql: slow }));
        await until('the run to start', async () =>
          (await eventTypes(engine, runId)).includes('run_started'),
        );
        await engine.client.workflow.getHandle(runId).terminate('enough of it');
        const reconciler = keepReconciling(engine);
        try {
          await until('the run to end', async () => (await engine.record(runId)).outcome);
        } finally {
          await reconciler.stop();
        }
        return runId;
      },
      message: 'Terminated by an operator in Temporal',
      cause: /enough of it/,
    },
    timed_out: {
      bringAbout: async () => ran(await syncOf({ sql: slow, settings: { budgetSeconds: 2 } })),
      message: 'Run timed out: its budget is used up',
      cause: null,
    },
    internal: {
      async bringAbout() {
        const syncId = await syncOf();
        const { destination_id: id } = await engine.knex('syncs').where({ id: syncId }).first();
        await engine
          .knex('destinations')
          .where({ id })
          .update({ secrets_sealed: Buffer.alloc(64) });
        return ran(syncId);
      },
      message: 'Internal error: ',
      cause: null,
    },
  };

  test('has a proof here', () => {
    expect(Object.keys(proofs).toSorted()).toEqual(Object.keys(failureTable).toSorted());
  });

  test.each(Object.entries(failureTable))(
    '%s is told with code, origin, retryable and sentence, and its cause is kept',
    async (code, { origin, retryable }) => {
      const { bringAbout, message, cause } = proofs[code as FailureCode];
      const runId = await bringAbout();
      const run = await engine.record(runId);
      const { body } = await api.get(`/syncs/${run.sync_id}/runs/${runId}`);
      expect(body).toMatchObject({
        status: 'failed',
        failure: { code, origin, retryable, message: expect.stringContaining(message) },
        summary: { counter_mismatch: 0 },
      });
      const { failure_cause: kept } = await engine.knex('runs').where({ id: runId }).first();
      if (cause) expect(kept).toMatch(cause);
      else expect(kept).toBeNull();
      const events = await eventsOf(engine, runId);
      expect(events.at(-1)).toMatchObject({ type: 'run_failed', detail: { failure: body.failure.message } });
      // What waiting may cure has been waited for before it became the failure.
      expect(events.some(({ type }) => type === 'waiting')).toBe(retryable);
    },
  );
});
