// Owns telling Temporal of a changed schedule right after it is stored. An outage of Temporal is nothing to the caller.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import { applySchedule } from '../../db/configuration/apply-schedule';
import type { Schedules } from '../../temporal/schedules';

export interface ApplySoonDependencies {
  readonly knex: Knex;
  readonly schedules: Schedules;
  readonly logger: Logger;
}

/** Applies what is pending; when Temporal cannot take it, a worker does so later. */
export async function applySoon(
  { knex, schedules, logger }: ApplySoonDependencies,
  syncId: string,
  requestId: string,
): Promise<void> {
  try {
    await applySchedule(knex, schedules, syncId);
  } catch (error) {
    logger.warn(
      { request_id: requestId, sync_id: syncId, err: error },
      'a schedule could not be applied; it stays pending',
    );
  }
}
