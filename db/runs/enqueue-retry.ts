// Owns how a retry comes into being: the run it retries is checked and the new one queued under one lock of the sync.
import type { Knex } from 'knex';
import { type RetryScope, type RunStatus } from '../../domain/run';
import { lockSync } from '../configuration/sync-lock';
import { lostScope } from '../ledger/lost-scope';
import { findScope } from '../ledger/retry-scope';
import { type EnqueuedRun, type EnqueueInput, enqueueLocked } from './run-queue';

/** A run to retry; `scope` says which of its rows. */
export interface RetryInput extends Omit<EnqueueInput, 'workflowId' | 'retry'> {
  readonly retryOf: string;
  readonly scope: RetryScope;
}

/** Why a run cannot be retried as asked. */
export type RetryRefusal = 'run_not_finished' | 'nothing_to_retry' | 'retry_scope_lost';

/** Thrown when the run is there but cannot be retried; the message is a sentence for a person. */
export class RetryRefusedError extends Error {
  override readonly name = 'RetryRefusedError';

  constructor(
    readonly refusal: RetryRefusal,
    message: string,
    readonly status: RunStatus,
  ) {
    super(message);
  }
}

interface Retried {
  status: RunStatus;
  completed_at: Date | null;
  sync_version_now: number;
  model_version_now: number;
}

/**
 * Queues a new run that retries an ended one; null when the sync has no such run. Throws RetryRefusedError when it has
 * not ended, has no rows of that scope, or its rows cannot be told any more; SyncNotFoundError without the sync.
 */
export async function enqueueRetry(knex: Knex, input: RetryInput): Promise<EnqueuedRun | null> {
  const { retryOf, scope, ...rest } = input;
  return knex.transaction(async (trx) => {
    // First, as everywhere: what is read here holds until the new run stands in the queue.
    await lockSync(trx, input);
    const { rows } = await trx.raw<{ rows: Retried[] }>(
      `SELECT r.status, r.completed_at, s.version AS sync_version_now, m.version AS model_version_now
       FROM runs r JOIN syncs s ON s.id = r.sync_id JOIN models m ON m.id = s.model_id
       WHERE r.workspace_id = ? AND r.sync_id = ? AND r.id = ?
         -- Being removed for its age, it is as good as gone.
         AND NOT EXISTS (SELECT 1 FROM run_removals WHERE run_id = r.id AND what = 'run')`,
      [input.workspaceId, input.syncId, retryOf],
    );
    const run = rows[0];
    if (!run) return null;
    if (!run.completed_at) {
      throw new RetryRefusedError(
        'run_not_finished',
        `This run is still ${run.status}; it can be retried once it has ended.`,
        run.status,
      );
    }
    if (scope !== 'all') await checkScope(trx, retryOf, scope, run);
    return enqueueLocked(trx, { ...rest, retry: { of: retryOf, scope } });
  });
}

async function checkScope(
  trx: Knex.Transaction,
  runId: string,
  scope: Exclude<RetryScope, 'all'>,
  run: Retried,
): Promise<void> {
  const source = await findScope(trx, runId, scope);
  if (source.rows === 0) {
    const what =
      scope === 'failed' ? 'Every row of this run was accepted' : 'Every row of this run was answered';
    throw new RetryRefusedError('nothing_to_retry', `${what}, or none was found to be sent.`, run.status);
  }
  const versions = { syncVersion: run.sync_version_now, modelVersion: run.model_version_now };
  const loss = await lostScope(trx, source, versions);
  if (loss) {
    throw new RetryRefusedError(
      'retry_scope_lost',
      `Its rows cannot be told any more: ${loss}. Retry with the scope "all".`,
      run.status,
    );
  }
}
