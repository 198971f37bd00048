// Owns how an error becomes what Temporal understands: type = failure code, retryable or not. Nothing else does this.
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ConnectorFailure } from '../../connectors/connector-failure';
import { databaseMessage, isDatabaseUnavailable } from '../../db/database-error';
import { RetryScopeLostError } from '../../db/ledger/lost-scope';
import { SealBrokenError } from '../../db/seal';
import { FencedError, RunAlreadyClosedError, RunNotFoundError } from '../../db/runs/lease';
import { SyncNotFoundError } from '../../db/configuration/sync-lock';
import { SnapshotLostError } from '../../db/snapshot/snapshot-store';
import { type Failure, failureOf } from '../../domain/failure';

/** Type of the failure that says: the run has ended, stop. */
export const runAlreadyClosedType = 'run_already_closed';

// A mistake in our own code does not heal by waiting; ten tries tell it from a passing trouble we do not know by name.
const unknownErrorTries = 10;

/** What to throw from an activity for `error`; `attempt` counts from 1. */
export function asApplicationFailure(error: unknown, attempt: number): unknown {
  if (error instanceof ApplicationFailure) return error;
  if (error instanceof ConnectorFailure) return finalFailure(error.failure);
  if (error instanceof SnapshotLostError) {
    return finalFailure(failureOf('snapshot_lost', undefined, error.message));
  }
  if (error instanceof RetryScopeLostError) return finalFailure(failureOf('retry_scope_lost', error.message));
  if (error instanceof SealBrokenError) return finalFailure(failureOf('internal', error.message));
  if (error instanceof RunAlreadyClosedError) {
    return ApplicationFailure.nonRetryable(error.message, runAlreadyClosedType);
  }
  if (error instanceof SyncNotFoundError)
    return ApplicationFailure.nonRetryable(error.message, 'sync_not_found');
  // A workflow without its row has nothing to work for and nothing to close.
  if (error instanceof RunNotFoundError)
    return ApplicationFailure.nonRetryable(error.message, 'run_not_found');
  if (error instanceof FencedError) return ApplicationFailure.retryable(error.message, 'fenced');
  if (isDatabaseTrouble(error)) {
    return ApplicationFailure.retryable(`our database: ${databaseMessage(error)}`, 'database_unavailable');
  }
  if (attempt < unknownErrorTries) return error;
  return finalFailure(failureOf('internal', undefined, messageOf(error)));
}

function finalFailure(failure: Failure): ApplicationFailure {
  return ApplicationFailure.create({
    message: failure.message,
    type: failure.code,
    nonRetryable: true,
    details: [failure],
    // The user's to mend, not ours: no alarm in the worker's metrics.
    category: ApplicationFailureCategory.BENIGN,
  });
}

// Deadlock and serialisation, a lock not had in time, and a standby that is not yet promoted (25006).
const passingStates = /^(40...|55P03|25006)$/;

/** Whether our own database is away or busy: waiting helps, however long it takes. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (isDatabaseUnavailable(error)) return true;
  return 'code' in error && typeof error.code === 'string' && passingStates.test(error.code);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
