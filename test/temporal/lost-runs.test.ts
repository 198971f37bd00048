import { enqueueRun } from '../../db/runs/run-queue';
import { temporalRunLauncher } from '../../temporal/run-launcher';
import { startLostRuns } from '../../worker/start-lost-runs';
import { Engine } from '../support/engine';

describe('a run that was queued while Temporal was away', () => {
  let engine: Engine;
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
  });
  afterAll(() => engine.close());

  test('is started once by whoever finds it first, and not before its caller had time to start it', async () => {
    const syncId = await engine.sync({
      sql: `SELECT 'a' AS id`,
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
    });
    const { runId } = await enqueueRun(engine.knex, {
      workspaceId: engine.workspaceId,
      syncId,
      trigger: 'api',
      kind: 'normal',
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
    const launcher = temporalRunLauncher(engine.client, engine.taskQueue);
    expect(await startLostRuns(engine.knex, launcher)).toBe(0);

    await engine.knex.raw(`UPDATE runs SET queued_at = queued_at - interval '1 minute' WHERE id = ?`, [
      runId,
    ]);
    await Promise.all([startLostRuns(engine.knex, launcher), startLostRuns(engine.knex, launcher)]);
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: 1 });
    expect(await startLostRuns(engine.knex, launcher)).toBe(0);
  });
});
