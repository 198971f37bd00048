// Owns how an alert looks on the wire.
import type { AlertEventView, AlertView } from '../../../db/views/alerts/alert-view';
import type { RunFacts } from '../../../domain/alerts/alert';
import { presentAuthor } from '../../configuration/author-presenter';
import { preciseWireTime, wireTime, wireTimeOrNull } from '../../wire-time';

/** As in lists. */
export function presentAlert(alert: AlertView): object {
  const { sentence, advice, about, run, observed = null, expected = null, dueAt = null } = alert.detail;
  return {
    id: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    state: alert.state,
    sync: { id: alert.syncId, name: alert.syncName },
    sentence,
    advice,
    cause: alert.cause,
    occurrences: alert.occurrences,
    about: about && { kind: about.kind, id: about.id, name: about.name },
    observed,
    expected,
    due_at: inSeconds(dueAt),
    run: run && presentFacts(run),
    first_run_id: alert.firstRunId,
    opened_at: wireTime(alert.openedAt),
    last_seen_at: wireTime(alert.lastSeenAt),
    told_at: wireTimeOrNull(alert.toldAt),
    acknowledged_at: wireTimeOrNull(alert.acknowledgedAt),
    acknowledged_by: presentAuthor(alert.acknowledgedBy),
    muted_until: wireTimeOrNull(alert.mutedUntil),
    muted_by: presentAuthor(alert.mutedBy),
    resolved_at: wireTimeOrNull(alert.resolvedAt),
    resolved_by: presentAuthor(alert.resolvedBy),
    resolved_run_id: alert.resolvedRunId,
    links: linksOf(alert),
  };
}

export function presentAlertDetail(
  alert: AlertView,
  { events, total }: { readonly events: readonly AlertEventView[]; readonly total: number },
): object {
  return { ...presentAlert(alert), events: events.map(presentEvent), events_total: total };
}

function presentEvent({ at, type, by, runId, detail }: AlertEventView): object {
  return { at: preciseWireTime(at), type, by: presentAuthor(by), run_id: runId, detail };
}

function presentFacts(run: RunFacts): object {
  return {
    id: run.id,
    status: run.status,
    outcome: run.outcome,
    trigger: run.trigger,
    started_at: inSeconds(run.startedAt),
    completed_at: inSeconds(run.completedAt),
    duration_ms: run.durationMs,
    rows_processed: run.rowsProcessed,
    rows_created: run.rowsCreated,
    rows_updated: run.rowsUpdated,
    rows_deleted: run.rowsDeleted,
    rows_failed: run.rowsFailed,
    failure: run.failure && { code: run.failure.code, message: run.failure.message },
  };
}

// Kept as messages have it; here it looks as in the run itself.
function inSeconds(at: string | null): string | null {
  return at && wireTime(new Date(at));
}

function linksOf({ id, syncId, lastRunId }: AlertView): object {
  const [self, sync] = [`/api/v1/alerts/${id}`, `/api/v1/syncs/${syncId}`];
  return {
    self,
    deliveries: `${self}/deliveries`,
    sync,
    run: lastRunId && `${sync}/runs/${lastRunId}`,
  };
}
