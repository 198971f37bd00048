// Owns writing what becomes of alerts: rows, events, and the messages that tell of it. What becomes of them is decided before.
import type { Knex } from 'knex';
import type { AlertDetail, RunFacts } from '../../../domain/alerts/alert';
import { type AlertRule, severityOf } from '../../../domain/alerts/rules';
import { type AlertNewsType, tellGoingOn, tellOpened, tellResolvedOf } from '../../../domain/alerts/telling';
import type { Transition } from '../../../domain/alerts/transition';
import { newId } from '../../new-id';
import { type AlertNews, enqueueAlerts } from '../enqueue-alerts';
import { tellResolved, withdrawUnsent } from '../tell-resolved';
import { channelsOf } from './channels-of';
import { type OpenAlert, toldOf } from './open-alerts';

/** What becomes of the alert of one sync's rule. */
export interface AlertChange {
  readonly workspaceId: string;
  readonly sync: { readonly id: string; readonly name: string };
  readonly rule: AlertRule;
  /** The open one; null: it is opened now. */
  readonly alert: OpenAlert | null;
  readonly transition: Transition;
  /** The run it comes from; null: from none. */
  readonly run: RunFacts | null;
  /** When it happened. */
  readonly at: Date;
}

/** An alert as it is now, and what was done to it. */
interface ChangedAlert extends AlertChange {
  readonly alert: OpenAlert;
  /** How it is told; null: not. */
  readonly tell: AlertNewsType | null;
}

/** The caller has the turn of all these workspaces (alerts-turn). `now`: the database's. */
export async function writeTransitions(
  trx: Knex.Transaction,
  changes: readonly AlertChange[],
  now: Date,
): Promise<void> {
  if (changes.length === 0) return;
  const opened = await open(
    trx,
    changes.filter(({ alert }) => alert === null),
    now,
  );
  const changed = changes.flatMap((change) =>
    change.alert ? [changedOf(change, change.alert, now)] : (opened.get(change) ?? []),
  );
  await goOn(trx, changed);
  await resolve(trx, changed);
  await writeEvents(trx, changed, await tell(trx, changed));
}

function changedOf(change: AlertChange, before: OpenAlert, now: Date): ChangedAlert {
  const { transition, rule, at } = change;
  if (transition.what === 'resolve')
    return { ...change, alert: before, tell: transition.isSilent ? null : tellResolvedOf(before, now) };
  const alert = {
    ...before,
    cause: transition.cause,
    detail: transition.detail,
    occurrences: before.occurrences + (transition.what === 'remind' ? 0 : 1),
    lastSeenAt: at > before.lastSeenAt ? at : before.lastSeenAt,
  };
  return { ...change, alert, tell: tellGoingOn(before, rule.settings.remindHours ?? 0, now) };
}

async function open(
  trx: Knex.Transaction,
  changes: readonly AlertChange[],
  now: Date,
): Promise<Map<AlertChange, ChangedAlert>> {
  const opened = changes.flatMap((change): { change: AlertChange; alert: OpenAlert }[] => {
    const { transition, workspaceId, sync, at } = change;
    if (transition.what === 'resolve') return [];
    const { kind, cause, detail } = transition;
    const place = {
      id: newId('alert'),
      workspaceId,
      syncId: sync.id,
      kind,
      severity: severityOf[kind],
      cause,
    };
    const quiet = { toldAt: null, acknowledgedAt: null, mutedUntil: null };
    return [{ change, alert: { ...place, ...quiet, detail, openedAt: at, lastSeenAt: at, occurrences: 1 } }];
  });
  if (opened.length === 0) return new Map();
  const rows = opened.map(({ change, alert }) => ({
    id: alert.id,
    workspace_id: alert.workspaceId,
    sync_id: alert.syncId,
    kind: alert.kind,
    severity: alert.severity,
    cause: alert.cause,
    opened_at: alert.openedAt,
    run_id: change.run?.id ?? null,
    detail: alert.detail,
  }));
  // A sync that was muted for a rule stays so when it got well in between: it would ring at every other run else.
  const { rows: muted } = await trx.raw<{ rows: { id: string; muted_until: Date | null }[] }>(
    `INSERT INTO alerts (id, workspace_id, sync_id, kind, severity, cause, opened_at, last_seen_at, first_run_id,
       last_run_id, detail, muted_until, muted_by)
     SELECT t.id, t.workspace_id, t.sync_id, t.kind, t.severity, t.cause, t.opened_at, t.opened_at, t.run_id, t.run_id, t.detail,
       before.muted_until, before.muted_by
     FROM jsonb_to_recordset(?::jsonb) AS t (id text, workspace_id text, sync_id text, kind text, severity text,
       cause text, opened_at timestamptz, run_id text, detail jsonb)
     LEFT JOIN LATERAL (
       SELECT muted_until, muted_by FROM alerts
       WHERE sync_id = t.sync_id AND kind = t.kind ORDER BY opened_at DESC LIMIT 1) before ON before.muted_until > now()
     RETURNING id, muted_until`,
    [JSON.stringify(rows)],
  );
  const mutes = new Map(muted.map((row) => [row.id, row.muted_until]));
  return new Map(
    opened.map(({ change, alert: { id, ...rest } }) => {
      const alert = { ...rest, id, mutedUntil: mutes.get(id) ?? null };
      return [change, { ...change, alert, tell: tellOpened(alert, now) }];
    }),
  );
}

async function goOn(trx: Knex.Transaction, changed: readonly ChangedAlert[]): Promise<void> {
  const rows = changed.flatMap(({ alert, transition: { what }, run }) =>
    what === 'repeat' || what === 'remind'
      ? [{ ...rowOf(alert), run_id: run?.id ?? null, last_seen_at: alert.lastSeenAt }]
      : [],
  );
  if (rows.length === 0) return;
  await trx.raw(
    `UPDATE alerts SET cause = t.cause, detail = t.detail, occurrences = t.occurrences, last_seen_at = t.last_seen_at,
       last_run_id = coalesce(t.run_id, last_run_id)
     FROM jsonb_to_recordset(?::jsonb) AS t (id text, cause text, detail jsonb, occurrences bigint,
       last_seen_at timestamptz, run_id text)
     WHERE alerts.id = t.id AND alerts.id = ANY (?)`,
    // Said twice: of a list in JSON the planner expects a hundred, whatever is in it.
    [JSON.stringify(rows), rows.map(({ id }) => id)],
  );
}

function rowOf({ id, cause, detail, occurrences }: OpenAlert): {
  id: string;
  cause: string;
  detail: AlertDetail;
  occurrences: number;
} {
  return { id, cause, detail, occurrences };
}

async function resolve(trx: Knex.Transaction, changed: readonly ChangedAlert[]): Promise<void> {
  // What ends with its rule or its sync was ended by no run.
  const rows = changed.flatMap(({ alert, transition, run, at }) =>
    transition.what === 'resolve'
      ? [{ id: alert.id, run_id: transition.isSilent ? null : (run?.id ?? null), at }]
      : [],
  );
  if (rows.length === 0) return;
  // Never before it was seen last, even where a clock was set back.
  await trx.raw(
    `UPDATE alerts SET resolved_at = greatest(t.at, alerts.last_seen_at), resolved_run_id = t.run_id
     FROM jsonb_to_recordset(?::jsonb) AS t (id text, run_id text, at timestamptz)
     WHERE alerts.id = t.id AND alerts.id = ANY (?)`,
    [JSON.stringify(rows), rows.map(({ id }) => id)],
  );
}

const eventOf = { open: 'opened', repeat: 'repeated', remind: 'reminded', resolve: 'resolved' } as const;

/** `told`: the alerts that somebody is told of. */
async function writeEvents(
  trx: Knex.Transaction,
  changed: readonly ChangedAlert[],
  told: ReadonlySet<string>,
): Promise<void> {
  const events = changed.flatMap(({ alert, transition: { what }, run }) => {
    const event = { workspace_id: alert.workspaceId, alert_id: alert.id, run_id: run?.id ?? null };
    const isToldAgain = what === 'repeat' && told.has(alert.id);
    return [{ ...event, type: eventOf[what] }, ...(isToldAgain ? [{ ...event, type: eventOf.remind }] : [])];
  });
  await trx.raw(
    `INSERT INTO alert_events (workspace_id, alert_id, type, run_id)
     SELECT workspace_id, alert_id, type, run_id FROM jsonb_to_recordset(?::jsonb)
       AS t (workspace_id text, alert_id text, type text, run_id text)`,
    [JSON.stringify(events)],
  );
}

/** Returns those alerts that go on and that somebody is told of. */
async function tell(trx: Knex.Transaction, changed: readonly ChangedAlert[]): Promise<Set<string>> {
  // What ends without a word, and was not said yet, is not said any more.
  const unsaid = changed.filter(
    ({ transition, alert, tell }) => transition.what === 'resolve' && tell === null && alert.toldAt !== null,
  );
  if (unsaid.length > 0)
    await withdrawUnsent(
      trx,
      unsaid.map(({ alert }) => alert.id),
    );
  const toTell = changed.filter((change) => change.tell !== null);
  const over = toTell.filter(({ transition }) => transition.what === 'resolve');
  await tellResolved(
    trx,
    over.map(({ workspaceId, alert, sync, run, at }) => ({
      workspaceId,
      cause: alert.cause,
      alert: toldOf(alert, sync.name, {
        at: at > alert.lastSeenAt ? at : alert.lastSeenAt,
        run,
        byHand: false,
      }),
    })),
  );
  const going = toTell.filter(({ transition }) => transition.what !== 'resolve');
  if (going.length === 0) return new Set();
  const channels = await channelsOf(
    trx,
    going.map(({ workspaceId }) => workspaceId),
  );
  const news = going.flatMap(({ workspaceId, alert, sync, rule, tell: type }): AlertNews[] =>
    channels(workspaceId, rule).map((channelId) => ({
      workspaceId,
      channelId,
      type: type ?? 'alert.raised',
      cause: alert.cause,
      alert: toldOf(alert, sync.name),
    })),
  );
  await enqueueAlerts(trx, news);
  const told = new Set(news.map(({ alert }) => alert.id));
  await trx.raw(`UPDATE alerts SET told_at = now() WHERE id = ANY (?)`, [[...told]]);
  return told;
}
