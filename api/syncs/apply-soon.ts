// Owns telling Temporal of a changed schedule right after it is stored. An outage of Temporal is nothing to the caller.
import type { Logger } from 'pino';
import { applySchedule } from '../../db/configuration/apply-schedule';
import type { Schedules } from '../../temporal/schedules';
import { afterCommit, type AfterCommitDependencies } from '../after-commit';
import { within } from '../within';

export interface ApplySoonDependencies extends AfterCommitDependencies {
  readonly schedules: Schedules;
  readonly logger: Logger;
}

// Four seconds: one look that the server lets hang is asked once more within it; a caller who changed something that is
// stored already is not to wait for more.
const answerWithinMs = 4_000;

/** Applies what is pending; when Temporal cannot take it, a worker does so later. False: it has not answered yet. */
export async function applySoon(
  deps: ApplySoonDependencies,
  syncId: string,
  requestId: string,
): Promise<boolean> {
  let isAnswered = true;
  await afterCommit(deps, async (knex) => {
    isAnswered = await applyNow({ ...deps, knex }, syncId, requestId);
  });
  return isAnswered;
}

async function applyNow(
  { knex, schedules, logger }: ApplySoonDependencies,
  syncId: string,
  requestId: string,
): Promise<boolean> {
  const warn = (err: unknown): void =>
    logger.warn(
      { request_id: requestId, sync_id: syncId, err },
      'a schedule could not be applied; it stays pending',
    );
  const applied = applySchedule(knex, schedules, syncId).catch(warn);
  const isAnswered = await soon(applied.then(() => true));
  if (isAnswered === null) warn(new Error('Temporal has not answered yet'));
  return isAnswered !== null;
}

/** What was asked of Temporal, if it answers while a caller can wait; else null, and the asking goes on. */
export async function soon<Answer>(asked: Promise<Answer>): Promise<Answer | null> {
  return within(answerWithinMs, asked);
}
