// Owns the watches that have the rules of alerts looked at: what is due as soon as it is, the clock every half minute.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { isAnyDue } from '../../db/alerts/judge/due-judgements';
import { judgeByClock } from '../../db/alerts/judge/judge-by-clock';
import { judgeDue } from '../../db/alerts/judge/judge-due';
import { withdrawStranded } from '../../db/alerts/withdraw-stranded';
import { databaseMessage } from '../../db/database-error';
import { knownUntil, overdueSchedules, Slots } from '../../temporal/overdue-schedules';
import type { Bell } from '../reconciler/bell';
import type { Watch } from '../reconciler/reconciler';

export interface AlertLog {
  error(about: Record<string, unknown>, message: string): void;
}

/** `closed` rings when this worker has closed a run; `told` is rung when there may be something to deliver. */
export interface JudgeBells {
  readonly closed: Bell;
  readonly told: Bell;
}

// Nobody notices an alert that is half a second later.
const gatherMs = 500;

/** The watch over runs that have ended, are stuck, or never were. */
export function judgeWatch(knex: Knex, log: AlertLog, { closed, told }: JudgeBells): Watch {
  return {
    what: 'alerts of runs',
    // For what others have closed and left: a worker that was killed, the reconciler. An idle service asks little.
    everyMs: 5_000,
    bell: closed,
    async round(signal) {
      if (!(await isAnyDue(knex))) return 0;
      // Until nothing is left, however long nobody has judged: each group is a transaction, and lets others have their turn.
      while (!signal.aborted) {
        const { judged, isMore, setAside } = await judgeDue(knex);
        for (const { due, attempts, error } of setAside)
          log.error(
            { syncId: due.syncId, runId: due.runId, attempts, error: databaseMessage(error) },
            'could not be judged by the rules of alerts: it is set aside and tried again later',
          );
        if (judged + setAside.length === 0) break;
        if (judged > 0) told.ring();
        // What ends meanwhile is judged together: a group has its price, however small it is.
        if (!isMore) await sleep(gatherMs, undefined, { signal }).catch(() => undefined);
      }
      return 0;
    },
  };
}

/** The watch over schedules that are late or paused, and what stays open. */
export function alertClockWatch(knex: Knex): Watch {
  const slots = new Slots();
  return {
    what: 'alerts of schedules',
    // A slot is waited for two minutes; half a minute more is no matter then.
    everyMs: 30_000,
    async round() {
      await judgeByClock(knex, async (schedules, now) => {
        const overdue = await overdueSchedules(schedules, now, slots);
        const dueAt = new Map(overdue.map((schedule) => [schedule.syncId, schedule.dueAt]));
        return new Map(
          schedules.map((schedule) => [
            schedule.syncId,
            { overdue: dueAt.get(schedule.syncId) ?? null, knownUntil: knownUntil(schedule) },
          ]),
        );
      });
      await withdrawStranded(knex);
      return 0;
    },
  };
}
