// Owns how a row of runs is read for people: the columns shown and their form. Writes nothing.
import { type CountRow, countColumns, mapCounts } from '../runs/count-columns';
import type { RunCounts } from '../../domain/counts';
import { type FailureCode, failureTable, type FailureOrigin } from '../../domain/failure';
import type { RetryScope, RunKind, RunOutcome, RunStatus, RunTrigger } from '../../domain/run';

/** Why a run failed, without the cause that is kept for us. */
export interface ShownFailure {
  readonly code: FailureCode;
  readonly message: string;
  readonly origin: FailureOrigin;
  readonly retryable: boolean;
}

/** A run as every screen shows it. */
export interface RunView {
  readonly id: string;
  readonly syncId: string;
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly trigger: RunTrigger;
  readonly kind: RunKind;
  readonly queuedAt: Date;
  readonly startedAt: Date | null;
  readonly completedAt: Date | null;
  readonly counts: RunCounts;
  readonly retryOf: string | null;
  /** Null unless it retries a run. */
  readonly retryScope: RetryScope | null;
  readonly failure: ShownFailure | null;
}

export interface RunViewRow extends CountRow {
  id: string;
  sync_id: string;
  status: RunStatus;
  outcome: RunOutcome | null;
  trigger: RunTrigger;
  kind: RunKind;
  queued_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  retry_of: string | null;
  retry_scope: RetryScope | null;
  failure_code: FailureCode | null;
  failure_message: string | null;
}

/** Columns of runs that a RunView is made of. */
export const runViewColumns = [
  'id',
  'sync_id',
  'status',
  'outcome',
  'trigger',
  'kind',
  'queued_at',
  'started_at',
  'completed_at',
  ...countColumns,
  'retry_of',
  'retry_scope',
  'failure_code',
  'failure_message',
] as const satisfies readonly (keyof RunViewRow)[];

export function mapRunView(row: RunViewRow): RunView {
  return {
    id: row.id,
    syncId: row.sync_id,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    kind: row.kind,
    queuedAt: row.queued_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    counts: mapCounts(row),
    retryOf: row.retry_of,
    retryScope: row.retry_scope,
    failure: row.failure_code && {
      code: row.failure_code,
      message: row.failure_message ?? '',
      ...failureTable[row.failure_code],
    },
  };
}
