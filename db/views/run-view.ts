// Owns how a row of runs is read for people: the columns shown and their form. Writes nothing.
import type { Knex } from 'knex';
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
  /** Id and name of the token that asked for it; null when a schedule did. The name is null when the token is gone. */
  readonly triggeredBy: string | null;
  readonly triggeredByName: string | null;
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
  triggered_by: string | null;
  triggered_by_name: string | null;
  kind: RunKind;
  queued_at: Date;
  started_at: Date | null;
  completed_at: Date | null;
  retry_of: string | null;
  retry_scope: RetryScope | null;
  failure_code: FailureCode | null;
  failure_message: string | null;
}

const runViewColumns = [
  'id',
  'sync_id',
  'status',
  'outcome',
  'trigger',
  'triggered_by',
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

const triggeredByName = `(SELECT name FROM api_tokens t
  WHERE t.workspace_id = runs.workspace_id AND t.id = runs.triggered_by) AS triggered_by_name`;

/** What a RunView is made of, to be selected from runs. */
export function runViewSelection(knex: Knex): (string | Knex.Raw)[] {
  return [...runViewColumns, knex.raw(triggeredByName)];
}

export function mapRunView(row: RunViewRow): RunView {
  return {
    id: row.id,
    syncId: row.sync_id,
    status: row.status,
    outcome: row.outcome,
    trigger: row.trigger,
    triggeredBy: row.triggered_by,
    triggeredByName: row.triggered_by_name,
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
