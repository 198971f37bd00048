// What the API asks of Temporal, on the real service; the fakes of the other tests keep the same contracts.
import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import {
  InspectionUnavailableError,
  type Inspector,
  temporalInspector,
} from '../../api/configuration/inspector';
import { type LaunchedRun, type RunLauncher, temporalRunLauncher } from '../../temporal/run-launcher';
import { checkTemporal, temporalClient } from '../../temporal/temporal-client';
import { newId } from '../../db/new-id';
import { PreviewStore } from '../../db/preview-store';
import { aSource } from '../factories/a-source';
import { testSecretKey } from '../factories/a-workspace';
import { fakeInspector } from '../fakes/fake-inspector';
import { fakeLauncher } from '../fakes/fake-launcher';
import { Engine } from '../support/engine/engine';
import { testServers } from '../support/servers';

let engine: Engine;
const idleQueue = 'test-nobody-polls-here';

beforeAll(async () => {
  engine = await Engine.start();
  await engine.warehouse.raw(`CREATE TABLE users (id text PRIMARY KEY, email text, last_name text)`);
});
afterAll(() => engine.close());

const awayClient = () => temporalClient({ address: '127.0.0.1:1', namespace: 'default' }, {});

function aLaunchedRun(): LaunchedRun {
  const runId = newId('run');
  const place = { workspaceId: 'ws_1', syncId: 'sync_1', runId, workflowId: runId };
  return { ...place, trigger: 'api', kind: 'normal', summary: 'Users → CRM (api)' };
}

describe.each<[string, () => Inspector]>([
  ['the real inspector', () => temporalInspector(engine.client, { taskQueue: engine.taskQueue })],
  ['the fake inspector', () => fakeInspector(new PreviewStore(engine.knex, testSecretKey))],
])('%s', (_, make) => {
  test('leaves what it sees of a preview where it was asked for', async () => {
    const { id: sourceId } = await aSource(engine.knex, {
      workspaceId: engine.workspaceId,
      url: engine.databases.warehouse.url,
    });
    const previews = new PreviewStore(engine.knex, testSecretKey);
    const { workspaceId } = engine;
    const sql = `SELECT 'id' AS id, 'email' AS email, 'last_name' AS last_name`;
    const previewId = await previews.ask({ workspaceId, sourceId, sql, limit: 5 });
    expect(await make().inspect({ what: 'preview', workspaceId, previewId })).toMatchObject({ ok: true });
    expect(await previews.collect(workspaceId, previewId)).toEqual({
      rows: {
        columns: ['id', 'email', 'last_name'].map((name) => ({ name, type: 'text' })),
        rows: [['id', 'email', 'last_name'].map((text) => ({ text, cutFrom: null }))],
        hasMore: false,
      },
    });
  });

  test('checks a source and describes a model', async () => {
    const source = await aSource(engine.knex, {
      workspaceId: engine.workspaceId,
      url: engine.databases.warehouse.url,
    });
    const place = { workspaceId: engine.workspaceId, sourceId: source.id };
    const inspector = make();
    const check = await inspector.inspect({ what: 'source', ...place });
    expect(check).toMatchObject({ ok: true, durationMs: expect.any(Number) });
    expect(check.checks[0]).toMatchObject({ name: 'connection', ok: true, detail: expect.any(String) });
    const model = await inspector.inspect({ what: 'model', ...place, sql: 'SELECT * FROM users' });
    expect(model).toMatchObject({
      ok: true,
      columns: [
        { name: 'id', type: 'text' },
        { name: 'email', type: 'text' },
        { name: 'last_name', type: 'text' },
      ],
    });
  });
});

describe.each<[string, () => Inspector]>([
  ['without Temporal', () => temporalInspector(awayClient())],
  ['without a worker', () => temporalInspector(engine.client, { taskQueue: idleQueue, limitMs: 1_000 })],
  ['as a fake', () => Object.assign(fakeInspector(), { answer: null })],
])('an inspector %s', (_, make) => {
  test('says that inspecting is not possible now', async () => {
    const asked = make().inspect({ what: 'source', workspaceId: 'ws_1', sourceId: 'src_1' });
    await expect(asked).rejects.toThrow(InspectionUnavailableError);
  });
});

interface LaunchPad {
  readonly launcher: RunLauncher;
  /** Ends the run's workflow, by whatever. */
  close(workflowId: string): Promise<unknown>;
}

function theRealLauncher(): LaunchPad {
  return {
    launcher: temporalRunLauncher(engine.client, idleQueue),
    close: (workflowId) => engine.client.workflow.getHandle(workflowId).terminate(),
  };
}

function theFakeLauncher(): LaunchPad {
  const launcher = fakeLauncher();
  return { launcher, close: async (workflowId) => launcher.closed.add(workflowId) };
}

describe.each<[string, () => LaunchPad]>([
  ['the real launcher', theRealLauncher],
  ['the fake launcher', theFakeLauncher],
])('%s', (_, make) => {
  test('takes a second start of the same run for the first', async () => {
    const { launcher } = make();
    const run = aLaunchedRun();
    await launcher.start(run);
    await expect(launcher.start(run)).resolves.toBeUndefined();
  });

  test('asks an open workflow to cancel, as often as it is told to', async () => {
    const { launcher, close } = make();
    const run = aLaunchedRun();
    await launcher.start(run);
    expect(await launcher.cancel(run.workflowId)).toBe('asked');
    expect(await launcher.cancel(run.workflowId)).toBe('asked');
    await close(run.workflowId);
  });

  test('tells a workflow that has closed from one that was never there', async () => {
    const { launcher, close } = make();
    const run = aLaunchedRun();
    expect(await launcher.cancel(run.workflowId)).toBe('not_found');
    await launcher.start(run);
    await close(run.workflowId);
    expect(await launcher.cancel(run.workflowId)).toBe('closed');
  });

  test('hands the lease to an open workflow only', async () => {
    const { launcher, close } = make();
    const run = aLaunchedRun();
    expect(await launcher.handOff(run.workflowId)).toBe(false);
    await launcher.start(run);
    expect(await launcher.handOff(run.workflowId)).toBe(true);
    await close(run.workflowId);
    expect(await launcher.handOff(run.workflowId)).toBe(false);
  });
});

describe('a cancel that meets the end of its workflow', () => {
  /** A launcher whose cancel is sent by `send`; `next` hands it to Temporal. */
  const launcherOver = (send: (workflowId: string, next: () => Promise<unknown>) => Promise<void>) => {
    const { connection } = engine.client;
    const interceptor: WorkflowClientInterceptor = {
      async cancel(input, next) {
        let answer: Awaited<ReturnType<typeof next>> = {};
        await send(input.workflowExecution.workflowId ?? '', async () => (answer = await next(input)));
        return answer;
      },
    };
    return temporalRunLauncher(
      new Client({ connection, interceptors: { workflow: [interceptor] } }),
      idleQueue,
    );
  };
  const end = (workflowId: string) => engine.client.workflow.getHandle(workflowId).terminate();

  test('is not called asked when the workflow closed before it', async () => {
    const launcher = launcherOver(async (workflowId, next) => {
      await end(workflowId);
      await next();
    });
    const run = aLaunchedRun();
    await launcher.start(run);
    expect(await launcher.cancel(run.workflowId)).toBe('closed');
  });

  test('is called asked when the workflow closed after it', async () => {
    const launcher = launcherOver(async (workflowId, next) => {
      await next();
      await end(workflowId);
    });
    const run = aLaunchedRun();
    await launcher.start(run);
    expect(await launcher.cancel(run.workflowId)).toBe('asked');
  });
});

describe.each<[string, () => RunLauncher]>([
  ['the real launcher', () => temporalRunLauncher(awayClient())],
  ['the fake launcher', () => Object.assign(fakeLauncher(), { away: true })],
])('%s without Temporal', (_, make) => {
  test('fails, so that the caller can say so', async () => {
    const launcher = make();
    const { workflowId, ...run } = aLaunchedRun();
    await expect(launcher.start({ ...run, workflowId })).rejects.toThrow();
    await expect(launcher.cancel(workflowId)).rejects.toThrow();
    await expect(launcher.handOff(workflowId)).rejects.toThrow();
  });
});

test('a started run can be found by its search attributes and has its summary', async () => {
  const run = aLaunchedRun();
  await temporalRunLauncher(engine.client, idleQueue).start(run);
  const handle = engine.client.workflow.getHandle(run.workflowId);
  const described = await handle.describe();
  const attributes = Object.fromEntries(
    described.typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value]),
  );
  expect(attributes).toMatchObject({
    SyncId: 'sync_1',
    Trigger: 'api',
    RunStatus: 'queued',
    WorkspaceId: 'ws_1',
  });
  expect(described.type).toBe('syncRun');
  expect(await described.staticSummary()).toBe('Users → CRM (api)');
  expect(await described.staticDetails()).toContain(`**Run** \`${run.runId}\``);
  await handle.terminate();
});

test('a run whose workflow has closed is not started again', async () => {
  const launcher = temporalRunLauncher(engine.client, idleQueue);
  const run = aLaunchedRun();
  await launcher.start(run);
  const handle = engine.client.workflow.getHandle(run.workflowId);
  await handle.terminate();
  await launcher.start(run);
  expect((await handle.describe()).status.name).toBe('TERMINATED');
});

test('the longest names and note a run can have do not keep it from starting', async () => {
  const run = {
    ...aLaunchedRun(),
    summary: `${'模'.repeat(200)} → ${'"'.repeat(200)} (api)`,
    syncName: '型'.repeat(200),
    note: '\u0001'.repeat(500),
    retryOf: newId('run'),
  };
  await temporalRunLauncher(engine.client, idleQueue).start(run);
  const handle = engine.client.workflow.getHandle(run.workflowId);
  const described = await handle.describe();
  expect(await described.staticSummary()).toMatch(/^模+…$/);
  expect(await described.staticDetails()).toContain(`**Retry of** \`${run.retryOf}\``);
  await handle.terminate();
});

test('a cancel reaches the workflow and is told by it', async () => {
  const launcher = temporalRunLauncher(engine.client, idleQueue);
  const run = aLaunchedRun();
  await launcher.start(run);
  await launcher.cancel(run.workflowId);
  const handle = engine.client.workflow.getHandle(run.workflowId);
  const { events } = await handle.fetchHistory();
  expect(events?.some((event) => event.workflowExecutionCancelRequestedEventAttributes)).toBe(true);
  await handle.terminate();
});

test('the check of Temporal tells a service that answers from one that does not', async () => {
  const here = temporalClient({ address: testServers().temporalAddress, namespace: 'default' }, {});
  await expect(checkTemporal(here)).resolves.toBeUndefined();
  await here.connection.close();
  await expect(checkTemporal(awayClient())).rejects.toThrow();
});
