// What the reconciler is told of workflows, on the real service; the fake keeps the same contract.
import { newId } from '../../db/new-id';
import { temporalRunLauncher } from '../../temporal/run-launcher';
import { type RunStates, temporalRunStates } from '../../temporal/run-state';
import { temporalClient } from '../../temporal/temporal-client';
import { isTemporalAway } from '../../temporal/temporal-away';
import { fakeRunStates } from '../fakes/fake-run-states';
import { Engine } from '../support/engine/engine';
import { testServers } from '../support/servers';
import { until } from '../support/until';

let engine: Engine;
beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
});
afterAll(() => engine.close());

/** States, and a way to open a workflow among them. */
interface Place {
  readonly states: RunStates;
  open(): Promise<string>;
}

const realPlace = (): Place => ({
  states: temporalRunStates(engine.client, engine.taskQueue),
  async open() {
    const runId = newId('run');
    const run = { workspaceId: 'ws_1', syncId: 'sync_1', runId, workflowId: runId } as const;
    await temporalRunLauncher(engine.client, engine.taskQueue).start({
      ...run,
      trigger: 'api',
      kind: 'normal',
      summary: 'Users → CRM (api)',
    });
    return runId;
  },
});

function fakePlace(): Place {
  const states = fakeRunStates();
  return {
    states,
    async open() {
      const runId = newId('run');
      states.looks.set(runId, { state: 'open', cancelRequested: false, isIdle: false, paused: [] });
      return runId;
    },
  };
}

describe.each<[string, () => Place]>([
  ['Temporal', realPlace],
  ['the fake', fakePlace],
])('%s', (_, make) => {
  test('does not know a workflow that was never started', async () => {
    expect(await make().states.look('run_nobody')).toEqual({ state: 'not_found' });
    expect(await make().states.terminate('run_nobody', 'why not')).toBe(false);
  });

  test('tells an open workflow, lists it, and ends it with a reason', async () => {
    const { states, open } = make();
    const workflowId = await open();
    expect(await states.look(workflowId)).toEqual({
      state: 'open',
      cancelRequested: false,
      // Its first workflow task is on its way.
      isIdle: false,
      paused: [],
    });
    const isListed = async () => (await states.open()).some((listed) => listed.workflowId === workflowId);
    await until('it to be listed', isListed);
    expect(await states.terminate(workflowId, 'enough')).toBe(true);
    expect(await states.look(workflowId)).toEqual({
      state: 'closed',
      status: 'TERMINATED',
      because: expect.stringContaining('enough'),
    });
    await until('it to be listed no more', async () => !(await isListed()));
    expect(await states.terminate(workflowId, 'again')).toBe(false);
  });
});

test('a cancel that waits for a worker shows in the look', async () => {
  const { states, open } = realPlace();
  const workflowId = await open();
  await engine.client.workflow.getHandle(workflowId).cancel();
  expect(await states.look(workflowId)).toMatchObject({ state: 'open', cancelRequested: true });
  await states.terminate(workflowId, 'over');
});

test('executions that have closed are listed with their own ids', async () => {
  const { states, open } = realPlace();
  const workflowId = await open();
  const { runId } = await engine.client.workflow.getHandle(workflowId).describe();
  const since = new Date(Date.now() - 60_000);
  await states.terminate(workflowId, 'over');
  const listed = await until('it to be listed', async () =>
    (await states.closedSince(since)).find((closed) => closed.workflowId === workflowId),
  );
  expect(listed).toMatchObject({ executionRunId: runId, startedAt: expect.any(Date) });
  expect(await states.closedSince(new Date(Date.now() + 60_000))).toEqual([]);
});

test.each<[string, () => ReturnType<typeof temporalClient>]>([
  ['no server', () => temporalClient({ address: '127.0.0.1:1', namespace: 'default' }, {})],
  [
    'a server without our namespace',
    () => temporalClient({ address: testServers().temporalAddress, namespace: 'not-yet-there' }, {}),
  ],
])('%s is Temporal being away, and no word on the workflow', async (_, make) => {
  const client = make();
  const looking = temporalRunStates(client).look('run_nobody');
  const error: unknown = await looking.catch((caught: unknown) => caught);
  await client.connection.close();
  expect(isTemporalAway(error)).toBe(true);
});
