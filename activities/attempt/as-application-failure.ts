// Owns how an error becomes what Temporal understands: type = failure code, retryable or not. Nothing else does this.
import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import { ConnectorFailure } from '../../connectors/connector-failure';
import { databaseMessage, isDatabaseTrouble } from '../../db/database-error';
import { RetryScopeLostError } from '../../db/ledger/lost-scope';
import { SealBrokenError } from '../../db/seal';
import { FencedError, RunAlreadyClosedError, RunNotFoundError } from '../../db/runs/lease';
import { SyncNotFoundError } from '../../db/configuration/sync-lock';
import { SnapshotLostError } from '../../db/snapshot/snapshot-store';
import { type Failure, failureOf } from '../../domain/failure';

/** Type of the failure that says: the run has ended, stop. */
const runAlreadyClosedType = 'run_already_closed';

// A mistake in our own code does not heal by waiting; ten tell it from a passing trouble we do not know by name.
const finalMistake = 10;

/** What to throw from an activity for an error that is known; null: it is taken for a mistake of ours. */
export function asApplicationFailure(error: unknown): ApplicationFailure | null {
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
  return null;
}

/** What to throw for the activity's mistake of that number, from 1: the error itself, to be tried again, and at last the run's failure. */
export function asMistake(error: unknown, number: number): unknown {
  return number < finalMistake ? error : finalFailure(failureOf('internal', undefined, messageOf(error)));
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

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
