// Schedules that do not agree with Temporal are put right, row by row, by however many workers look.
import type { Knex } from 'knex';
import { pauseSync, putSchedule, removeSchedule, resumeSync } from '../../../db/configuration/schedule-store';
import { type StoredSync, SyncStore } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import type { Schedule } from '../../../domain/schedule';
import type { StartedSlot } from '../../../temporal/schedules';
import { reconcileSchedules, removeOrphanSchedules } from '../../../worker/reconciler/reconcile-schedules';
import { aSync } from '../../factories/a-sync';
import { type FakeSchedule, fakeSchedules } from '../../fakes/fake-schedules';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

const quarterly: Schedule = {
  intervalSeconds: 900,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
};

let database: TestDatabase;
let knex: Knex;
const schedules = fakeSchedules();
const warnings: string[] = [];
const log = { warn: (_: unknown, message: string) => void warnings.push(message) };

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 20 });
});
beforeEach(() => {
  schedules.calls.length = 0;
  warnings.length = 0;
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** A sync whose schedule is in Temporal, and due for a look. */
async function anAppliedSync(): Promise<StoredSync> {
  const sync = await aSync(knex, { schedule: quarterly });
  await reconcileSchedules(knex, schedules, log);
  await due(sync.id);
  schedules.calls.length = 0;
  return sync;
}
const due = (syncId: string) =>
  knex('sync_schedules').where({ sync_id: syncId }).update({ checked_at: null });
const placeOf = ({ workspaceId, id: syncId }: StoredSync) => ({ workspaceId, syncId });
const round = (options = {}) => reconcileSchedules(knex, schedules, log, options);
const events = (syncId: string) =>
  knex('run_events').where({ sync_id: syncId }).orderBy('id').select('type', 'detail');
const stored = ({ workspaceId, id }: StoredSync) => new SyncStore(knex).find(workspaceId, id);

function kept(syncId: string): FakeSchedule {
  const found = schedules.kept.get(syncId);
  if (!found) throw new Error(`${syncId} has no schedule in Temporal`);
  return found;
}

test('a pending schedule is applied, once, and then left alone', async () => {
  const { id } = await aSync(knex, { schedule: quarterly });
  expect(await round()).toBe(1);
  expect(await round()).toBe(0);
  expect(schedules.calls).toEqual([`look ${id}`, `apply ${id}`]);
  await due(id);
  expect(await round()).toBe(0);
  expect(schedules.calls).toEqual([`look ${id}`, `apply ${id}`, `look ${id}`]);
  expect(await events(id)).toEqual([]);
});

test('what was written while Temporal was away is applied when it is back', async () => {
  const sync = await anAppliedSync();
  schedules.away = true;
  await putSchedule(knex, placeOf(sync), { schedule: { ...quarterly, intervalSeconds: 60 }, by: null });
  await pauseSync(knex, placeOf(sync), 'moving', null);
  await expect(round()).rejects.toThrow('UNAVAILABLE');
  schedules.away = false;
  expect(kept(sync.id)).toMatchObject({ schedule: { intervalSeconds: 900 }, paused: null });
  await due(sync.id);
  expect(await round()).toBe(1);
  expect(kept(sync.id)).toMatchObject({ schedule: { intervalSeconds: 60 }, paused: { note: 'moving' } });
});

test('a schedule that was removed while Temporal was away is removed when it is back', async () => {
  const sync = await anAppliedSync();
  await removeSchedule(knex, placeOf(sync), null);
  expect(await round()).toBe(1);
  expect(schedules.kept.has(sync.id)).toBe(false);
  expect(await knex('sync_schedules').where({ sync_id: sync.id })).toEqual([]);
});

test('a schedule that was deleted outside is made again, with an event', async () => {
  const sync = await anAppliedSync();
  schedules.kept.delete(sync.id);
  expect(await round()).toBe(1);
  expect(kept(sync.id).schedule).toEqual(quarterly);
  expect(await events(sync.id)).toEqual([{ type: 'schedule_restored', detail: { reason: 'deleted' } }]);
});

test.each(['spec', 'policies', 'action', 'limits'] as const)(
  'a schedule whose %s was edited into nonsense is put back, with an event that says what',
  async (part) => {
    const sync = await anAppliedSync();
    const { parts } = kept(sync.id);
    kept(sync.id).parts = { ...parts, [part]: { nonsense: true } };
    expect(await round()).toBe(1);
    expect(kept(sync.id).parts).toEqual(parts);
    const detail = { reason: 'changed', what: [part] };
    expect(await events(sync.id)).toEqual([{ type: 'schedule_restored', detail }]);
  },
);

test('a pause outside is adopted with its note, and its end too', async () => {
  const sync = await anAppliedSync();
  kept(sync.id).paused = { note: 'by hand' };
  expect(await round()).toBe(1);
  expect(await stored(sync)).toMatchObject({ pausedAt: expect.any(Date), pauseNote: 'by hand' });
  await due(sync.id);
  expect(await round()).toBe(0);
  kept(sync.id).paused = null;
  await due(sync.id);
  expect(await round()).toBe(1);
  expect(await stored(sync)).toMatchObject({ pausedAt: null, pauseNote: null });
  expect(await events(sync.id)).toEqual([
    { type: 'sync_paused', detail: { note: 'by hand', by: 'temporal' } },
    { type: 'sync_resumed', detail: { note: null, by: 'temporal' } },
  ]);
  expect(kept(sync.id).paused).toBeNull();
});

test('a schedule that was paused and edited outside is put back, and stays paused', async () => {
  const sync = await anAppliedSync();
  const { parts } = kept(sync.id);
  Object.assign(kept(sync.id), { paused: { note: 'by hand' }, parts: { ...parts, spec: {} } });
  expect(await round()).toBe(1);
  expect(kept(sync.id)).toMatchObject({ paused: { note: 'by hand' }, parts });
  expect((await events(sync.id)).map(({ type }) => type)).toEqual(['sync_paused', 'schedule_restored']);
});

test('a schedule whose marks were edited away is put back, and a pause made with that edit is adopted', async () => {
  const sync = await anAppliedSync();
  Object.assign(kept(sync.id), { form: null, paused: { note: 'by hand' } });
  expect(await round()).toBe(1);
  expect(kept(sync.id)).toMatchObject({ paused: { note: 'by hand' }, form: { paused: { note: 'by hand' } } });
  expect(await events(sync.id)).toEqual([
    { type: 'sync_paused', detail: { note: 'by hand', by: 'temporal' } },
    { type: 'schedule_restored', detail: { reason: 'changed', what: ['action'] } },
  ]);
});

test('an older form of ours that came late is put right, and nobody is said to have edited or paused', async () => {
  const sync = await anAppliedSync();
  const paused = { note: 'of then' };
  const older = { form: { revision: 0, paused }, paused, parts: { ...kept(sync.id).parts, spec: {} } };
  const newest = structuredClone(kept(sync.id));
  Object.assign(kept(sync.id), older);
  expect(await round()).toBe(1);
  expect(kept(sync.id)).toMatchObject({ parts: newest.parts, paused: null });
  expect([await stored(sync), await events(sync.id)]).toMatchObject([{ pausedAt: null }, []]);
});

test('a resume through us that Temporal does not know yet is not taken back by what it still says', async () => {
  const sync = await anAppliedSync();
  await pauseSync(knex, placeOf(sync), 'moving', null);
  await round();
  expect(kept(sync.id).paused).toEqual({ note: 'moving' });
  await due(sync.id);
  // Between the look and the adoption somebody resumes, and Temporal cannot be told.
  const raced = {
    ...schedules,
    look: async (syncId: string) => {
      const look = await schedules.look(syncId);
      if (look) Object.assign(look, { paused: { note: 'another note' } });
      await resumeSync(knex, placeOf(sync), null, null);
      return look;
    },
  };
  await reconcileSchedules(knex, raced, log);
  expect(await stored(sync)).toMatchObject({ pausedAt: null });
  await due(sync.id);
  await round();
  expect(kept(sync.id).paused).toBeNull();
});

test('slots that Temporal counts as missed become one event for each growth', async () => {
  const sync = await anAppliedSync();
  for (const missed of [3, 3, 5]) {
    kept(sync.id).missed = missed;
    await due(sync.id);
    await round();
  }
  expect(await events(sync.id)).toEqual([
    { type: 'slots_missed', detail: { count: 3 } },
    { type: 'slots_missed', detail: { count: 2 } },
  ]);
});

test('a slot whose workflow was cancelled before its first task is told, and no other', async () => {
  const sync = await anAppliedSync();
  const place = placeOf(sync);
  const idOf = (minute: number): string => `sync/${sync.id}-2025-01-15T09:0${minute}:00Z`;
  const [lost, open, run, unknown] = [idOf(1), idOf(2), idOf(3), idOf(4)];
  await enqueueSlot(knex, { ...place, workflowId: run, slotAt: null });
  schedules.statuses.set(lost, 'CANCELLED').set(open, 'RUNNING').set(run, 'CANCELLED');
  kept(sync.id).recent = [lost, open, run, unknown].map((workflowId) => ({
    workflowId,
    takenAt: new Date(Date.now() - 61_000),
  }));
  kept(sync.id).recent.push({ workflowId: idOf(5), takenAt: new Date() });
  expect(await round()).toBe(2);
  await due(sync.id);
  expect(await round()).toBe(0);
  const skips = (await events(sync.id)).filter(({ type }) => type === 'slot_skipped');
  expect(skips.map(({ detail }) => detail)).toEqual(
    [lost, unknown].map((workflowId) => ({
      reason: 'cancelled_before_start',
      policy: null,
      slot_at: workflowId === lost ? '2025-01-15T09:01:00.000Z' : '2025-01-15T09:04:00.000Z',
      workflow_id: workflowId,
      blocking_run: null,
    })),
  );
});

test('slots that a schedule names no more are told too, all since the last look and none twice', async () => {
  const sync = await anAppliedSync();
  const slotAgo = (seconds: number) => {
    const takenAt = new Date(Date.now() - seconds * 1_000);
    return { workflowId: `sync/${sync.id}-${takenAt.toISOString().slice(0, 19)}Z`, takenAt };
  };
  // A worker was away for an hour, and somebody has ended what waited for one.
  const [answered, ...older] = [3_000, 2_000, 1_000, 500].map(slotAgo) as [StartedSlot, ...StartedSlot[]];
  const [open, ...ended] = older as [StartedSlot, ...StartedSlot[]];
  await enqueueSlot(knex, { ...placeOf(sync), workflowId: answered.workflowId, slotAt: null });
  Object.assign(kept(sync.id), { older: [slotAgo(9_000), answered, ...older], recent: [slotAgo(100)] });
  for (const { workflowId } of [...kept(sync.id).older, ...kept(sync.id).recent])
    schedules.statuses.set(workflowId, 'TERMINATED');
  schedules.statuses.set(open.workflowId, 'RUNNING');
  const lookedAgo = (seconds: number) =>
    knex('sync_schedules')
      .where({ sync_id: sync.id })
      .update({ checked_at: new Date(Date.now() - seconds * 1_000) });
  await lookedAgo(3_600);
  expect(await round()).toBe(3);
  const told = async () =>
    (await events(sync.id)).flatMap(({ type, detail }) =>
      type === 'slot_skipped' ? [detail.workflow_id] : [],
    );
  expect(await told()).toEqual([...ended, ...kept(sync.id).recent].map(({ workflowId }) => workflowId));
  await lookedAgo(3_600);
  expect(await round()).toBe(0);
  expect(await told()).toHaveLength(3);
});

test.each([
  ['a look of today', 60_000],
  ['no look yet', null],
])(
  'a slot of the day before yesterday is not told as lost after %s: its run may have been removed by age',
  async (_what, ago) => {
    const sync = await anAppliedSync();
    const takenAt = new Date(Date.now() - 48 * 3_600_000);
    const workflowId = `sync/${sync.id}-${takenAt.toISOString().slice(0, 19)}Z`;
    schedules.statuses.set(workflowId, 'COMPLETED');
    kept(sync.id).recent = [{ workflowId, takenAt }];
    const look = (checkedAt: Date | null) =>
      knex('sync_schedules').where({ sync_id: sync.id }).update({ checked_at: checkedAt });
    await look(ago === null ? null : new Date(Date.now() - ago));
    expect(await round()).toBe(0);
    // A worker that was away for as long tells it.
    await look(new Date(Date.now() - 47 * 3_600_000));
    expect(await round()).toBe(1);
  },
);

test('nothing is listed where the slots that a schedule names go back to the last look', async () => {
  const sync = await anAppliedSync();
  const slot = {
    workflowId: `sync/${sync.id}-2025-01-15T09:00:00Z`,
    takenAt: new Date(Date.now() - 600_000),
  };
  Object.assign(kept(sync.id), { older: [slot], recent: [slot] });
  await knex('sync_schedules')
    .where({ sync_id: sync.id })
    .update({ checked_at: new Date(Date.now() - 50_000) });
  await round();
  expect(schedules.calls).not.toContain(`closedSlots ${sync.id}`);
  // A schedule that was made anew, or never fired more than it names.
  kept(sync.id).older = [];
  await knex('sync_schedules')
    .where({ sync_id: sync.id })
    .update({ checked_at: new Date(0) });
  await round();
  expect(schedules.calls).not.toContain(`closedSlots ${sync.id}`);
});

test('eight workers at once apply, restore, adopt and tell each thing once', async () => {
  const syncs = [await anAppliedSync(), await anAppliedSync(), await anAppliedSync(), await anAppliedSync()];
  const [deleted, edited, paused, missed] = syncs.map(({ id }) => id) as [string, string, string, string];
  schedules.kept.delete(deleted);
  kept(edited).parts = { ...kept(edited).parts, spec: {} };
  kept(paused).paused = { note: 'by hand' };
  kept(missed).missed = 7;
  // Each worker has claimed all of them, as if each had been slow: they meet at the rows.
  const rounds = [1, 2, 3, 4, 5, 6, 7, 8].map(async () => {
    await knex('sync_schedules')
      .whereIn('sync_id', [deleted, edited, paused, missed])
      .update({ checked_at: null });
    await round();
  });
  await Promise.all(rounds);
  const told = await Promise.all([deleted, edited, paused, missed].map(events));
  expect(told.map((all) => all.map(({ type }) => type))).toEqual([
    ['schedule_restored'],
    ['schedule_restored'],
    ['sync_paused'],
    ['slots_missed'],
  ]);
});

test('two workers that both found it deleted make it again once', async () => {
  const { id } = await anAppliedSync();
  schedules.kept.delete(id);
  let looks = 0;
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => (open = resolve));
  const gated: typeof schedules = {
    ...schedules,
    look: async (syncId) => {
      const look = await schedules.look(syncId);
      looks += 1;
      if (looks === 2) open();
      await gate;
      return look;
    },
  };
  const first = reconcileSchedules(knex, gated, log);
  await until('the first look', () => looks === 1);
  await due(id);
  await Promise.all([first, reconcileSchedules(knex, gated, log)]);
  expect(await events(id)).toEqual([{ type: 'schedule_restored', detail: { reason: 'deleted' } }]);
});

test('a schedule Temporal refuses is tried again and holds nobody up', async () => {
  const [refused, other] = [
    await aSync(knex, { schedule: quarterly }),
    await aSync(knex, { schedule: quarterly }),
  ];
  const refusing: typeof schedules = {
    ...schedules,
    apply: async (definition, found) => {
      if (definition.syncId === refused.id) throw new Error('3 INVALID_ARGUMENT: invalid schedule spec');
      return schedules.apply(definition, found);
    },
  };
  expect(await reconcileSchedules(knex, refusing, log)).toBe(1);
  expect(schedules.kept.has(other.id)).toBe(true);
  expect(warnings).toEqual(['schedules could not be compared with Temporal']);
  await due(refused.id);
  expect(await round()).toBe(1);
});

test('schedules no sync stands behind are removed, of our workspaces only', async () => {
  const sync = await anAppliedSync();
  const bare = await aSync(knex, { workspaceId: sync.workspaceId });
  const { workspaceId } = sync;
  const definition = { revision: 1, schedule: quarterly, paused: null, summary: '' };
  for (const orphan of [
    { workspaceId, syncId: 'sync_gone' },
    { workspaceId, syncId: bare.id },
    { workspaceId: 'ws_of_another_installation', syncId: 'sync_theirs' },
  ]) {
    await schedules.apply({ ...definition, ...orphan }, null);
  }
  expect(await removeOrphanSchedules(knex, schedules)).toBe(2);
  expect(await removeOrphanSchedules(knex, schedules)).toBe(0);
  expect([...schedules.kept.keys()]).toEqual(expect.arrayContaining([sync.id, 'sync_theirs']));
  expect([schedules.kept.has('sync_gone'), schedules.kept.has(bare.id)]).toEqual([false, false]);
  expect(await events(bare.id)).toEqual([{ type: 'schedule_removed', detail: { by: 'reconciler' } }]);
});

test('a sync that is given its first schedule while what it had in Temporal is swept away keeps it', async () => {
  const bare = await aSync(knex);
  const definition = { ...placeOf(bare), revision: 1, schedule: quarterly, paused: null, summary: '' };
  await schedules.apply(definition, null);
  const raced: typeof schedules = {
    ...schedules,
    remove: async (syncId) => {
      await putSchedule(knex, placeOf(bare), { schedule: quarterly, by: null });
      await round();
      return schedules.remove(syncId);
    },
  };
  expect(await removeOrphanSchedules(knex, raced)).toBe(1);
  expect(schedules.kept.has(bare.id)).toBe(false);
  expect(await round()).toBe(1);
  expect(schedules.kept.has(bare.id)).toBe(true);
  expect((await events(bare.id)).map(({ type }) => type)).toEqual(['schedule_changed']);
});

test('a round over 2,000 schedules takes a hundred, with two statements when all agree', async () => {
  const { workspaceId } = await anAppliedSync();
  const { modelId, destinationId } = await aSync(knex, { workspaceId });
  await round();
  await knex.raw(
    `WITH made AS (INSERT INTO syncs (id, workspace_id, name, model_id, destination_id)
       SELECT 'sync_many' || n, ?, 'Many ' || n, ?, ? FROM generate_series(1, 2000) n RETURNING id, workspace_id)
     INSERT INTO sync_schedules (sync_id, workspace_id, interval_seconds, revision, applied_revision, applied)
     SELECT id, workspace_id, 900, 1, 1, '{"spec": 1, "policies": 1, "action": 1, "limits": 1}' FROM made`,
    [workspaceId, modelId, destinationId],
  );
  const agreeing: typeof schedules = {
    ...schedules,
    look: async (syncId) => ({
      parts: { spec: 1, policies: 1, action: 1, limits: 1 },
      form: { revision: 1, paused: null },
      paused: null,
      note: '',
      token: '',
      next: [],
      recent: [{ workflowId: `sync/${syncId}-1`, takenAt: new Date(Date.now() - 120_000) }],
      recentFrom: null,
      missed: 0,
    }),
    slotStatus: async () => 'RUNNING',
  };
  const statements: string[] = [];
  const counted = (query: { sql: string }): void => void statements.push(query.sql);
  knex.on('query', counted);
  expect(await reconcileSchedules(knex, agreeing, log)).toBe(0);
  knex.removeListener('query', counted);
  expect(statements).toHaveLength(2);
  const { rows } = await knex.raw(
    `SELECT count(*) FROM sync_schedules WHERE sync_id LIKE 'sync_many%' AND checked_at > now() - interval '1 minute'`,
  );
  expect(rows[0].count).toBeGreaterThanOrEqual(99);
  expect(rows[0].count).toBeLessThanOrEqual(100);
});
