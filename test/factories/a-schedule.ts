// Makes the schedules of tests whose syncs are to have one, whichever.
import type { Knex } from 'knex';
import { writeSchedule } from '../../db/configuration/schedule-store';
import type { SyncPlace } from '../../db/configuration/sync-lock';
import type { Schedule } from '../../domain/schedule';

/** Once a day: told to Temporal it would not fire while a test looks. */
export const daily: Schedule = {
  intervalSeconds: 86_400,
  cron: null,
  timeZone: 'UTC',
  jitterSeconds: 0,
  catchUpSeconds: 600,
};

/** Stored alone, for a sync that was made without one: nobody has told Temporal. */
export function aSchedule(knex: Knex, place: SyncPlace): Promise<void> {
  return knex.transaction((trx) => writeSchedule(trx, place, daily));
}
