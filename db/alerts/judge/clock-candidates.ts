// Owns which syncs the clock may have something to say of, and what it asks of them beyond their open alerts. Judges nothing.
import type { Knex } from 'knex';
import type { ResolvedByHand } from '../../../domain/alerts/judge-clock';
import { type AlertKind, alertKinds, clockRules, defaultRules } from '../../../domain/alerts/rules';
import type { SyncPlace } from '../../configuration/sync-lock';

/** A sync that may have something to say. */
export interface Candidate extends SyncPlace {
  /** Null: it is not paused, or has no schedule. */
  readonly pausedAt: Date | null;
}

// What holds where nobody has set anything, hours: as the rules have it, and as jsonb.
const remindHours = JSON.stringify(
  Object.fromEntries(alertKinds.map((kind) => [kind, defaultRules[kind].settings.remindHours ?? 0])),
);

// A rule of the sync stands in the place of the workspace's (domain/alerts/rules, effectiveRule).
const ruleOf = `LEFT JOIN LATERAL (
  SELECT enabled, (settings ->> 'remindHours')::integer AS remind_hours FROM alert_rules
  WHERE workspace_id = a.workspace_id AND kind = a.kind AND (sync_id = a.sync_id OR sync_id IS NULL)
  ORDER BY sync_id NULLS LAST LIMIT 1) rule ON true`;

// Of domain/alerts/telling: so few come through that the judge may ask for all there is to know of them.
const isToBeTold = `a.acknowledged_at IS NULL AND (a.muted_until IS NULL OR a.muted_until <= now())
  AND (a.told_at IS NULL OR (a.last_seen_at > a.told_at AND a.told_at <= now() - make_interval(
    hours => nullif(coalesce(rule.remind_hours, (:remindHours::jsonb ->> a.kind)::integer), 0))))
  AND EXISTS (SELECT 1 FROM alert_channels c WHERE c.workspace_id = a.workspace_id AND c.enabled AND c.deleted_at IS NULL)`;

/**
 * Syncs that are overdue or paused, and those with an open alert that the clock has to see to: one of its own rules, of a rule
 * that was switched off, of a sync that was deleted, or one that is to be told.
 */
export async function clockCandidates(
  trx: Knex.Transaction,
  overdue: readonly string[],
): Promise<Candidate[]> {
  const { rows } = await trx.raw<{ rows: { id: string; workspace_id: string; paused_at: Date | null }[] }>(
    `SELECT s.id, s.workspace_id, CASE WHEN p.sync_id IS NOT NULL AND s.deleted_at IS NULL THEN s.paused_at END AS paused_at
     FROM syncs s LEFT JOIN sync_schedules p ON p.sync_id = s.id AND p.removed_at IS NULL
     WHERE s.id = ANY (:overdue) OR (s.paused_at IS NOT NULL AND s.deleted_at IS NULL AND p.sync_id IS NOT NULL)
       OR s.id IN (
         SELECT a.sync_id FROM alerts a JOIN syncs o ON o.id = a.sync_id ${ruleOf}
         WHERE a.resolved_at IS NULL
           AND (a.kind = ANY (:clockRules) OR o.deleted_at IS NOT NULL OR NOT rule.enabled OR (${isToBeTold})))`,
    { overdue: [...overdue], clockRules: [...clockRules], remindHours },
  );
  return rows.map((row) => ({ syncId: row.id, workspaceId: row.workspace_id, pausedAt: row.paused_at }));
}

/** Of these syncs, by the rule: the last alert of it, where a person has resolved it. */
export async function resolvedByHand(
  trx: Knex.Transaction,
  syncIds: readonly string[],
): Promise<(syncId: string, kind: AlertKind) => ResolvedByHand | null> {
  const { rows } = await trx.raw<{
    rows: { sync_id: string; kind: AlertKind; resolved_at: Date; due_at: string | null }[];
  }>(
    `SELECT asked.sync_id, asked.kind, last.resolved_at, last.due_at
     FROM (SELECT unnest(:syncIds::text[]) AS sync_id, rules.kind FROM unnest(:clockRules::text[]) AS rules (kind)) asked
     CROSS JOIN LATERAL (
       SELECT resolved_at, resolved_by, detail ->> 'dueAt' AS due_at FROM alerts
       WHERE sync_id = asked.sync_id AND kind = asked.kind ORDER BY opened_at DESC LIMIT 1) last
     WHERE last.resolved_by IS NOT NULL`,
    { syncIds: [...syncIds], clockRules: [...clockRules] },
  );
  const found = new Map(rows.map((row) => [`${row.sync_id} ${row.kind}`, row]));
  return (syncId, kind) => {
    const row = found.get(`${syncId} ${kind}`);
    return row ? { at: row.resolved_at, dueAt: row.due_at } : null;
  };
}
