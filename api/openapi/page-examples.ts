// Owns the examples of the document: the product page's own four calls and answers, with the keys that follow those.
import type { Route } from '../route';

interface PageExample {
  /** As on the product page, where the host stands for yours. */
  readonly curl: string;
  /** As on the product page, where it shows one. */
  readonly answer?: object;
}

/** The product page's own; no server of ours has it. */
export const pageHost = 'https://your-workspace.signalsmith.dev';
const host = pageHost;
const token = '-H "Authorization: Bearer $API_TOKEN"';

const pageRun = {
  id: 'run_abc123',
  sync_id: 'sync_xyz789',
  status: 'completed',
  trigger: 'schedule',
  started_at: '2025-01-15T09:00:00Z',
  completed_at: '2025-01-15T09:04:23Z',
  duration_seconds: 263,
  rows_processed: 15_432,
  rows_created: 1_205,
  rows_updated: 13_891,
  rows_deleted: 0,
  rows_failed: 336,
  outcome: 'with_row_errors',
  kind: 'normal',
  rows_skipped: 0,
  rows_unchanged: 0,
  rows_not_attempted: 0,
  rows_unknown: 0,
  queued_at: '2025-01-15T09:00:00Z',
  retry_of: null,
  retry_scope: null,
  failure: null,
  triggered_by: null,
  triggered_by_name: null,
};

/** The product page shows no answer to a trigger: these are the ids of its run, and what a run has that was just queued. */
const triggeredRun = {
  ...pageRun,
  status: 'queued',
  trigger: 'api',
  started_at: null,
  completed_at: null,
  duration_seconds: null,
  rows_processed: 0,
  rows_created: 0,
  rows_updated: 0,
  rows_failed: 0,
  outcome: null,
  note: null,
  slot_at: null,
  allow_deletes: false,
  cancel_requested_at: null,
  summary: {
    total_rows: 0,
    created: 0,
    updated: 0,
    deleted: 0,
    failed: 0,
    skipped: 0,
    unchanged: 0,
    not_attempted: 0,
    unknown: 0,
    planned_deletes: 0,
    counter_mismatch: 0,
  },
  phases: [],
  performance: {
    total_ms: null,
    query_ms: null,
    processing_ms: null,
    change_detection_ms: null,
    destination_writes_ms: null,
    finalization_ms: null,
    api_call_ms: { count: 0, p50: null, p95: null },
  },
  progress: null,
  queue: { position: 0, ahead_run_id: null, holder_run_id: 'run_abc123' },
  configuration: { sync_version: null, model_version: null, changed_since_previous: null },
  row_errors_removed_at: null,
  raw_values_removed_at: null,
  links: {
    self: '/api/v1/syncs/sync_xyz789/runs/run_abc123',
    errors: '/api/v1/syncs/sync_xyz789/runs/run_abc123/errors',
    events: '/api/v1/syncs/sync_xyz789/runs/run_abc123/events',
    temporal: null,
    previous: null,
    next: null,
    retry: null,
    cancel: '/api/v1/syncs/sync_xyz789/runs/run_abc123/cancel',
  },
  state: 'started',
};

const refused = { origin: 'destination', operation: 'update' };

/** By method and path of the route. */
export const pageExamples: Readonly<Record<string, PageExample>> = {
  'GET /syncs/:sync_id/runs': {
    curl: `curl ${host}/api/v1/syncs/{sync_id}/runs \\\n  ${token}`,
    answer: { data: [pageRun], pagination: { page: 1, per_page: 20, total: 156 } },
  },
  'GET /syncs/:sync_id/runs/:run_id': {
    curl: `curl ${host}/api/v1/syncs/{sync_id}/runs/{run_id} \\\n  ${token}`,
  },
  'GET /syncs/:sync_id/runs/:run_id/errors': {
    curl: `curl ${host}/api/v1/syncs/{sync_id}/runs/{run_id}/errors \\\n  ${token}`,
    answer: {
      data: [
        {
          row_id: 'usr_123',
          field: 'Email',
          message: 'Invalid email format',
          raw_value: 'not-an-email',
          code: 'INVALID_EMAIL_ADDRESS',
          ...refused,
        },
        {
          row_id: 'usr_456',
          field: 'LastName',
          message: 'Required field is null',
          raw_value: null,
          code: 'REQUIRED_FIELD_MISSING',
          ...refused,
        },
      ],
      total_errors: 336,
      page: 1,
      per_page: 100,
    },
  },
  'POST /syncs/:sync_id/trigger': {
    curl: `curl -X POST ${host}/api/v1/syncs/{sync_id}/trigger \\\n  ${token}`,
    answer: triggeredRun,
  },
};

export function exampleOf({ method, path }: Pick<Route, 'method' | 'path'>): PageExample | undefined {
  return pageExamples[`${method} ${path}`];
}
