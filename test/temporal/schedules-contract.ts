// Owns what every Schedules does, real or fake: tests of both run it.
import type { Schedule, ScheduleDefinition } from '../../domain/schedule';
import type { Schedules } from '../../temporal/schedules';
import { uniqueSuffix } from '../factories/a-workspace';

/** The schedules, and hands that change one behind their back, as the Temporal UI does. */
export interface SchedulesHarness {
  readonly schedules: Schedules;
  /** Makes the schedule fire every 77 s. */
  edit(syncId: string): Promise<void>;
  pause(syncId: string, note: string): Promise<void>;
}

// Far enough apart that none fires while a test looks.
const monthly: Schedule = {
  intervalSeconds: 30 * 86_400,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
};

/** A definition of a sync nobody else uses. */
export function aDefinition(overrides: Partial<ScheduleDefinition> = {}): ScheduleDefinition {
  const syncId = `sync_${uniqueSuffix()}`;
  return {
    workspaceId: 'ws_1',
    syncId,
    schedule: monthly,
    paused: null,
    summary: 'Users → CRM (schedule)',
    ...overrides,
  };
}

export function schedulesContract(harness: () => SchedulesHarness): void {
  const made: string[] = [];
  const newDefinition = (overrides: Partial<ScheduleDefinition> = {}): ScheduleDefinition => {
    const definition = aDefinition(overrides);
    made.push(definition.syncId);
    return definition;
  };
  afterAll(async () => {
    for (const syncId of made) await harness().schedules.remove(syncId);
  });

  test('what was never applied is not there, and may be removed all the same', async () => {
    const { schedules } = harness();
    expect(await schedules.look('sync_never')).toBeNull();
    await expect(schedules.remove('sync_never')).resolves.toBeUndefined();
    expect(await schedules.slotStatus('sync/sync_never-2025-01-15T09:00:00Z')).toBeNull();
  });

  test('the first apply makes the schedule, the next overwrites it, and the same one changes nothing', async () => {
    const { schedules } = harness();
    const definition = newDefinition();
    const first = await schedules.apply(definition);
    expect(first.created).toBe(true);
    const again = await schedules.apply(definition);
    expect(again).toEqual({ parts: first.parts, created: false });
    const daily = { ...monthly, intervalSeconds: null, cron: '30 9 * * 1-5', timeZone: 'Europe/Berlin' };
    const changed = await schedules.apply({ ...definition, schedule: daily });
    expect(changed.parts.spec).not.toEqual(first.parts.spec);
    expect(changed.parts.action).toEqual(first.parts.action);
    const patient = await schedules.apply({ ...definition, schedule: { ...daily, catchUpSeconds: 60 } });
    expect(patient.parts).toEqual({
      ...changed.parts,
      policies: expect.not.objectContaining(changed.parts.policies as object),
    });
    expect(await schedules.apply(definition)).toEqual({ parts: first.parts, created: false });
  });

  test('a look gives back what the apply gave, again and again', async () => {
    const { schedules } = harness();
    const cron = {
      ...monthly,
      intervalSeconds: null,
      cron: '0 9 1 1 *',
      timeZone: 'America/New_York',
      jitterSeconds: 30,
    };
    const definition = newDefinition({ schedule: cron });
    const { parts } = await schedules.apply(definition);
    for (let time = 0; time < 3; time += 1) {
      expect(await schedules.look(definition.syncId)).toMatchObject({
        parts,
        paused: null,
        recent: [],
        missed: 0,
      });
    }
  });

  test('the next times follow the cadence', async () => {
    const { schedules } = harness();
    const definition = newDefinition();
    await schedules.apply(definition);
    const every = 30 * 86_400_000;
    const { next = [] } = (await schedules.look(definition.syncId)) ?? {};
    expect(next.length).toBeGreaterThanOrEqual(5);
    expect(next.map((time) => time.getTime() % every)).toEqual(next.map(() => 0));
    expect(next[0]?.getTime()).toBeGreaterThan(Date.now());
    expect(next[1]?.getTime()).toBe((next[0]?.getTime() ?? 0) + every);
  });

  test('a pause comes with its note and goes with the next apply', async () => {
    const { schedules } = harness();
    const definition = newDefinition({ paused: { note: 'CRM is being moved' } });
    const { parts } = await schedules.apply(definition);
    expect(await schedules.look(definition.syncId)).toMatchObject({
      paused: { note: 'CRM is being moved' },
      parts,
    });
    await schedules.apply({ ...definition, paused: null });
    expect(await schedules.look(definition.syncId)).toMatchObject({ paused: null, parts });
  });

  test('an edit from outside is seen as another spec, and an apply puts it back', async () => {
    const { schedules, edit } = harness();
    const definition = newDefinition();
    const { parts } = await schedules.apply(definition);
    await edit(definition.syncId);
    const edited = await schedules.look(definition.syncId);
    expect(edited?.parts.spec).not.toEqual(parts.spec);
    expect(edited?.parts).toEqual({ ...parts, spec: edited?.parts.spec });
    expect(await schedules.apply(definition)).toEqual({ parts, created: false });
  });

  test('a pause from outside is seen with its note, and as nothing else', async () => {
    const { schedules, pause } = harness();
    const definition = newDefinition();
    const { parts } = await schedules.apply(definition);
    await pause(definition.syncId, 'by hand');
    expect(await schedules.look(definition.syncId)).toMatchObject({ paused: { note: 'by hand' }, parts });
  });

  test('a removed schedule is gone and can be made again', async () => {
    const { schedules } = harness();
    const definition = newDefinition();
    await schedules.apply(definition);
    await schedules.remove(definition.syncId);
    expect(await schedules.look(definition.syncId)).toBeNull();
    expect(await schedules.apply(definition)).toMatchObject({ created: true });
  });
}
