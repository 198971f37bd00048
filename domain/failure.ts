// Owns the closed list of run failures: why a whole run was aborted. Row errors are data and live elsewhere.

export const failureOrigins = ['source', 'model', 'destination', 'operator', 'platform'] as const;
export type FailureOrigin = (typeof failureOrigins)[number];

/** Origin of each failure, and whether the same run may get past it by waiting. */
export const failureTable = {
  source_connection_failed: { origin: 'source', retryable: true },
  model_query_failed: { origin: 'model', retryable: false },
  out_of_memory: { origin: 'model', retryable: false },
  destination_auth_expired: { origin: 'destination', retryable: false },
  destination_unreachable: { origin: 'destination', retryable: true },
  destination_misconfigured: { origin: 'destination', retryable: false },
  rate_limit_exceeded: { origin: 'destination', retryable: true },
  snapshot_lost: { origin: 'platform', retryable: false },
  retry_scope_lost: { origin: 'platform', retryable: false },
  terminated_by_operator: { origin: 'operator', retryable: false },
  timed_out: { origin: 'platform', retryable: false },
  internal: { origin: 'platform', retryable: false },
} as const satisfies Record<string, { origin: FailureOrigin; retryable: boolean }>;

export type FailureCode = keyof typeof failureTable;

/** Why a run failed: a sentence for the user, and a cause kept for us. Holds no secret and no row data. */
export interface Failure {
  readonly code: FailureCode;
  /** One sentence, in the product page's wording where it has one. */
  readonly message: string;
  /** What we know beneath the sentence: the foreign error's own text. */
  readonly cause: string | null;
}

// The page's own sentences; where it shows a detail after a colon, `detail` takes that place.
const sentences: Record<FailureCode, (detail: string | undefined) => string> = {
  source_connection_failed: (detail) => `Source connection failed: ${detail ?? 'unreachable'}`,
  model_query_failed: (detail) => `Model query failed: ${detail ?? 'unknown error'}`,
  out_of_memory: (detail) => (detail ? `Out of memory: ${detail}` : 'Out of memory'),
  destination_auth_expired: () => 'Destination authentication expired',
  destination_unreachable: (detail) => `Destination unreachable: ${detail ?? 'no answer'}`,
  destination_misconfigured: (detail) =>
    `Destination cannot take this sync: ${detail ?? 'wrong configuration'}`,
  rate_limit_exceeded: () => 'Rate limit exceeded',
  snapshot_lost: () => 'Snapshot lost: an insert-only sync cannot tell which rows were already sent',
  retry_scope_lost: (detail) => `Retry scope lost: ${detail ?? 'the retried rows cannot be told any more'}`,
  terminated_by_operator: () => 'Terminated by an operator in Temporal',
  timed_out: (detail) => `Run timed out${detail ? `: ${detail}` : ''}`,
  internal: (detail) => `Internal error${detail ? `: ${detail}` : ''}`,
};

/** A failure with its sentence; `detail` is the part after the colon, `cause` the foreign error's text. */
export function failureOf(code: FailureCode, detail?: string, cause: string | null = null): Failure {
  return { code, message: sentences[code](detail), cause };
}

export function isFailureCode(text: string): text is FailureCode {
  return Object.hasOwn(failureTable, text);
}
