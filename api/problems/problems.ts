// Owns the closed list of problem codes the API answers with, and what each means. Codes are stable; new ones may come.

/** Status and meaning of each code; the meaning is the problem's `title`. */
export const problemTable = {
  invalid_json: { status: 400, title: 'The body is not valid JSON' },
  invalid_request: {
    status: 400,
    title: 'The request has faults that can be told without looking at stored data',
  },
  invalid_cursor: { status: 400, title: 'The cursor is none of this list with these filters and this sort' },
  invalid_idempotency_key: { status: 400, title: 'The Idempotency-Key cannot be a key' },
  unauthenticated: { status: 401, title: 'A valid token is needed' },
  scope_missing: { status: 403, title: 'The token does not have the scope this needs' },
  not_found: { status: 404, title: 'There is nothing here, or not in the workspace of this token' },
  method_not_allowed: { status: 405, title: 'This path does not know this method' },
  request_timeout: { status: 408, title: 'The request did not arrive in time' },
  name_taken: { status: 409, title: 'The name is already used in this workspace' },
  sync_active: { status: 409, title: 'A run of the sync is queued or running' },
  row_still_mirrored: {
    status: 409,
    title: 'The sync needs the row key still, to delete the row at its destination',
  },
  queue_full: { status: 409, title: 'As many runs of the sync are waiting as may' },
  last_admin_token: { status: 409, title: 'Without this token nobody could make tokens any more' },
  run_finished: { status: 409, title: 'The run has ended, and not by a cancel' },
  run_not_finished: { status: 409, title: 'The run has not ended yet' },
  nothing_to_retry: { status: 409, title: 'The run has no rows of this scope' },
  retry_scope_lost: { status: 409, title: 'The rows of this scope cannot be told any more' },
  alert_resolved: { status: 409, title: 'The alert is over' },
  channel_off: { status: 409, title: 'The alert channel is switched off or deleted' },
  delivery_pending: { status: 409, title: 'The message is on its way' },
  delivery_empty: { status: 409, title: 'There is nothing any more that the message could tell' },
  too_many_secrets: { status: 409, title: 'As many secrets of the alert channel are valid as may be' },
  in_use: { status: 409, title: 'Something else still needs it' },
  idempotency_key_in_flight: { status: 409, title: 'A request with this Idempotency-Key is still at work' },
  precondition_failed: { status: 412, title: 'It has changed since it was read' },
  body_too_large: { status: 413, title: 'The body is larger than allowed' },
  url_too_long: { status: 414, title: 'The address is longer than allowed' },
  unsupported_media_type: { status: 415, title: 'The body must be JSON' },
  idempotency_key_reused: { status: 422, title: 'The Idempotency-Key was used for another request' },
  unprocessable: { status: 422, title: 'The request contradicts what is stored' },
  row_key_not_in_model: { status: 422, title: 'The model’s result lacks a row key column' },
  model_query_failed: { status: 422, title: 'The source refused the model’s SQL' },
  source_connection_failed: { status: 422, title: 'The source could not be reached' },
  inspection_failed: { status: 422, title: 'Looking at the source or destination failed' },
  precondition_required: { status: 428, title: 'The request must say which version it changes' },
  too_many_requests: { status: 429, title: 'The limit of requests is used up' },
  headers_too_large: { status: 431, title: 'The headers are larger than allowed' },
  internal: { status: 500, title: 'An error of ours' },
  server_stopping: { status: 503, title: 'This server is about to stop' },
  database_unavailable: { status: 503, title: 'The database does not answer, or cannot do this just now' },
  query_timed_out: { status: 503, title: 'The database took too long for this' },
  inspection_unavailable: { status: 503, title: 'No worker looked at the source or destination in time' },
} as const satisfies Record<string, { status: number; title: string }>;

export type ProblemCode = keyof typeof problemTable;

/** Address that stands in a problem's `type`; it answers with the code's meaning. */
export function problemType(code: ProblemCode): string {
  return `/problems/${code}`;
}
