// Owns the examples of the document: the product page's own four calls and answers, with the keys that follow those.
import type { Route } from '../route';

interface PageExample {
  /** As on the product page, where the host stands for yours. */
  readonly curl: string;
  /** Absent where the product page shows none. */
  readonly answer?: object;
}

const host = 'https://your-workspace.signalsmith.dev';
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
  },
};

export function exampleOf({ method, path }: Pick<Route, 'method' | 'path'>): PageExample | undefined {
  return pageExamples[`${method} ${path}`];
}
