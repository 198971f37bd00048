// Owns batches an earlier attempt left without an answer: acknowledged, taken back, waited for, or given up.
import { ackBatches, everyOpenBatch, type LedgerBatch, takeBack } from '../../db/ledger/batch-ledger';
import type { CommitFate } from '../../connectors/destination';
import type { Delivery, DeliveryInput } from './delivery';

/** What has to happen before batches may be opened. */
export interface Settled {
  /** Milliseconds until the last possible late effect of an earlier attempt; 0 when there is none. */
  readonly pauseMs: number;
  /** Batches whose transaction's fate nobody knows any more: never sent again, their rows stay unsure. */
  readonly abandoned: ReadonlySet<number>;
}

// How soon to ask again for a transaction that is still in progress: its backend ends within the statement timeout.
const askAgainMs = 1_000;

/** Settles every sent batch it can. */
export async function settleOpenBatches(delivery: Delivery): Promise<Settled> {
  const { input } = delivery;
  const fates = new Map<string, CommitFate>();
  const abandoned = new Set<number>();
  let pauseMs = 0;
  for await (const batch of everyOpenBatch(input.deps.knex, input.fence.runId, ['sent'])) {
    if (batch.transactionId === null) {
      // Sent again at once under the same key: a late call of this run carries the same values, so that it may still
      // land does no harm. Only where rows are appended could both calls count.
      if (input.target.mode === 'insert') pauseMs = Math.max(pauseMs, batch.deadlineInMs);
      continue;
    }
    const fate = batch.outcomes === null ? 'aborted' : await fateOf(input, fates, batch.transactionId);
    if (fate === 'committed') await acknowledge(delivery, batch);
    // Never committed: answers are stored before every COMMIT, so without them there was none.
    else if (fate === 'aborted') await takeBack(input.deps.knex, input.fence, [batch.batchNo]);
    else if (fate === 'in_progress') pauseMs = Math.max(pauseMs, askAgainMs);
    else abandoned.add(batch.batchNo);
  }
  return { pauseMs, abandoned };
}

async function fateOf(
  { destination, attempt }: DeliveryInput,
  known: Map<string, CommitFate>,
  transactionId: string,
): Promise<CommitFate> {
  const fate = known.get(transactionId) ?? (await destination.fateOf(transactionId, attempt.signal));
  known.set(transactionId, fate);
  return fate;
}

async function acknowledge({ input, followUps }: Delivery, batch: LedgerBatch): Promise<void> {
  if (!batch.outcomes) throw new Error(`batch ${batch.batchNo} has no stored answer`);
  const { batchNo, outcomes, rowErrors } = batch;
  const answer = followUps.moveOn(batch, { batchNo, outcomes, rowErrors, callMs: [] });
  await ackBatches(input.deps.knex, input.fence, [answer]);
}
