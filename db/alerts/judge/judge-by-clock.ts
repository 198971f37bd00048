// Owns the rules of the clock, looked at now and then: schedules that are late or paused for long, runs that stay stuck, and
// what is open of deleted syncs. Which schedules are late is handed in.
import type { Knex } from 'knex';
import type { SyncParts } from '../../../domain/alerts/causes';
import {
  judgeLate,
  judgePaused,
  judgeStillStuck,
  type Lateness,
  type OpenByClock,
} from '../../../domain/alerts/judge-clock';
import type { AlertKind, EffectiveRules } from '../../../domain/alerts/rules';
import { tellGoingOn } from '../../../domain/alerts/telling';
import type { Transition } from '../../../domain/alerts/transition';
import type { SyncPlace } from '../../configuration/sync-lock';
import { timeFromNow } from '../../time-from-now';
import { scheduleProgress, type ScheduleProgress } from '../../views/insights/schedule-progress-view';
import { takeAlertsTurn } from '../alerts-turn';
import { type ChannelsOfRule, channelsOf } from './channels-of';
import { waitForJudgesTurn } from './due-judgements';
import { type OpenAlert, openAlertsOf } from './open-alerts';
import { rulesOfSyncs } from './rules-of-syncs';
import { syncPartsOf } from './runs-to-judge';
import { type AlertChange, writeTransitions } from './write-transitions';

/** Tells of these schedules, which are all there are, how far the slots of each have come. */
export type LatenessOf = (
  schedules: readonly ScheduleProgress[],
  now: Date,
) => Promise<ReadonlyMap<string, Lateness>>;

/** A sync that may have something to say. */
interface Candidate extends SyncPlace {
  /** Null: it is not paused, or has no schedule. */
  readonly pausedAt: Date | null;
}

const firesNone: Lateness = { overdue: null, knownUntil: null };

/** Looks at all schedules and at what is open; returns how many alerts were opened, told again or resolved. */
export async function judgeByClock(knex: Knex, latenessOf: LatenessOf): Promise<number> {
  return knex.transaction(async (trx) => {
    await waitForJudgesTurn(trx);
    const now = await timeFromNow(trx, 0);
    const lateness = await latenessOf(await scheduleProgress(trx, null), now);
    const candidates = await candidatesOf(
      trx,
      [...lateness].flatMap(([syncId, { overdue }]) => (overdue ? syncId : [])),
    );
    if (candidates.length === 0) return 0;
    const workspaceIds = candidates.map(({ workspaceId }) => workspaceId);
    const syncIds = candidates.map(({ syncId }) => syncId);
    await takeAlertsTurn(trx, workspaceIds);
    const open = await openAlertsOf(trx, syncIds);
    const syncs = await syncPartsOf(trx, syncIds);
    const rulesOf = await rulesOfSyncs(trx, candidates);
    const channels = await channelsOf(trx, workspaceIds);
    const changes = candidates.flatMap((candidate) => {
      const seen = {
        sync: syncs.get(candidate.syncId) ?? null,
        rules: rulesOf(candidate),
        open: open.filter(({ syncId }) => syncId === candidate.syncId),
        lateness: lateness.get(candidate.syncId) ?? firesNone,
        channels,
        now,
      };
      return changesOf(candidate, seen);
    });
    await writeTransitions(trx, changes, now);
    return changes.length;
  });
}

/** Syncs that are overdue, paused, or of which an alert of the clock or any of a deleted one is open. */
async function candidatesOf(trx: Knex.Transaction, overdue: readonly string[]): Promise<Candidate[]> {
  const { rows } = await trx.raw<{ rows: { id: string; workspace_id: string; paused_at: Date | null }[] }>(
    `SELECT s.id, s.workspace_id, CASE WHEN p.sync_id IS NOT NULL AND s.deleted_at IS NULL THEN s.paused_at END AS paused_at
     FROM syncs s LEFT JOIN sync_schedules p ON p.sync_id = s.id AND p.removed_at IS NULL
     WHERE s.id = ANY (?) OR (s.paused_at IS NOT NULL AND s.deleted_at IS NULL AND p.sync_id IS NOT NULL)
       OR s.id IN (
         SELECT a.sync_id FROM alerts a JOIN syncs o ON o.id = a.sync_id
         WHERE a.resolved_at IS NULL
           AND (a.kind IN ('run_late', 'run_stuck', 'schedule_paused') OR o.deleted_at IS NOT NULL))`,
    [[...overdue]],
  );
  return rows.map((row) => ({ syncId: row.id, workspaceId: row.workspace_id, pausedAt: row.paused_at }));
}

interface SeenOfSync {
  /** Null: it was deleted. */
  readonly sync: SyncParts | null;
  readonly rules: EffectiveRules;
  readonly open: readonly OpenAlert[];
  readonly lateness: Lateness;
  readonly channels: ChannelsOfRule;
  readonly now: Date;
}

function changesOf({ workspaceId, syncId, pausedAt }: Candidate, seen: SeenOfSync): AlertChange[] {
  const { sync, rules, open, lateness, now } = seen;
  const openOf = (kind: AlertKind): OpenByClock | null => {
    const alert = open.find((each) => each.kind === kind);
    return alert ? { ...alert, isToRemind: isToRemind(alert, seen) } : null;
  };
  const transitions = sync
    ? [
        judgeLate(rules.run_late, sync, lateness, openOf('run_late')),
        judgePaused(rules.schedule_paused, sync, { pausedAt, now }, openOf('schedule_paused')),
        judgeStillStuck(rules.run_stuck, openOf('run_stuck')),
      ].filter((transition) => transition !== null)
    : open.map(({ kind }): Transition => ({ what: 'resolve', kind, isSilent: true }));
  return transitions.map((transition) => ({
    workspaceId,
    sync: sync ?? { id: syncId, name: '' },
    rule: rules[transition.kind],
    alert: open.find(({ kind }) => kind === transition.kind) ?? null,
    transition,
    runId: null,
    at: now,
  }));
}

/** Where nobody hears of it, it would be written down at every look. */
function isToRemind(alert: OpenAlert, { rules, channels, now }: SeenOfSync): boolean {
  const rule = rules[alert.kind];
  const news = tellGoingOn(alert, rule.settings.remindHours ?? 0, now);
  return news !== null && channels(alert.workspaceId, rule).length > 0;
}
