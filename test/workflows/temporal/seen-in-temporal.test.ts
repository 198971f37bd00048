import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';
import { timelineOf, type TemporalView, viewOf } from '../../support/engine/temporal-view';
import { until } from '../../support/until';

const rowCount = 20;
const told = `${rowCount} rows read, ${rowCount} changes in 2 batches`;

// Read off runs that go on, through Temporal's own client: what an operator sees who has only the Temporal Web UI.
describe('what Temporal shows of a run', () => {
  let engine: Engine;
  let api: EngineApi;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    api = await engineApi(engine);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(() => Promise.all([api.close(), engine.close(), far.close()]));
  beforeEach(() => far.reset());

  const rows = 'SELECT * FROM users';
  const slow = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';
  const syncOf = (sql: string) =>
    engine.sync({ sql, mapping: rowMapping, destination: far.destination({ concurrency: 1 }) });
  const trigger = async (sync: string, note?: string): Promise<string> =>
    (await api.post(`/syncs/${sync}/trigger`, note === undefined ? {} : { note })).body.id;
  const shows = (runId: string, wanted: Partial<TemporalView>): Promise<TemporalView> =>
    until(JSON.stringify(wanted), async () => {
      const view = await viewOf(engine, runId);
      const parts = Object.entries(wanted);
      return parts.every(([part, value]) => view[part as keyof TemporalView] === value) ? view : null;
    });
  const waits = (runId: string): Promise<TemporalView> =>
    until('it to say that it waits', async () => {
      const view = await viewOf(engine, runId);
      return view.now?.startsWith('Waiting') ? view : null;
    });
  /** Whether Temporal lists the sync's run under the status; its list lags behind. */
  const listed = (sync: string, status: string) =>
    until(`a run to be listed as ${status}`, async () => {
      const query = `RunStatus='${status}' AND SyncId='${sync}'`;
      for await (const { workflowId } of engine.client.workflow.list({ query })) return workflowId;
      return null;
    });
  const cancelled = async (runId: string) => {
    await engine.client.workflow.getHandle(runId).cancel();
    return engine.ended(runId);
  };

  test('that reads, and of the one queued behind it: who they are and what they do', async () => {
    const sync = await syncOf(slow);
    const reading = await trigger(sync);
    const queued = await trigger(sync, 'after the fix');

    const seen = await shows(reading, { runStatus: 'running', now: 'Reads the model' });
    expect(seen.status).toBe('RUNNING');
    expect(seen.summary).toMatch(/^Model .* → Destination .* \(api\)$/);
    expect(seen.details).toMatch(new RegExp(`^\\*\\*Sync\\*\\* Sync .*\\*\\*Run\\*\\* \`${reading}\``, 's'));
    expect(await timelineOf(engine, reading)).toEqual([
      { what: 'queueRun', summary: 'Queue the run' },
      { what: 'startRun', summary: 'Start the run' },
      { what: 'queryModel', summary: 'Query the model' },
      { what: 'timer', summary: "The run's budget" },
    ]);

    const waiting = await shows(queued, { now: 'Queued: waits for the runs before it' });
    expect(waiting).toMatchObject({ status: 'RUNNING', runStatus: 'queued', summary: seen.summary });
    expect(waiting.details).toMatch(/\*\*Note\*\* after the fix$/);
    expect(await listed(sync, 'running')).toBe(reading);
    expect(await listed(sync, 'queued')).toBe(queued);

    await cancelled(queued);
    await cancelled(reading);
    expect(await viewOf(engine, reading)).toMatchObject({
      status: 'CANCELLED',
      runStatus: 'cancelled',
      now: expect.stringMatching(/^cancelled \(nothing_applied\)/),
    });
  });

  test('that waits out trouble, and then writes: until when and why, and how much there is to do', async () => {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => (release = resolve));
    far.faultOf = (at) => {
      if (at === 0) return refusal(429, { 'retry-after': '12' });
      return at === 1 ? (response, take) => void held.then(() => (take(), response.end('{}'))) : null;
    };
    const runId = await trigger(await syncOf(rows));
    const waiting = await waits(runId);
    expect(waiting).toMatchObject({ status: 'RUNNING', runStatus: 'running' });
    const [, time] = /^Waiting until (\S+): Rate limit exceeded \(try 1\)$/.exec(waiting.now ?? '') ?? [];
    // Set a moment ago, for at most what was asked.
    expect(Date.parse(time ?? '') - Date.now()).toBeGreaterThan(0);
    expect(Date.parse(time ?? '') - Date.now()).toBeLessThanOrEqual(12_000);
    const write = { what: 'writeChanges', summary: `Write ${rowCount} changes in 2 batches` };
    const pause = { what: 'timer', summary: 'Waiting: Rate limit exceeded' };
    expect((await timelineOf(engine, runId)).slice(4)).toEqual([
      { what: 'detectChanges', summary: 'Detect changes' },
      write,
      pause,
    ]);

    await shows(runId, { runStatus: 'running', now: `${told}; writes them` });
    const again = { ...write, summary: `${write.summary}, slice 2` };
    expect((await timelineOf(engine, runId)).slice(5)).toEqual([write, pause, again]);
    release();
    expect(await engine.ended(runId)).toMatchObject({ status: 'completed' });
    expect(await viewOf(engine, runId)).toMatchObject({
      status: 'COMPLETED',
      runStatus: 'completed',
      now: expect.stringMatching(/^completed \(clean\)/),
    });
    expect((await timelineOf(engine, runId)).at(-1)).toEqual({ what: 'closeRun', summary: 'Close the run' });
  });

  test('that failed: with the sentence of its record', async () => {
    const runId = await trigger(await syncOf('SELECT id, email FROM nowhere'));
    const run = await engine.ended(runId);
    expect(await viewOf(engine, runId)).toMatchObject({
      status: 'FAILED',
      runStatus: 'failed',
      now: expect.stringContaining(`failed (nothing_applied): ${run.failure_message}`),
    });
  });

  test('of a slot that was refused: that it was skipped', async () => {
    const sync = await syncOf(rows);
    await engine.knex('syncs').where({ id: sync }).update({ paused_at: engine.knex.fn.now() });
    const workflowId = `sync/${sync}-2026-01-01T00:00:00Z`;
    await engine.client.workflow.execute('syncRun', {
      taskQueue: engine.taskQueue,
      workflowId,
      args: [{ workspaceId: engine.workspaceId, syncId: sync, trigger: 'schedule', kind: 'normal' }],
    });
    expect(await viewOf(engine, workflowId)).toMatchObject({ status: 'COMPLETED', runStatus: 'skipped' });
  });

  test('that went on in a new execution: what it does, and under the same words to search by', async () => {
    far.faultOf = () => refusal(429, { 'retry-after': '2' });
    const sync = await syncOf(rows);
    const runId = await trigger(sync);
    const handle = engine.client.workflow.getHandle(runId);
    const { runId: first } = await handle.describe();
    await waits(runId);
    // 4 MB of history are the server's limit for its advice; these signals say nothing new to the run.
    for (let sent = 0; sent < 5; sent += 1) await handle.signal('handOff', 'x'.repeat(1_000_000));
    await until('the new execution', async () => (await handle.describe()).runId !== first);
    // Its line and details stay with the first execution: the SDK hands neither on.
    const { typedSearchAttributes } = await handle.describe();
    const words = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]);
    expect(Object.fromEntries(words)).toMatchObject({
      SyncId: sync,
      RunStatus: 'running',
      Trigger: 'api',
      WorkspaceId: engine.workspaceId,
    });
    await waits(runId);
    expect(await listed(sync, 'running')).toBe(runId);
    await cancelled(runId);
  });
});
