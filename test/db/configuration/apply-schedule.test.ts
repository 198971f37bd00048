// Applying schedules without a lock: the newest form ends in place, and what was done in Temporal is not written over.
import type { Knex } from 'knex';
import { applySchedule } from '../../../db/configuration/apply-schedule';
import {
  findSchedule,
  pauseSync,
  putSchedule,
  removeSchedule,
  resumeSync,
} from '../../../db/configuration/schedule-store';
import type { SyncPlace } from '../../../db/configuration/sync-lock';
import { SyncStore } from '../../../db/configuration/sync-store';
import { connect } from '../../../db/connect';
import type { Schedule, SchedulePause } from '../../../domain/schedule';
import { daily } from '../../factories/a-schedule';
import { aSync } from '../../factories/a-sync';
import { type FakeSchedules, fakeSchedules } from '../../fakes/fake-schedules';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { seededRandom } from '../../chaos/place/seeded-random';

// Forty rounds of appliers in each other's way take a quarter of this alone, and all of the usual half minute on a busy machine.
jest.setTimeout(90_000);

let database: TestDatabase;
let knex: Knex;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 10 });
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

const every = (intervalSeconds: number): Schedule => ({ ...daily, intervalSeconds, cron: null });
const put = (place: SyncPlace, seconds: number) =>
  putSchedule(knex, place, { schedule: every(seconds), by: null });
const syncOf = ({ workspaceId, syncId }: SyncPlace) => new SyncStore(knex).find(workspaceId, syncId);

/** A sync whose schedule is in the fake, hands that act there as the Temporal UI does, and the sync's events. */
async function anAppliedSync() {
  const { id: syncId, workspaceId } = await aSync(knex, { schedule: daily });
  const place = { workspaceId, syncId };
  const schedules = fakeSchedules();
  await applySchedule(knex, schedules, syncId);
  return {
    place,
    schedules,
    apply: (applier = schedules) => applySchedule(knex, applier, syncId),
    outside: (paused: SchedulePause) => pauseOutside(schedules, syncId, paused),
    events: async (): Promise<object[]> =>
      knex('run_events').where({ sync_id: syncId }).orderBy('id').select('type', 'detail'),
  };
}

function pauseOutside(schedules: FakeSchedules, syncId: string, paused: SchedulePause): void {
  const kept = schedules.kept.get(syncId);
  if (kept) kept.paused = paused;
}

/** Row and fake say the same: nothing is pending, and what fires is what is stored. */
async function expectNewestInPlace(place: SyncPlace, schedules: FakeSchedules): Promise<void> {
  const row = await knex('sync_schedules').where({ sync_id: place.syncId }).first();
  const kept = schedules.kept.get(place.syncId);
  if (!row) return expect(kept).toBeUndefined();
  const sync = await syncOf(place);
  expect({ applied: row.applied_revision, inPlace: kept?.form?.revision }).toEqual({
    applied: row.revision,
    inPlace: row.revision,
  });
  expect(kept).toMatchObject({
    schedule: sync?.schedule,
    paused: sync?.pausedAt ? { note: sync.pauseNote } : null,
  });
}

describe('several appliers', () => {
  test('an apply that hangs holds nobody up, and its older form does not land on a newer one', async () => {
    const { place, schedules, apply } = await anAppliedSync();
    await put(place, 300);
    let letGo = (): void => undefined;
    const held = new Promise<void>((resolve) => (letGo = resolve));
    let hang = (): void => undefined;
    const hangs = new Promise<void>((resolve) => (hang = resolve));
    const slow: FakeSchedules = {
      ...schedules,
      apply: async (...form) => {
        hang();
        await held;
        return schedules.apply(...form);
      },
    };
    const older = apply(slow);
    await hangs;
    await put(place, 60);
    await pauseSync(knex, place, 'now', null);
    await apply();
    await expectNewestInPlace(place, schedules);
    const before = structuredClone(schedules.kept.get(place.syncId));
    letGo();
    await older;
    expect(schedules.kept.get(place.syncId)).toEqual(before);
    await expectNewestInPlace(place, schedules);
  });

  test('an older form whose look comes after a newer one was put is not put at all', async () => {
    const { place, schedules, apply } = await anAppliedSync();
    await put(place, 300);
    let looks = 0;
    const given: Schedule[] = [];
    const late: FakeSchedules = {
      ...schedules,
      look: async (syncId) => {
        looks += 1;
        if (looks === 1) {
          await put(place, 60);
          await apply();
        }
        return schedules.look(syncId);
      },
      apply: async (definition, found) => {
        given.push(definition.schedule);
        return schedules.apply(definition, found);
      },
    };
    await apply(late);
    expect(given).toEqual([]);
    await expectNewestInPlace(place, schedules);
  });

  // A removal asks for no token: one that hangs may hit the schedule that was written after it.
  test.each(['before', 'after'])(
    'a removal that hangs leaves the schedule written meanwhile in place, noted %s it comes to its end',
    async (when) => {
      const { place, schedules, apply } = await anAppliedSync();
      await removeSchedule(knex, place, null);
      let letGo = (): void => undefined;
      const held = new Promise<void>((resolve) => (letGo = resolve));
      const slow: FakeSchedules = {
        ...schedules,
        remove: async (syncId) => {
          await held;
          return schedules.remove(syncId);
        },
      };
      const removal = apply(slow);
      await put(place, 60);
      if (when === 'before') await apply();
      letGo();
      await removal;
      await apply();
      await expectNewestInPlace(place, schedules);
      expect(schedules.kept.get(place.syncId)).toMatchObject({ schedule: every(60) });
    },
  );

  test('a first form that lands after the schedule was removed goes again', async () => {
    const { place, schedules, apply } = await anAppliedSync();
    await removeSchedule(knex, place, null);
    await apply();
    await put(place, 60);
    const late: FakeSchedules = {
      ...schedules,
      apply: async (...form) => {
        await removeSchedule(knex, place, null);
        await apply();
        return schedules.apply(...form);
      },
    };
    await apply(late);
    await expectNewestInPlace(place, schedules);
    expect(schedules.kept.size).toBe(0);
  });

  test('a form of an earlier life that lands by a token both lives had is put right by who put it', async () => {
    const { place, schedules, apply } = await anAppliedSync();
    await put(place, 300);
    const late: FakeSchedules = {
      ...schedules,
      look: async (syncId) => {
        const look = await schedules.look(syncId);
        if (look?.form && schedules.kept.get(syncId)?.schedule.intervalSeconds === daily.intervalSeconds) {
          // From here on the schedule goes, comes again as another, and has this token once more.
          await removeSchedule(knex, place, null);
          await apply();
          await put(place, 60);
          await apply();
          return schedules.look(syncId);
        }
        return look;
      },
    };
    await apply(late);
    await expectNewestInPlace(place, schedules);
    expect(schedules.kept.get(place.syncId)).toMatchObject({ schedule: every(60) });
  });

  const seed = Number(process.env['SCHEDULE_SEED'] ?? Date.now() % 1_000_000);
  test(`whoever changes what at once, the newest form ends in place and noted (SCHEDULE_SEED=${seed})`, async () => {
    const random = seededRandom(seed);
    const upTo = (limit: number): number => Math.floor(random.between(0, limit));
    for (let round = 0; round < 40; round += 1) {
      const { place, schedules, apply, outside } = await anAppliedSync();
      schedules.pace = () => new Promise((resolve) => setTimeout(resolve, upTo(6)));
      const isTouchedOutside = round % 2 === 1;
      const acts = [
        () => put(place, 10 + upTo(1_000)),
        () => put(place, 10 + upTo(1_000)),
        () => pauseSync(knex, place, `note ${upTo(1_000)}`, null),
        () => resumeSync(knex, place, null, null),
        () => removeSchedule(knex, place, null),
        ...(isTouchedOutside ? [async () => outside(upTo(2) ? { note: `outside ${upTo(99)}` } : null)] : []),
      ];
      const actor = async (): Promise<void> => {
        for (let act = 0; act < 3; act += 1) {
          await random.pick(acts)();
          await apply();
        }
      };
      await Promise.all([actor(), actor(), actor(), actor(), actor()]);
      // The last act outside may have come after the last look: the next change finds it.
      if (isTouchedOutside) {
        await put(place, 5_000);
        await apply();
      }
      await expectNewestInPlace(place, schedules);
    }
  });
});

describe('a pause made in Temporal', () => {
  test('just before a change through us it is taken over, with an event, and so is its end', async () => {
    const { place, schedules, apply, outside, events } = await anAppliedSync();
    outside({ note: 'by hand' });
    await put(place, 60);
    await apply();
    expect(await syncOf(place)).toMatchObject({ pausedAt: expect.any(Date), pauseNote: 'by hand' });
    await expectNewestInPlace(place, schedules);
    outside(null);
    await put(place, 70);
    await apply();
    expect(await syncOf(place)).toMatchObject({ pausedAt: null });
    await expectNewestInPlace(place, schedules);
    expect(schedules.kept.get(place.syncId)).toMatchObject({ schedule: every(70), paused: null });
    expect(await events()).toMatchObject([
      { type: 'schedule_changed' },
      { type: 'sync_paused', detail: { note: 'by hand', by: 'temporal' } },
      { type: 'schedule_changed' },
      { type: 'sync_resumed', detail: { note: null, by: 'temporal' } },
    ]);
  });

  test('between our look and our form it is taken over too', async () => {
    const { place, schedules, apply, outside, events } = await anAppliedSync();
    await put(place, 60);
    let pauses = 0;
    const raced: FakeSchedules = {
      ...schedules,
      apply: async (...form) => {
        pauses += 1;
        if (pauses <= 2) outside(pauses === 1 ? { note: 'in between' } : null);
        return schedules.apply(...form);
      },
    };
    await apply(raced);
    await expectNewestInPlace(place, schedules);
    expect(schedules.kept.get(place.syncId)).toMatchObject({ schedule: every(60), paused: null });
    expect((await events()).slice(1)).toMatchObject([{ type: 'sync_paused' }, { type: 'sync_resumed' }]);
  });

  test('when we resume or pause after it, that holds', async () => {
    const { place, schedules, apply, outside } = await anAppliedSync();
    outside({ note: 'by hand' });
    // Nothing to resume as far as we know; whoever asks knows better.
    await resumeSync(knex, place, null, null);
    await apply();
    expect(schedules.kept.get(place.syncId)?.paused).toBeNull();
    await pauseSync(knex, place, 'ours', null);
    await apply();
    outside(null);
    await pauseSync(knex, place, 'ours', null);
    await apply();
    expect(schedules.kept.get(place.syncId)?.paused).toEqual({ note: 'ours' });
    await expectNewestInPlace(place, schedules);
  });

  test('a pause of ours whose answer was lost is not taken for one made there', async () => {
    const { place, schedules, apply } = await anAppliedSync();
    await pauseSync(knex, place, 'ours', null);
    const deaf: FakeSchedules = {
      ...schedules,
      apply: async (...form) => {
        await schedules.apply(...form);
        throw new Error('4 DEADLINE_EXCEEDED');
      },
    };
    await expect(apply(deaf)).rejects.toThrow('DEADLINE');
    await put(place, 60);
    await resumeSync(knex, place, null, null);
    await put(place, 70);
    await apply();
    expect(await syncOf(place)).toMatchObject({ pausedAt: null });
    await expectNewestInPlace(place, schedules);
    expect(await findSchedule(knex, place)).toMatchObject({ isApplied: true, schedule: every(70) });
  });
});
