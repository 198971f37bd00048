// When slots really fire, against what was said of them: the times the API shows beforehand, and the limits of a jitter.
import { applySchedule } from '../../../db/configuration/apply-schedule';
import { putSchedule, removeSchedule } from '../../../db/configuration/schedule-store';
import { scheduleIdOf, type Schedules, slotTimeOf, temporalSchedules } from '../../../temporal/schedules';
import { daily } from '../../factories/a-schedule';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { until } from '../../support/until';

// A dozen rounds of a schedule and the runs they make, on a machine that does something else besides.
const roundsMs = 90_000;

let engine: Engine;
let api: EngineApi;
let schedules: Schedules;
beforeAll(async () => {
  engine = await Engine.start();
  api = await engineApi(engine);
  schedules = temporalSchedules(engine.client, engine.taskQueue);
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT n AS id FROM generate_series(1, 3) n`);
  await engine.target.raw(`CREATE TABLE people (id bigint PRIMARY KEY)`);
});
afterAll(async () => {
  await api.close();
  await engine.close();
});

/** A sync whose every slot becomes a run; below what the API takes: tests are not to wait for ten seconds. */
async function aScheduledSync(intervalSeconds: number, jitterSeconds: number): Promise<string> {
  const syncId = await engine.sync({
    sql: 'SELECT id FROM users',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'people' },
  });
  const schedule = { ...daily, cron: null, intervalSeconds, jitterSeconds };
  const place = { workspaceId: engine.workspaceId, syncId };
  await putSchedule(engine.knex, place, { schedule, overlapPolicy: 'queue_all', by: null });
  await applySchedule(engine.knex, schedules, syncId);
  return syncId;
}

async function unschedule(syncId: string): Promise<void> {
  await removeSchedule(engine.knex, { workspaceId: engine.workspaceId, syncId }, null);
  await applySchedule(engine.knex, schedules, syncId);
  await until('the runs to end', async () => {
    const open = await engine.knex('runs').where({ sync_id: syncId, completed_at: null });
    return open.length === 0;
  });
}

/** The slots that became runs, in their order, as milliseconds. */
async function slotsOf(syncId: string): Promise<number[]> {
  const slots: Date[] = await engine
    .knex('runs')
    .where({ sync_id: syncId })
    .orderBy('slot_at')
    .pluck('slot_at');
  return slots.map((slot) => slot.getTime());
}

async function shownTimes(syncId: string): Promise<number[]> {
  const { status, body } = await api.get(`/syncs/${syncId}/schedule`);
  expect([status, body.temporal]).toEqual([200, 'available']);
  return body.next.map((time: string) => Date.parse(time));
}

test(
  'the next times the API shows are the slots that come: each of them, and none between',
  async () => {
    const syncId = await aScheduledSync(1, 0);
    await until('the first run', async () => (await slotsOf(syncId)).length > 0);
    const next = await shownTimes(syncId);
    const shownAt = Date.now();
    expect(next).toHaveLength(5);
    const [last = Number.NaN] = next.slice(-1);
    const slots = await until('the last of them', async () => {
      const found = await slotsOf(syncId);
      return found.some((slot) => slot > last) ? found : null;
    });
    // What came due while the answer was on its way may have been left out of it already.
    const [first = Number.NaN] = next;
    expect(slots.filter((slot) => slot > Math.min(shownAt, first - 1) && slot <= last)).toEqual(next);
    await unschedule(syncId);
  },
  roundsMs,
);

/** What Temporal did last: the slot's nominal time, and the time it meant to fire at, jitter included; milliseconds. */
async function firings(syncId: string): Promise<{ slot: number; meantFor: number }[]> {
  const { info } = await engine.client.workflowService.describeSchedule({
    namespace: engine.client.options.namespace,
    scheduleId: scheduleIdOf(syncId),
  });
  return (info?.recentActions ?? []).map(({ scheduleTime, startWorkflowResult }) => ({
    slot: slotTimeOf(startWorkflowResult?.workflowId ?? '')?.getTime() ?? Number.NaN,
    meantFor: Number(scheduleTime?.seconds) * 1_000 + Number(scheduleTime?.nanos) / 1_000_000,
  }));
}

test(
  'a jitter puts each slot off by less than it says, another one each time, and the run keeps the nominal time',
  async () => {
    const jitterMs = 2_000;
    // Several, so that few rounds of the schedule show many slots.
    const syncs = await Promise.all([1, 2, 3].map(() => aScheduledSync(3, jitterMs / 1_000)));
    const shown = await Promise.all(syncs.map(shownTimes));
    const fired = await until('three slots of each', async () => {
      const found = await Promise.all(syncs.map(firings));
      return found.every((slots) => slots.length >= 3) ? found : null;
    });
    const delays = fired.flat().map(({ slot, meantFor }) => meantFor - slot);
    for (const delay of delays) {
      expect(delay).toBeGreaterThanOrEqual(0);
      expect(delay).toBeLessThanOrEqual(jitterMs);
    }
    expect(new Set(delays).size).toBeGreaterThan(delays.length / 2);
    for (const [at, syncId] of syncs.entries()) {
      const due = fired[at] ?? [];
      // The times shown are those it fires at, not the nominal ones; to the second, as the wire has them.
      const [next = Number.NaN] = shown[at] ?? [];
      expect(due.map(({ meantFor }) => Math.floor(meantFor / 1_000))).toContain(Math.floor(next / 1_000));
      await until('a run of each slot', async () => {
        const slots = await slotsOf(syncId);
        return due.every(({ slot }) => slots.includes(slot));
      });
      await unschedule(syncId);
      // One instant every three seconds, counted from 1970, and no run of another.
      const slots = await slotsOf(syncId);
      expect(slots.map((slot) => slot % 3_000)).toEqual(slots.map(() => 0));
      expect(new Set(slots).size).toBe(slots.length);
    }
  },
  roundsMs,
);
