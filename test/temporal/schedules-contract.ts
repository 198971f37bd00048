// Owns what every Schedules does, real or fake: tests of both run it.
import type { AppliedSchedule, Schedule, ScheduleDefinition } from '../../domain/schedule';
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
    revision: 1,
    schedule: monthly,
    paused: null,
    summary: 'Users → CRM (schedule)',
    ...overrides,
  };
}

/** Applies over whatever is there. */
export async function put(schedules: Schedules, definition: ScheduleDefinition): Promise<AppliedSchedule> {
  const applied = await schedules.apply(definition, await schedules.look(definition.syncId));
  if (!applied) throw new Error('something came in between');
  return applied;
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
    expect(await schedules.remove('sync_never')).toBe(false);
    expect(await schedules.slotStatus('sync/sync_never-2025-01-15T09:00:00Z')).toBeNull();
  });

  test('the first apply makes the schedule, the next overwrites it, and the same one changes nothing', async () => {
    const { schedules } = harness();
    const definition = newDefinition();
    const first = await put(schedules, definition);
    expect(first.created).toBe(true);
    const again = await put(schedules, definition);
    expect(again).toEqual({ parts: first.parts, created: false });
    const daily = { ...monthly, intervalSeconds: null, cron: '30 9 * * 1-5', timeZone: 'Europe/Berlin' };
    const changed = await put(schedules, { ...definition, schedule: daily });
    expect(changed.parts.spec).not.toEqual(first.parts.spec);
    expect(changed.parts.action).toEqual(first.parts.action);
    const patient = await put(schedules, { ...definition, schedule: { ...daily, catchUpSeconds: 60 } });
    expect(patient.parts).toEqual({
      ...changed.parts,
      policies: expect.not.objectContaining(changed.parts.policies as object),
    });
    expect(await put(schedules, definition)).toEqual({ parts: first.parts, created: false });
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
    const { parts } = await put(schedules, definition);
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
    await put(schedules, definition);
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
    const { parts } = await put(schedules, definition);
    expect(await schedules.look(definition.syncId)).toMatchObject({
      paused: { note: 'CRM is being moved' },
      parts,
    });
    await put(schedules, { ...definition, paused: null });
    expect(await schedules.look(definition.syncId)).toMatchObject({ paused: null, parts });
  });

  test('an edit from outside is seen as another spec, and an apply puts it back', async () => {
    const { schedules, edit } = harness();
    const definition = newDefinition();
    const { parts } = await put(schedules, definition);
    await edit(definition.syncId);
    const edited = await schedules.look(definition.syncId);
    expect(edited?.parts.spec).not.toEqual(parts.spec);
    expect(edited?.parts).toEqual({ ...parts, spec: edited?.parts.spec });
    expect(await put(schedules, definition)).toEqual({ parts, created: false });
  });

  test('a pause from outside is seen with its note, and as nothing else', async () => {
    const { schedules, pause } = harness();
    const definition = newDefinition();
    const { parts } = await put(schedules, definition);
    await pause(definition.syncId, 'by hand');
    expect(await schedules.look(definition.syncId)).toMatchObject({ paused: { note: 'by hand' }, parts });
  });

  test('a form is put only over what was found: not over an edit, a pause, a newer form or its absence', async () => {
    const { schedules, edit, pause } = harness();
    const definition = newDefinition();
    const { syncId } = definition;
    const form = (revision: number): ScheduleDefinition => ({ ...definition, revision });
    expect(await schedules.apply(form(1), null)).toMatchObject({ created: true });
    expect(await schedules.apply(form(2), null)).toBeNull();
    for (const change of [
      () => edit(syncId),
      () => pause(syncId, 'by hand'),
      () => put(schedules, form(3)),
      () => schedules.remove(syncId),
    ]) {
      const before = await schedules.look(syncId);
      await change();
      const after = await schedules.look(syncId);
      expect(await schedules.apply(form(9), before)).toBeNull();
      expect(await schedules.look(syncId)).toEqual(after);
    }
    expect(await schedules.apply(form(10), null)).toMatchObject({ created: true });
  });

  test('a form tells which one it is and the pause it was put with, whatever is done to it', async () => {
    const { schedules, edit, pause } = harness();
    const definition = newDefinition({ revision: 7, paused: { note: 'moving' } });
    const { syncId } = definition;
    await put(schedules, definition);
    await pause(syncId, 'by hand');
    await edit(syncId);
    const form = { revision: 7, paused: { note: 'moving' } };
    expect(await schedules.look(syncId)).toMatchObject({ form, paused: { note: 'by hand' } });
    const { parts } = await put(schedules, { ...definition, revision: 8, paused: null });
    const look = await schedules.look(syncId);
    expect(look).toMatchObject({ form: { revision: 8, paused: null }, paused: null, parts });
  });

  test('a removed schedule is gone and can be made again', async () => {
    const { schedules } = harness();
    const definition = newDefinition();
    await put(schedules, definition);
    expect(await schedules.remove(definition.syncId)).toBe(true);
    expect(await schedules.look(definition.syncId)).toBeNull();
    expect(await put(schedules, definition)).toMatchObject({ created: true });
  });
}
