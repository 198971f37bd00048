// Owns reading an alert for people: what it is about, how it stands, and who did what to it. Lists are alert-list-view's.
import type { Knex } from 'knex';
import type { AlertDetail, AlertEventType, AlertState } from '../../../domain/alerts/alert';
import type { AlertKind, Severity } from '../../../domain/alerts/rules';
import { type Author, authorIn, authorOf } from '../../configuration/author';

export interface AlertView {
  readonly id: string;
  readonly syncId: string;
  readonly syncName: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly state: AlertState;
  readonly cause: string;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly occurrences: number;
  /** Null: it is about no run. Runs go by their age, alerts by their own. */
  readonly firstRunId: string | null;
  readonly lastRunId: string | null;
  readonly detail: AlertDetail;
  /** When channels were last told, or told again; null: they were not. */
  readonly toldAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly acknowledgedBy: Author | null;
  /** Null: it is not muted, or not any more. Of one that is over, it holds for what comes after it. */
  readonly mutedUntil: Date | null;
  readonly mutedBy: Author | null;
  readonly resolvedAt: Date | null;
  /** Null: it was resolved by what happened, or is not resolved. */
  readonly resolvedBy: Author | null;
  readonly resolvedRunId: string | null;
}

/** `by` null: it happened by itself. */
export interface AlertEventView {
  readonly id: number;
  readonly at: Date;
  readonly type: AlertEventType;
  readonly by: Author | null;
  readonly runId: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AlertViewRow {
  id: string;
  sync_id: string;
  sync_name: string;
  kind: AlertKind;
  severity: Severity;
  state: AlertState;
  cause: string;
  opened_at: Date;
  last_seen_at: Date;
  occurrences: number;
  first_run_id: string | null;
  last_run_id: string | null;
  detail: AlertDetail;
  told_at: Date | null;
  acknowledged_at: Date | null;
  acknowledged_by: Author | null;
  muted_until: Date | null;
  muted_by: Author | null;
  resolved_at: Date | null;
  resolved_by: Author | null;
  resolved_run_id: string | null;
}

const isMuted = 'a.muted_until > statement_timestamp()';

/** What mapAlertView needs, of `alerts AS a` joined with `syncs AS s`. */
export function alertViewSelection(knex: Knex): (string | Knex.Raw)[] {
  return [
    'a.id',
    'a.sync_id',
    's.name as sync_name',
    'a.kind',
    'a.severity',
    knex.raw(`CASE WHEN a.resolved_at IS NOT NULL THEN 'resolved'
      WHEN a.acknowledged_at IS NOT NULL THEN 'acknowledged' ELSE 'open' END AS state`),
    'a.cause',
    'a.opened_at',
    'a.last_seen_at',
    'a.occurrences',
    'a.first_run_id',
    'a.last_run_id',
    'a.detail',
    'a.told_at',
    'a.acknowledged_at',
    authorIn(knex, 'a', 'acknowledged_by'),
    knex.raw(`CASE WHEN ${isMuted} THEN a.muted_until END AS muted_until`),
    knex.raw(`CASE WHEN ${isMuted} THEN ${authorOf('a', 'muted_by')} END AS muted_by`),
    'a.resolved_at',
    authorIn(knex, 'a', 'resolved_by'),
    'a.resolved_run_id',
  ];
}

export function mapAlertView(row: AlertViewRow): AlertView {
  return {
    id: row.id,
    syncId: row.sync_id,
    syncName: row.sync_name,
    kind: row.kind,
    severity: row.severity,
    state: row.state,
    cause: row.cause,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    occurrences: row.occurrences,
    firstRunId: row.first_run_id,
    lastRunId: row.last_run_id,
    detail: row.detail,
    toldAt: row.told_at,
    acknowledgedAt: row.acknowledged_at,
    acknowledgedBy: row.acknowledged_by,
    mutedUntil: row.muted_until,
    mutedBy: row.muted_by,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    resolvedRunId: row.resolved_run_id,
  };
}

/** Null: the workspace has no such alert. */
export async function findAlert(knex: Knex, workspaceId: string, alertId: string): Promise<AlertView | null> {
  const row = await knex('alerts as a')
    .join('syncs as s', 's.id', 'a.sync_id')
    .where({ 'a.workspace_id': workspaceId, 'a.id': alertId })
    .first<AlertViewRow | undefined>(alertViewSelection(knex));
  return row ? mapAlertView(row) : null;
}

/** The newest events of an alert, oldest of them first, and how many it has in all. */
export async function alertEvents(
  knex: Knex,
  workspaceId: string,
  alertId: string,
  most: number,
): Promise<{ readonly events: AlertEventView[]; readonly total: number }> {
  const matching = knex('alert_events as e').where({ 'e.workspace_id': workspaceId, 'e.alert_id': alertId });
  const [rows, counted] = await Promise.all([
    matching
      .clone()
      .select<AlertEventRow[]>('e.id', 'e.at', 'e.type', authorIn(knex, 'e', 'by'), 'e.run_id', 'e.detail')
      .orderBy('e.id', 'desc')
      .limit(most),
    matching.clone().count<{ total: number }[]>({ total: '*' }),
  ]);
  const events = rows.toReversed().map(({ run_id: runId, ...event }) => ({ ...event, runId }));
  return { events, total: counted[0]?.total ?? 0 };
}

type AlertEventRow = Omit<AlertEventView, 'runId'> & { run_id: string | null };
