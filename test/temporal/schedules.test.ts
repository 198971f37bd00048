// Runs the contract of schedules on a real Temporal and on the fake; and what only a real one can show.
import { Client, Connection } from '@temporalio/client';
import { scheduleIdOf, type Schedules, slotTimeOf, temporalSchedules } from '../../temporal/schedules';
import { fakeSchedules } from '../fakes/fake-schedules';
import { testServers } from '../support/servers';
import { aDefinition, put, schedulesContract } from './schedules-contract';
import { until } from '../support/until';

describe('over Temporal', () => {
  let connection: Connection;
  let client: Client;
  let schedules: Schedules;

  beforeAll(async () => {
    connection = await Connection.connect({ address: testServers().temporalAddress });
    client = new Client({ connection });
    schedules = temporalSchedules(client, 'nobody-polls-this');
  });

  schedulesContract(() => ({
    schedules,
    edit: (syncId) =>
      client.schedule
        .getHandle(scheduleIdOf(syncId))
        .update((old) => ({ ...old, spec: { intervals: [{ every: '77s' }] } })),
    pause: (syncId, note) => client.schedule.getHandle(scheduleIdOf(syncId)).pause(note),
  }));
  // After the contract's own cleaning, which still needs it.
  afterAll(() => connection.close());

  test('its workflows carry what a triggered one carries', async () => {
    const definition = aDefinition();
    await put(schedules, definition);
    const { action, policies, memo } = await client.schedule
      .getHandle(scheduleIdOf(definition.syncId))
      .describe();
    const { workspaceId, syncId } = definition;
    expect({ action, policies, memo }).toMatchObject({
      action: {
        workflowType: 'syncRun',
        workflowId: `sync/${syncId}`,
        taskQueue: 'nobody-polls-this',
        args: [{ workspaceId, syncId, trigger: 'schedule', kind: 'normal' }],
        staticSummary: 'Users → CRM (schedule)',
      },
      policies: { overlap: 'ALLOW_ALL', catchupWindow: 600_000, pauseOnFailure: false },
      memo: { workspaceId },
    });
    expect(action.searchAttributes).toEqual({
      SyncId: [syncId],
      Trigger: ['schedule'],
      RunStatus: ['queued'],
      WorkspaceId: [workspaceId],
    });
    await schedules.remove(syncId);
  });

  test('one that was edited into something the SDK cannot read is put back too', async () => {
    const definition = aDefinition();
    const { parts } = await put(schedules, definition);
    const raw = await client.workflowService.describeSchedule({
      namespace: 'default',
      scheduleId: scheduleIdOf(definition.syncId),
    });
    const action = raw.schedule?.action?.startWorkflow;
    const payloads = [{ metadata: { encoding: Buffer.from('nonsense') }, data: Buffer.from('{}') }];
    await client.workflowService.updateSchedule({
      namespace: 'default',
      scheduleId: scheduleIdOf(definition.syncId),
      schedule: { ...raw.schedule, action: { startWorkflow: { ...action, input: { payloads } } } },
      requestId: 'nonsense',
    });
    await expect(client.schedule.getHandle(scheduleIdOf(definition.syncId)).describe()).rejects.toThrow(
      'Unknown encoding',
    );
    expect((await schedules.look(definition.syncId))?.parts.action).not.toEqual(parts.action);
    expect((await put(schedules, definition)).parts).toEqual(parts);
    await schedules.remove(definition.syncId);
  });

  test('what it starts is named after the slot and shown among the recent', async () => {
    const definition = aDefinition();
    await put(schedules, {
      ...definition,
      schedule: { ...definition.schedule, intervalSeconds: 1 } as typeof definition.schedule,
    });
    const { recent } = await until('a slot', async () => {
      const look = await schedules.look(definition.syncId);
      return look && look.recent.length > 0 ? look : null;
    });
    await schedules.remove(definition.syncId);
    const { workflowId = '', takenAt } = recent[0] ?? {};
    expect(workflowId).toMatch(new RegExp(`^sync/${definition.syncId}-\\d{4}-`));
    expect(await schedules.slotStatus(workflowId)).toBe('RUNNING');
    const handle = client.workflow.getHandle(workflowId);
    const { searchAttributes } = await handle.describe();
    expect(searchAttributes['TemporalScheduledStartTime']).toEqual([slotTimeOf(workflowId)]);
    expect(Math.abs((takenAt?.getTime() ?? 0) - (slotTimeOf(workflowId)?.getTime() ?? 0))).toBeLessThan(
      20_000,
    );
    for (const { workflowId: id } of recent) await client.workflow.getHandle(id).terminate();
    expect(await schedules.slotStatus(workflowId)).toBe('TERMINATED');
    const from = takenAt ?? new Date(0);
    const late = new Date(Date.now() + 60_000);
    const listed = async (since: Date, until: Date) =>
      (await schedules.closedSlots(definition.syncId, since, until)).map((slot) => slot.workflowId);
    await until('the list', async () =>
      (await listed(new Date(from.getTime() - 1_000), late)).includes(workflowId),
    );
    expect(await listed(new Date(0), new Date(from.getTime() - 1_000))).toEqual([]);
    expect(await listed(late, new Date(late.getTime() + 1))).toEqual([]);
  });

  test('what it names of its slots goes back to its first one, or to a time it tells', async () => {
    const definition = aDefinition();
    await put(schedules, {
      ...definition,
      schedule: { ...definition.schedule, intervalSeconds: 1 } as typeof definition.schedule,
    });
    const first = await until('a slot', async () => {
      const look = await schedules.look(definition.syncId);
      return look && look.recent.length > 0 ? look : null;
    });
    expect(first.recentFrom).toBeNull();
    const late = await until('more slots than it names', async () => {
      const look = await schedules.look(definition.syncId);
      return look?.recentFrom ? look : null;
    });
    await schedules.remove(definition.syncId);
    expect(late.recentFrom).toEqual(late.recent[0]?.takenAt);
    expect(late.recent.map(({ workflowId }) => workflowId)).not.toContain(first.recent[0]?.workflowId);
    const query = `SyncId = '${definition.syncId}' AND ExecutionStatus = 'Running'`;
    for await (const { workflowId } of client.workflow.list({ query }))
      await client.workflow.getHandle(workflowId).terminate();
  });

  test('the list names the schedules with their workspace, and only ours', async () => {
    const definition = aDefinition({ workspaceId: 'ws_of_the_list' });
    await put(schedules, definition);
    const listed = async (): Promise<boolean> => {
      for await (const page of schedules.list()) {
        if (page.some(({ syncId }) => syncId === definition.syncId)) {
          expect(page).toContainEqual({ syncId: definition.syncId, workspaceId: 'ws_of_the_list' });
          return true;
        }
      }
      return false;
    };
    expect(await until('the list', listed)).toBe(true);
    await schedules.remove(definition.syncId);
    await until('the list without it', async () => !(await listed()));
  });
});

describe('in memory', () => {
  const schedules = fakeSchedules();
  schedulesContract(() => ({
    schedules,
    async edit(syncId) {
      const found = schedules.kept.get(syncId);
      if (found) found.parts = { ...found.parts, spec: { intervalSeconds: 77 } };
    },
    async pause(syncId, note) {
      const found = schedules.kept.get(syncId);
      if (found) found.paused = { note };
    },
  }));
});

test('a slot is read from the id of its workflow, and only from one of its form', () => {
  expect(slotTimeOf('sync/sync_1-2025-01-15T09:00:00Z')).toEqual(new Date('2025-01-15T09:00:00Z'));
  expect(slotTimeOf('run_1')).toBeNull();
});
