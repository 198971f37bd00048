// Owns reading alerts that are open, to be changed. Nobody else changes them meanwhile: all who do have their workspace's turn.
import type { Knex } from 'knex';
import type { AlertDetail, RunFacts, ToldAlert } from '../../../domain/alerts/alert';
import type { AlertKind, Severity } from '../../../domain/alerts/rules';

/** An open alert. */
export interface OpenAlert {
  readonly id: string;
  readonly workspaceId: string;
  readonly syncId: string;
  readonly kind: AlertKind;
  readonly severity: Severity;
  readonly cause: string;
  readonly openedAt: Date;
  readonly lastSeenAt: Date;
  readonly occurrences: number;
  readonly detail: AlertDetail;
  readonly toldAt: Date | null;
  readonly acknowledgedAt: Date | null;
  readonly mutedUntil: Date | null;
}

interface AlertRow {
  id: string;
  workspace_id: string;
  sync_id: string;
  kind: AlertKind;
  severity: Severity;
  cause: string;
  opened_at: Date;
  last_seen_at: Date;
  occurrences: number;
  detail: AlertDetail;
  told_at: Date | null;
  acknowledged_at: Date | null;
  muted_until: Date | null;
}

/** The open alerts of these syncs. The caller has the turn of their workspaces (alerts-turn). */
export async function openAlertsOf(trx: Knex.Transaction, syncIds: readonly string[]): Promise<OpenAlert[]> {
  const { rows } = await trx.raw<{ rows: AlertRow[] }>(
    `SELECT id, workspace_id, sync_id, kind, severity, cause, opened_at, last_seen_at, occurrences, detail, told_at,
       acknowledged_at, muted_until
     FROM alerts WHERE sync_id = ANY (?) AND resolved_at IS NULL ORDER BY id`,
    [[...syncIds]],
  );
  return rows.map((row) => ({
    id: row.id,
    workspaceId: row.workspace_id,
    syncId: row.sync_id,
    kind: row.kind,
    severity: row.severity,
    cause: row.cause,
    openedAt: row.opened_at,
    lastSeenAt: row.last_seen_at,
    occurrences: row.occurrences,
    detail: row.detail,
    toldAt: row.told_at,
    acknowledgedAt: row.acknowledged_at,
    mutedUntil: row.muted_until,
  }));
}

/** How an alert came to its end. */
export interface AlertEnd {
  readonly at: Date;
  /** The run that ended it; null: none did. */
  readonly run: RunFacts | null;
  readonly byHand: boolean;
}

/** The alert as messages tell of it. `end` null: it is open. */
export function toldOf(alert: OpenAlert, syncName: string, end: AlertEnd | null = null): ToldAlert {
  return {
    ...alert.detail,
    id: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    sync: { id: alert.syncId, name: syncName },
    occurrences: alert.occurrences,
    openedAt: alert.openedAt.toISOString(),
    lastSeenAt: alert.lastSeenAt.toISOString(),
    resolvedAt: end?.at.toISOString() ?? null,
    resolvedRun: end?.run ?? null,
    resolvedByHand: end?.byHand ?? false,
  };
}
