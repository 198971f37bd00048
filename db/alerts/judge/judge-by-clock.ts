// Owns what is looked at now and then: schedules that are late or paused for long, runs that stay stuck, and open alerts that
// are to be told, or whose rule or sync is gone. Which schedules are late is handed in.
import type { Knex } from 'knex';
import type { SyncParts } from '../../../domain/alerts/causes';
import {
  judgeLate,
  judgeOpen,
  judgePaused,
  judgeStillStuck,
  type Lateness,
  type OpenByClock,
  type ResolvedByHand,
  type SeenByClock,
} from '../../../domain/alerts/judge-clock';
import { type AlertKind, clockRules, type EffectiveRules } from '../../../domain/alerts/rules';
import { tellByClock } from '../../../domain/alerts/telling';
import type { Transition } from '../../../domain/alerts/transition';
import { noMoreStuck } from '../../runs/reconcile/reconcile-stuck';
import { timeFromNow } from '../../time-from-now';
import { scheduleProgress, type ScheduleProgress } from '../../views/insights/schedule-progress-view';
import { takeAlertsTurn } from '../alerts-turn';
import { type ChannelsOfRule, channelsOf } from './channels-of';
import { type Candidate, clockCandidates, resolvedByHand } from './clock-candidates';
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

const firesNone: Lateness = { overdue: null, knownUntil: null };

/** Looks at all schedules and at what is open; returns how many alerts were opened, told again or resolved. */
export async function judgeByClock(knex: Knex, latenessOf: LatenessOf): Promise<number> {
  return knex.transaction(async (trx) => {
    await waitForJudgesTurn(trx);
    const now = await timeFromNow(trx, 0);
    const lateness = await latenessOf(await scheduleProgress(trx, null), now);
    const overdue = [...lateness].flatMap(([syncId, each]) => (each.overdue ? syncId : []));
    const candidates = await clockCandidates(trx, overdue);
    if (candidates.length === 0) return 0;
    const workspaceIds = candidates.map(({ workspaceId }) => workspaceId);
    const syncIds = candidates.map(({ syncId }) => syncId);
    await takeAlertsTurn(trx, workspaceIds);
    const all = await openAlertsOf(trx, syncIds);
    const open = bySync(all);
    const syncs = await syncPartsOf(trx, syncIds);
    const rulesOf = await rulesOfSyncs(trx, candidates);
    const channels = await channelsOf(trx, workspaceIds);
    const byHand = await resolvedByHand(trx, syncIds);
    const wellAgain = await noMoreStuck(trx, stuckRuns(all));
    const changes = candidates.flatMap((candidate) =>
      changesOf(candidate, {
        sync: syncs.get(candidate.syncId) ?? null,
        rules: rulesOf(candidate),
        open: open.get(candidate.syncId) ?? [],
        lateness: lateness.get(candidate.syncId) ?? firesNone,
        byHand: (kind) => byHand(candidate.syncId, kind),
        wellAgain,
        channels,
        now,
      }),
    );
    await writeTransitions(trx, changes, now);
    return changes.length;
  });
}

function bySync(alerts: readonly OpenAlert[]): ReadonlyMap<string, readonly OpenAlert[]> {
  const found = new Map<string, OpenAlert[]>();
  for (const alert of alerts) {
    const others = found.get(alert.syncId);
    if (others) others.push(alert);
    else found.set(alert.syncId, [alert]);
  }
  return found;
}

function stuckRuns(open: readonly OpenAlert[]): string[] {
  return open.flatMap(({ kind, detail }) => (kind === 'run_stuck' && detail.run ? detail.run.id : []));
}

interface SeenOfSync {
  /** Null: it was deleted. */
  readonly sync: SyncParts | null;
  readonly rules: EffectiveRules;
  readonly open: readonly OpenAlert[];
  readonly lateness: Lateness;
  readonly byHand: (kind: AlertKind) => ResolvedByHand | null;
  /** Runs that were stuck and are not any more. */
  readonly wellAgain: ReadonlySet<string>;
  readonly channels: ChannelsOfRule;
  readonly now: Date;
}

function changesOf(candidate: Candidate, seen: SeenOfSync): AlertChange[] {
  const { workspaceId, syncId } = candidate;
  const { sync, rules, open, now } = seen;
  return transitionsOf(candidate, seen).map((transition) => ({
    workspaceId,
    sync: sync ?? { id: syncId, name: '' },
    rule: rules[transition.kind],
    alert: open.find(({ kind }) => kind === transition.kind) ?? null,
    transition,
    run: null,
    at: now,
  }));
}

function transitionsOf({ pausedAt }: Candidate, seen: SeenOfSync): readonly Transition[] {
  const { sync, rules, lateness, now } = seen;
  if (!sync) return seen.open.map(({ kind }): Transition => ({ what: 'resolve', kind, isSilent: true }));
  const open = new Map(
    seen.open.map((alert) => [alert.kind, { ...alert, isToRemind: isToRemind(alert, seen) }]),
  );
  const of = (kind: AlertKind): SeenByClock => ({
    open: open.get(kind) ?? null,
    byHand: seen.byHand(kind),
    now,
  });
  const stuck = open.get('run_stuck') ?? null;
  const goesOn = !seen.wellAgain.has(stuck?.detail.run?.id ?? '');
  const ofRuns = [...open.values()].filter(({ kind }) => !isOfClock(kind));
  return [
    judgeLate(rules.run_late, sync, lateness, of('run_late')),
    judgePaused(rules.schedule_paused, sync, pausedAt, of('schedule_paused')),
    judgeStillStuck(rules.run_stuck, { open: stuck, goesOn }),
    ...ofRuns.map((alert: OpenAlert & OpenByClock) => judgeOpen(rules[alert.kind], alert.kind, alert)),
  ].filter((transition) => transition !== null);
}

function isOfClock(kind: AlertKind): boolean {
  return (clockRules as readonly AlertKind[]).includes(kind);
}

/** Where nobody hears of it, it would be written down at every look. */
function isToRemind(alert: OpenAlert, { rules, channels, now }: SeenOfSync): boolean {
  const rule = rules[alert.kind];
  const how = { remindHours: rule.settings.remindHours ?? 0, goesOnByItself: isOfClock(alert.kind) };
  return tellByClock(alert, how, now) !== null && channels(alert.workspaceId, rule).length > 0;
}
