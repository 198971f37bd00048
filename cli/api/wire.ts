// Owns the shapes of the API's answers as far as the command line reads them. More keys may come.

export interface RunEnd {
  readonly status: string;
  readonly outcome: string | null;
}

export interface Run extends RunEnd {
  readonly id: string;
  readonly sync_id: string;
  readonly trigger: string;
  readonly kind: string;
  readonly queued_at: string;
  readonly started_at: string | null;
  readonly completed_at: string | null;
  readonly duration_seconds: number | null;
  readonly rows_processed: number;
  readonly rows_unchanged: number;
  readonly rows_skipped: number;
  readonly rows_created: number;
  readonly rows_updated: number;
  readonly rows_deleted: number;
  readonly rows_failed: number;
  readonly rows_not_attempted: number;
  readonly rows_unknown: number;
  readonly failure: { readonly code: string; readonly message: string } | null;
}

export interface RunPhase {
  readonly phase: string;
  readonly started_at: string;
  readonly duration_ms: number | null;
  readonly attempts: number;
  readonly waited_ms: number;
}

/** How far a running run has come. */
export interface Progress {
  readonly phase: string | null;
  readonly rows_read: number | null;
  readonly rows_planned: number | null;
  readonly rows_answered: number;
  readonly rows_per_second: number | null;
  readonly waiting_for: { readonly reason: string; readonly until: string | null } | null;
}

export interface RunDetail extends Run {
  readonly note: string | null;
  readonly retry_of: string | null;
  readonly phases: readonly RunPhase[];
  readonly performance: {
    readonly query_ms: number | null;
    readonly processing_ms: number | null;
    readonly api_call_ms: {
      readonly count: number;
      readonly p50: number | null;
      readonly p95: number | null;
    };
  };
  readonly progress: Progress | null;
  readonly queue: { readonly position: number; readonly holder_run_id: string | null } | null;
  readonly links: { readonly temporal: string | null };
}

/** The answer to a trigger. */
export interface TriggeredRun extends RunDetail {
  readonly state: 'started' | 'queued';
}

export interface RowError {
  readonly row_id: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly raw_value: string | null;
}

export interface RowErrors {
  readonly data: readonly RowError[];
  readonly total_errors: number;
  readonly page: number;
  readonly per_page: number;
}

export interface RunEvent {
  readonly id: number;
  readonly at: string;
  readonly type: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

interface Author {
  readonly name: string;
}

export interface Alert {
  readonly id: string;
  readonly kind: string;
  readonly severity: string;
  readonly state: string;
  readonly sync: { readonly id: string; readonly name: string };
  readonly sentence: string;
  readonly advice: readonly string[];
  readonly occurrences: number;
  readonly opened_at: string;
  readonly last_seen_at: string;
  readonly told_at: string | null;
  readonly muted_until: string | null;
  readonly run: { readonly id: string } | null;
}

export interface AlertEvent {
  readonly at: string;
  readonly type: string;
  readonly by: Author | null;
  readonly run_id: string | null;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface AlertDetail extends Alert {
  readonly events: readonly AlertEvent[];
  readonly events_total: number;
}

export interface Sync {
  readonly id: string;
  readonly name: string;
}

export interface Paged<Item> {
  readonly data: readonly Item[];
  readonly pagination: { readonly page: number; readonly per_page: number; readonly total: number };
}
