// Owns judging what is due: a group at a time, in one transaction with all it leads to. What it means is domain/alerts'.
import type { Knex } from 'knex';
import { judgeMissed, judgeStuck } from '../../../domain/alerts/judge-clock';
import { factsOf } from '../../../domain/alerts/finding';
import { isToldAsCompleted, judgeRun } from '../../../domain/alerts/judge-run';
import type { SyncParts } from '../../../domain/alerts/causes';
import type { AlertKind, EffectiveRules } from '../../../domain/alerts/rules';
import type { Transition } from '../../../domain/alerts/transition';
import { isDatabaseTrouble } from '../../database-error';
import { timeFromNow } from '../../time-from-now';
import { takeAlertsTurn } from '../alerts-turn';
import { enqueueNotices, type Notice } from '../enqueue-notice';
import { channelsOf } from './channels-of';
import { type DueJudgement, nextDue, removeDue, setAside, tryJudgesTurn } from './due-judgements';
import { type KnownOfGroup, readKnown } from './known-of-group';
import { type OpenAlert, openAlertsOf } from './open-alerts';
import type { FoundRun } from './runs-to-judge';
import { type AlertChange, writeTransitions } from './write-transitions';

/** What came of a group. */
export interface JudgedGroup {
  /** How many are done; 0: nothing is due, or another judge is at it. */
  readonly judged: number;
  /** Whether more was due when these were taken. */
  readonly isMore: boolean;
  /** That could not be judged, and why; it is tried again later. */
  readonly setAside: readonly {
    readonly due: DueJudgement;
    readonly attempts: number;
    readonly error: unknown;
  }[];
}

/** At most. A few hundredths of a second, within which the alerts of its workspaces are held. */
const judgedTogether = 50;

/**
 * Judges the next group. Where that fails for a reason that will not pass, each of it is judged alone, and what still fails
 * is set aside. Trouble of the database is thrown, and nothing is done.
 */
export async function judgeDue(knex: Knex, most = judgedTogether): Promise<JudgedGroup> {
  let group: DueJudgement[] = [];
  try {
    const isMore = await knex.transaction(async (trx) => {
      if (!(await tryJudgesTurn(trx))) return false;
      const next = await nextDue(trx, most);
      group = next.group;
      if (group.length > 0) await judgeGroup(trx, group);
      return next.isMore;
    });
    return { judged: group.length, isMore, setAside: [] };
  } catch (error) {
    const [due] = group;
    if (!due || isDatabaseTrouble(error)) throw error;
    if (group.length > 1) return judgeApart(knex, group.length);
    return { judged: 0, isMore: true, setAside: [{ due, attempts: await setAside(knex, due), error }] };
  }
}

async function judgeApart(knex: Knex, count: number): Promise<JudgedGroup> {
  const all = { judged: 0, isMore: true, setAside: [] as JudgedGroup['setAside'][number][] };
  for (let at = 0; at < count; at += 1) {
    const one = await judgeDue(knex, 1);
    all.judged += one.judged;
    all.setAside.push(...one.setAside);
  }
  return all;
}

async function judgeGroup(trx: Knex.Transaction, group: readonly DueJudgement[]): Promise<void> {
  const known = await readKnown(trx, group);
  await takeAlertsTurn(
    trx,
    group.map(({ workspaceId }) => workspaceId),
  );
  const now = await timeFromNow(trx, 0);
  const open = await openAlertsOf(
    trx,
    group.map(({ syncId }) => syncId),
  );
  const changes = group.flatMap((due) => {
    const ofSync = open.filter(({ syncId }) => syncId === due.syncId);
    return changesOf(due, known, ofSync, now);
  });
  await writeTransitions(trx, changes, now);
  await noteCompleted(trx, group, known);
  await removeDue(trx, group);
}

function changesOf(
  due: DueJudgement,
  known: KnownOfGroup,
  open: readonly OpenAlert[],
  now: Date,
): AlertChange[] {
  const { workspaceId, syncId, what, runId } = due;
  const sync = known.syncs.get(syncId);
  // Deleted since: its alerts end by the clock, without a word.
  if (!sync) return [];
  const rules = known.rulesOf(due);
  const run = runId ? known.runs.get(runId) : undefined;
  const seenAt = new Map(open.map(({ kind, detail }) => [kind, detail.run?.id ?? null]));
  const at = (what === 'run_ended' && run?.completedAt) || now;
  return transitionsOf(due, { sync, rules, run, seenAt, known, now }).map((transition) => ({
    workspaceId,
    sync,
    rule: rules[transition.kind],
    alert: open.find(({ kind }) => kind === transition.kind) ?? null,
    transition,
    run: run ? factsOf(run.run) : null,
    at,
  }));
}

interface SeenOfDue {
  readonly sync: SyncParts;
  readonly rules: EffectiveRules;
  /** Undefined: it is about none, or it was removed by age before it could be judged. */
  readonly run: FoundRun | undefined;
  /** Of which an alert is open, and the run each was last seen at. */
  readonly seenAt: ReadonlyMap<AlertKind, string | null>;
  readonly known: KnownOfGroup;
  readonly now: Date;
}

function transitionsOf(
  { what, detail, attempts }: DueJudgement,
  { sync, rules, run, seenAt, known, now }: SeenOfDue,
): readonly Transition[] {
  if (what === 'slots_missed') {
    const missed = { missed: Number(detail['count']), at: now, isOpen: seenAt.has('run_late') };
    return some(judgeMissed(rules.run_late, sync, missed));
  }
  if (!run) return [];
  if (what === 'run_stuck') {
    const stuck = { quietSince: String(detail['quiet_since']), isOpen: seenAt.has('run_stuck') };
    return some(judgeStuck(rules.run_stuck, sync, run.run, stuck));
  }
  // It was set aside, and a later run has spoken for the sync since.
  if (attempts > 0 && run.isOvertaken) return [];
  const trends = known.trends.get(run.run.id) ?? {};
  return judgeRun({ sync, run: run.run, rules, open: seenAt, failuresInARow: run.failuresInARow, trends });
}

function some(transition: Transition | null): readonly Transition[] {
  return transition ? [transition] : [];
}

async function noteCompleted(
  trx: Knex.Transaction,
  group: readonly DueJudgement[],
  { runs, rulesOf }: KnownOfGroup,
): Promise<void> {
  const completed = group.flatMap(({ what, runId, ...place }) => {
    const run = what === 'run_ended' && runId ? runs.get(runId)?.run : undefined;
    const rules = rulesOf(place);
    return run && isToldAsCompleted({ run, rules }) ? [{ ...place, runId: run.id, rules }] : [];
  });
  if (completed.length === 0) return;
  const channels = await channelsOf(
    trx,
    completed.map(({ workspaceId }) => workspaceId),
  );
  const notices = completed.flatMap(({ workspaceId, runId, rules }): Notice[] =>
    channels(workspaceId, rules.run_completed).map((channelId) => ({
      workspaceId,
      channelId,
      type: 'sync_run.completed',
      runId,
    })),
  );
  await enqueueNotices(trx, notices);
}
