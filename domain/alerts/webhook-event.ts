// Owns the form in which a webhook gets a message: its versioned types and its keys. How it is signed and sent is the
// connector's; the document describes the same form.
import type { RunFacts, ToldAlert } from './alert';
import type { AlertMessage, AlertMessageType, NamedAlert, RunLinks } from './message';
import { sentenceOfMessage } from './words';

/** The form may gain keys within a version, and loses or changes one in the next only. */
export const webhookEventVersion = 'v1';
export type WebhookEventType = `${AlertMessageType}.${typeof webhookEventVersion}`;

export interface WebhookRun {
  readonly id: string;
  readonly status: string;
  readonly outcome: string | null;
  readonly trigger: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly duration_ms: number | null;
  readonly rows_processed: number;
  readonly rows_created: number;
  readonly rows_updated: number;
  readonly rows_deleted: number;
  readonly rows_failed: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface WebhookAlert {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly sync: { readonly id: string; readonly name: string };
  readonly sentence: string;
  readonly advice: readonly string[];
  /** Where it lies, so far as that is known. */
  readonly about: { readonly kind: string; readonly id: string; readonly name: string } | null;
  readonly occurrences: number;
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly resolved_at: string | null;
  /** The run that ended it. */
  readonly resolved_run: (WebhookRun & { readonly links: RunLinks | null }) | null;
  readonly resolved_by_hand: boolean;
  readonly observed: number | null;
  readonly expected: number | null;
  readonly due_at: string | null;
  /** The run it was last seen at, and where one can look at that. */
  readonly run: WebhookRun | null;
  readonly links: RunLinks | null;
}

interface WebhookWorkspace {
  readonly id: string;
  readonly name: string;
}

export interface WebhookEventData {
  /** The whole message in one sentence. */
  readonly summary: string;
  readonly workspace: WebhookWorkspace;
  /** Of alert.*: the first 20 by when they were opened. */
  readonly alerts?: readonly WebhookAlert[];
  /** Of alert.*: how many it is about, those named included. */
  readonly alert_count?: number;
  /** Of sync_run.completed. */
  readonly run?: WebhookRun & {
    readonly sync: { readonly id: string; readonly name: string };
    readonly links: RunLinks | null;
  };
  /** Of channel.disabled. */
  readonly channel?: { readonly id: string; readonly name: string; readonly reason: string };
}

/** The body of a webhook's request. */
export interface WebhookEvent {
  readonly type: WebhookEventType;
  /** RFC 3339: when the message was made; the same at every try. */
  readonly timestamp: string;
  readonly data: WebhookEventData;
}

/** The same message gives the same event, its keys in the same order: at every try the body has the same bytes. */
export function webhookEventOf(message: AlertMessage): WebhookEvent {
  const { type, at, workspace, alerts, alertCount, run, channel } = message;
  return {
    type: `${type}.${webhookEventVersion}`,
    timestamp: at,
    data: {
      summary: sentenceOfMessage(message),
      workspace: { id: workspace.id, name: workspace.name },
      ...(type.startsWith('alert.') ? { alerts: alerts.map(wireAlert), alert_count: alertCount } : {}),
      ...(run
        ? { run: { ...wireRun(run), sync: wireSync(run.sync), links: run.links && wireLinks(run.links) } }
        : {}),
      ...(channel ? { channel: { id: channel.id, name: channel.name, reason: channel.reason } } : {}),
    },
  };
}

function wireAlert(alert: NamedAlert): WebhookAlert {
  const { about, run, links, resolvedRun, resolvedLinks } = alert;
  return {
    id: alert.id,
    kind: alert.kind,
    severity: alert.severity,
    sync: wireSync(alert.sync),
    sentence: alert.sentence,
    advice: alert.advice,
    about: about && { kind: about.kind, id: about.id, name: about.name },
    occurrences: alert.occurrences,
    opened_at: alert.openedAt,
    last_seen_at: alert.lastSeenAt,
    resolved_at: alert.resolvedAt,
    // Messages that were written down before there was such a thing have none.
    resolved_run: resolvedRun
      ? {
          ...wireRun(resolvedRun),
          links: resolvedLinks && wireLinks(resolvedLinks),
        }
      : null,
    resolved_by_hand: alert.resolvedByHand,
    observed: alert.observed ?? null,
    expected: alert.expected ?? null,
    due_at: alert.dueAt ?? null,
    run: run && wireRun(run),
    links: links && wireLinks(links),
  };
}

function wireRun(run: RunFacts): WebhookRun {
  return {
    id: run.id,
    status: run.status,
    outcome: run.outcome,
    trigger: run.trigger,
    started_at: run.startedAt,
    completed_at: run.completedAt,
    duration_ms: run.durationMs,
    rows_processed: run.rowsProcessed,
    rows_created: run.rowsCreated,
    rows_updated: run.rowsUpdated,
    rows_deleted: run.rowsDeleted,
    rows_failed: run.rowsFailed,
    failure: run.failure && { code: run.failure.code, message: run.failure.message },
  };
}

function wireSync({ id, name }: ToldAlert['sync']): ToldAlert['sync'] {
  return { id, name };
}

function wireLinks({ run, errors, temporal }: RunLinks): RunLinks {
  return { run, errors, temporal };
}
