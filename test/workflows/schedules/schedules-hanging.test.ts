// Schedules and a Temporal that hangs: callers are answered, PostgreSQL has it, and Temporal gets it once it answers.
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import { applySchedule } from '../../../db/configuration/apply-schedule';
import { putSchedule } from '../../../db/configuration/schedule-store';
import { connect } from '../../../db/connect';
import { type Schedules, temporalSchedules } from '../../../temporal/schedules';
import { reconcileSchedules } from '../../../worker/reconciler/reconcile-schedules';
import { daily } from '../../factories/a-schedule';
import { Engine } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { testServers } from '../../support/servers';
import { SilentGate } from '../../support/outside/silent-gate';
import { until } from '../../support/until';

let engine: Engine;
let gate: SilentGate;
let connection: Connection;
/** Through the gate, as the API and every worker here have them. */
let schedules: Schedules;
let api: EngineApi;
/** Past the gate, for the tests' own looks. */
let direct: Schedules;
/** As many connections as a small API has: whoever keeps one while Temporal hangs takes it from the others. */
let knex: Knex;

const logged: string[] = [];
const log = { warn: (_: unknown, message: string) => void logged.push(message) };

beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  gate = await SilentGate.openTo(testServers().temporalAddress);
  connection = await Connection.connect({ address: gate.address });
  const { namespace } = engine.client.options;
  schedules = temporalSchedules(new Client({ connection, namespace }), engine.taskQueue);
  direct = temporalSchedules(engine.client, engine.taskQueue);
  knex = connect(engine.databases.ours.url, { poolSize: 2, answerLimitMs: 5_000 });
  api = await engineApi(engine, { schedules, knex });
});
afterAll(async () => {
  await api.close();
  await connection.close();
  await gate.close();
  await knex.destroy();
  await engine.close();
});

async function anAppliedSync(): Promise<string> {
  const syncId = await engine.sync({
    sql: 'SELECT 1 AS id',
    mapping: [{ column: 'id', field: 'id' }],
    object: { table: 'people' },
  });
  await putSchedule(engine.knex, { workspaceId: engine.workspaceId, syncId }, { schedule: daily, by: null });
  await applySchedule(engine.knex, direct, syncId);
  return syncId;
}

test('pause, resume, put and both deletes are answered while Temporal hangs, and reach it afterwards', async () => {
  const syncs = await Promise.all(Array.from({ length: 5 }, anAppliedSync));
  const [paused, resumed, changed, bare, gone] = syncs as [string, string, string, string, string];
  await api.post(`/syncs/${resumed}/pause`, { note: 'for now' });
  expect((await direct.look(resumed))?.paused).toEqual({ note: 'for now' });

  gate.hush();
  // A worker is at it too, and hangs in the middle of each of them.
  await engine.knex('sync_schedules').whereIn('sync_id', syncs).update({ checked_at: null });
  const round = reconcileSchedules(knex, schedules, log).catch(() => 0);
  const answers = Promise.all([
    api.post(`/syncs/${paused}/pause`, { note: 'CRM is being moved' }),
    api.post(`/syncs/${resumed}/resume`),
    api.send('PUT', `/syncs/${changed}/schedule`, { interval_seconds: 3_600 }),
    api.send('DELETE', `/syncs/${bare}/schedule`),
    api.send('DELETE', `/syncs/${gone}`),
  ]);
  const askedAt = Date.now();
  const told = await answers;
  expect(told.map(({ status }) => status)).toEqual([200, 200, 200, 204, 204]);
  // Four seconds of patience, and room for a slow machine; less than any deadline of a call to Temporal twice over.
  expect(Date.now() - askedAt).toBeLessThan(9_000);
  expect(told[2]?.body).toMatchObject({ applied: false, next: null, temporal: 'unavailable' });
  expect((await api.get(`/syncs/${paused}`)).body.paused).toMatchObject({ note: 'CRM is being moved' });
  expect((await api.get(`/syncs/${resumed}`)).body.paused).toBeNull();
  expect((await api.get(`/syncs/${gone}`)).status).toBe(404);
  // A second word while the first still hangs.
  expect((await api.post(`/syncs/${paused}/pause`, { note: 'and painted' })).status).toBe(200);

  gate.speak();
  await round;
  await until('Temporal to have all of it', async () => {
    await engine
      .knex('sync_schedules')
      .whereIn('sync_id', syncs)
      .whereRaw('applied_revision IS DISTINCT FROM revision')
      .update({ checked_at: null });
    await reconcileSchedules(engine.knex, schedules, log).catch(() => 0);
    const looks = await Promise.all(syncs.map((syncId) => direct.look(syncId)));
    const rows = await engine.knex('sync_schedules').whereIn('sync_id', syncs);
    const pending = rows.filter(({ revision, applied_revision }) => revision !== applied_revision);
    return looks[3] === null && looks[4] === null && pending.length === 0;
  });
  expect((await direct.look(paused))?.paused).toEqual({ note: 'and painted' });
  expect((await direct.look(resumed))?.paused).toBeNull();
  expect((await direct.look(changed))?.parts.spec).toMatchObject({
    interval: [{ interval: { seconds: '3600' } }],
  });
  // What arrived late was ours: nobody is said to have paused, resumed or edited anything in Temporal.
  const events = await engine.knex('run_events').whereIn('sync_id', syncs).whereNull('run_id');
  expect(events.filter(({ detail }) => detail?.by === 'temporal')).toEqual([]);
  expect(events.filter(({ type }) => type === 'schedule_restored')).toEqual([]);
}, 120_000);

test('eight appliers over one Temporal and changes without end: the newest form is in place, and noted', async () => {
  const syncId = await anAppliedSync();
  const place = { workspaceId: engine.workspaceId, syncId };
  const applier = async (lane: number): Promise<void> => {
    for (let change = 0; change < 6; change += 1) {
      const schedule = { ...daily, intervalSeconds: 10_000 + lane * 100 + change } as typeof daily;
      await putSchedule(engine.knex, place, { schedule, by: null });
      await applySchedule(engine.knex, direct, syncId);
    }
  };
  await Promise.all([0, 1, 2, 3, 4, 5, 6, 7].map(applier));
  const row = await engine.knex('sync_schedules').where({ sync_id: syncId }).first();
  const look = await direct.look(syncId);
  expect([row.applied_revision, look?.form?.revision]).toEqual([row.revision, row.revision]);
  expect(look?.parts.spec).toMatchObject({
    interval: [{ interval: { seconds: `${row.interval_seconds}` } }],
  });
  expect(row.applied).toEqual(look?.parts);
});
