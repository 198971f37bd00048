// Makes messages for tests, as they are when they are sent: whole, and of one cause.
import type { RunFacts, ToldAlert } from '../../domain/alerts/alert';
import type { AlertMessage, NamedAlert } from '../../domain/alerts/message';
import { newId } from '../../db/new-id';

/** A run that failed, after the product page's duration. */
export function runFacts(given: Partial<RunFacts> = {}): RunFacts {
  return {
    id: newId('run'),
    status: 'failed',
    outcome: 'nothing_applied',
    trigger: 'schedule',
    startedAt: '2025-01-15T09:00:00.000Z',
    completedAt: '2025-01-15T09:04:23.000Z',
    durationMs: 263_000,
    rowsProcessed: 15_432,
    rowsCreated: 0,
    rowsUpdated: 0,
    rowsDeleted: 0,
    rowsFailed: 336,
    failure: { code: 'destination_auth_expired', message: 'Destination authentication expired' },
    ...given,
  };
}

export function toldAlert(given: Partial<ToldAlert> = {}): ToldAlert {
  return {
    id: newId('alert'),
    kind: 'run_failed',
    severity: 'critical',
    sync: { id: newId('sync'), name: 'Users → CRM' },
    sentence: 'Users → CRM failed: Destination authentication expired',
    advice: ['Renew the credentials of the destination.', 'Then run the sync again.'],
    run: runFacts(),
    about: { kind: 'destination', id: newId('destination'), name: 'CRM' },
    occurrences: 1,
    openedAt: '2025-01-15T09:04:23.000Z',
    lastSeenAt: '2025-01-15T09:04:23.000Z',
    resolvedAt: null,
    resolvedRun: null,
    resolvedByHand: false,
    ...given,
  };
}

/** With links unless `links` is null. */
export function namedAlert(given: Partial<NamedAlert> = {}): NamedAlert {
  const alert = toldAlert(given);
  const linksOf = (runId = '') => {
    const run = `https://sync.example/api/v1/syncs/${alert.sync.id}/runs/${runId}`;
    return {
      run,
      errors: `${run}/errors`,
      temporal: 'https://temporal.example/namespaces/default/workflows/run_1/0199/history',
    };
  };
  const { links = linksOf(alert.run?.id) } = given;
  const { resolvedLinks = links && alert.resolvedRun && linksOf(alert.resolvedRun.id) } = given;
  return { ...alert, links, resolvedLinks };
}

/** One alert that was just raised, unless told otherwise. */
export function aMessage(given: Partial<AlertMessage> = {}): AlertMessage {
  const alerts =
    given.alerts ?? (given.type === undefined || given.type.startsWith('alert.') ? [namedAlert()] : []);
  return {
    id: newId('delivery'),
    type: 'alert.raised',
    at: '2025-01-15T09:04:24.000Z',
    workspace: { id: newId('workspace'), name: 'Default' },
    alertCount: alerts.length,
    run: null,
    channel: null,
    ...given,
    alerts,
  };
}
