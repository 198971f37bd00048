// Makes what rules and messages of alerts are about, for tests.
import type { RunFacts, ToldAlert } from '../../../domain/alerts/alert';
import type { SyncParts } from '../../../domain/alerts/causes';
import type { AlertMessage } from '../../../domain/alerts/message';
import { type AlertKind, severityOf } from '../../../domain/alerts/rules';
import { failureOf } from '../../../domain/failure';

export const usersToCrm: SyncParts = {
  id: 'sync_1',
  name: 'Users → CRM',
  source: { kind: 'source', id: 'src_1', name: 'Warehouse' },
  model: { kind: 'model', id: 'mdl_1', name: 'Users' },
  destination: { kind: 'destination', id: 'dst_1', name: 'CRM' },
};

/** The product page's run unless told otherwise. */
export function facts(given: Partial<RunFacts> = {}): RunFacts {
  return {
    id: 'run_1',
    status: 'completed',
    outcome: 'with_row_errors',
    trigger: 'schedule',
    startedAt: '2025-01-15T09:00:00.000Z',
    completedAt: '2025-01-15T09:04:23.000Z',
    durationMs: 263_000,
    rowsProcessed: 15_432,
    rowsCreated: 1_205,
    rowsUpdated: 13_891,
    rowsDeleted: 0,
    rowsFailed: 336,
    failure: null,
    ...given,
  };
}

const authExpired = failureOf('destination_auth_expired');

export const failedRun: Partial<RunFacts> = {
  status: 'failed',
  outcome: 'nothing_applied',
  rowsCreated: 0,
  rowsUpdated: 0,
  rowsFailed: 0,
  failure: { code: authExpired.code, message: authExpired.message },
};

/** As it is told: a sync whose credentials have expired unless told otherwise. */
export function aToldAlert(kind: AlertKind = 'run_failed', given: Partial<ToldAlert> = {}): ToldAlert {
  return {
    id: 'alrt_1',
    kind,
    severity: severityOf[kind],
    sync: { id: usersToCrm.id, name: usersToCrm.name },
    occurrences: 1,
    openedAt: '2025-01-15T09:04:23.000Z',
    lastSeenAt: '2025-01-15T09:04:23.000Z',
    resolvedAt: null,
    resolvedRun: null,
    resolvedByHand: false,
    sentence: 'Users → CRM failed: Destination authentication expired',
    advice: [],
    run: facts(failedRun),
    about: usersToCrm.destination,
    ...given,
  };
}

/** A message of a type, with these alerts. */
export function aMessage(
  type: AlertMessage['type'],
  alerts: readonly ToldAlert[],
  count = alerts.length,
): AlertMessage {
  return {
    id: 'dlv_1',
    type,
    at: '2025-01-15T09:04:24.000Z',
    workspace: { id: 'ws_1', name: 'Acme' },
    alerts: alerts.map((alert) => ({ ...alert, links: null, resolvedLinks: null })),
    alertCount: count,
    run: null,
    channel: null,
  };
}
