import { Engine } from '../../support/engine/engine';
import { keepReconciling } from '../../support/engine/reconciling';
import { timelineOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

// Every activity is a billable action and a row of history, every workflow task a way to a worker and back: queue, lease
// and reconciler may add one of each to the run's own work.
describe('the activities and workflow tasks of a run that does not wait', () => {
  let engine: Engine;
  let reconcilers: ReturnType<typeof keepReconciling>[];
  beforeAll(async () => {
    engine = await Engine.start();
    await engine.warehouse.raw(`CREATE TABLE users AS SELECT 'u' || n AS id FROM generate_series(1, 5) n`);
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY)`);
    const always = { aliveMs: 0, lookEveryMs: 0 };
    reconcilers = [keepReconciling(engine, always), keepReconciling(engine, always)];
  });
  afterAll(async () => {
    await Promise.all(reconcilers.map((reconciler) => reconciler.stop()));
    await engine.close();
  });

  const activitiesOf = async (workflowId: string): Promise<string[]> =>
    (await timelineOf(engine, workflowId)).map(({ what }) => what).filter((what) => what !== 'timer');
  /** How often a worker was asked what the workflow does next. */
  const workflowTasksOf = async (workflowId: string): Promise<number> => {
    const { events } = await engine.client.workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).filter(({ workflowTaskCompletedEventAttributes: task }) => task).length;
  };
  const phases = ['startRun', 'queryModel', 'detectChanges', 'writeChanges', 'closeRun'];

  test('are its phases and one for the queue, and a task for its start and for each end of one, while reconcilers look at it all the time', async () => {
    const sync = await engine.sync({
      // Long enough for the reconcilers to come by.
      sql: `SELECT id FROM users WHERE pg_sleep(0.4) IS NOT NULL`,
      mapping: [{ column: 'id', field: 'id' }],
      object: { table: 'contacts' },
    });
    const runId = await engine.trigger(sync);
    const looks = async (): Promise<string | null> =>
      (await engine.knex('run_pulses').where({ run_id: runId }).first())?.checked_at?.toISOString() ?? null;
    await until('the query', async () => (await engine.record(runId)).status === 'running');
    const first = await until('a look', looks);
    await until('another look', async () => (await looks()) !== first);
    expect((await engine.record(runId)).status).toBe('running');
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed', rows_created: 5 });
    expect(await activitiesOf(runId)).toEqual(['queueRun', ...phases]);
    expect(await workflowTasksOf(runId)).toBe(7);

    const unchanged = await engine.trigger(sync);
    expect(await engine.ended(unchanged)).toMatchObject({ status: 'completed', outcome: 'no_changes' });
    const withoutWrites = phases.filter((phase) => phase !== 'writeChanges');
    expect(await activitiesOf(unchanged)).toEqual(['queueRun', ...withoutWrites]);
    expect(await workflowTasksOf(unchanged)).toBe(6);
  });
});
