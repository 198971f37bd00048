// Owns delivery of a whole run in one transaction of the destination: all of it is applied, or nothing.
import type { Lane } from '../../connectors/destination';
import { everyOpenBatch, type LedgerAnswer, storeAnswers, takeBack } from '../../db/ledger/batch-ledger';
import type { Delivery } from './delivery';
import { SecondTry } from './second-try';
import { isWithoutEffect } from './without-effect';

/** Writes every open batch and commits once; refused rows are answers, not reasons to roll back. */
export async function deliverAtomically(delivery: Delivery): Promise<void> {
  const { deps, fence, destination, target, attempt } = delivery.input;
  const lane = await destination.openLane(target, attempt.signal);
  const sent: number[] = [];
  let committing = false;
  try {
    const transactionId = await lane.begin(attempt.signal);
    const written: LedgerAnswer[] = [];
    const secondTry = new SecondTry();
    for await (const batch of everyOpenBatch(deps.knex, fence.runId)) {
      attempt.signal.throwIfAborted();
      const prepared = await delivery.prepareOne(batch);
      await delivery.markSent(prepared, transactionId);
      sent.push(batch.batchNo);
      const answer = await lane.write(prepared.outgoing, delivery.callSignal);
      written.push(delivery.toLedger(prepared, answer));
      secondTry.note(batch, answer);
    }
    const answers = await secondTry.made(delivery, lane, written);
    attempt.signal.throwIfAborted();
    await storeAnswers(deps.knex, fence, answers);
    committing = true;
    await lane.commit(delivery.callSignal);
    await delivery.acknowledge(answers);
  } catch (error) {
    // Once COMMIT may have reached the server only its answer, or the next attempt's question, tells what happened.
    if (!committing || isWithoutEffect(error)) await undo(delivery, lane, sent);
    throw error;
  } finally {
    await lane.close();
  }
}

async function undo(delivery: Delivery, lane: Lane, sent: readonly number[]): Promise<void> {
  const { deps, fence } = delivery.input;
  try {
    await lane.rollback();
    await takeBack(deps.knex, fence, sent);
  } catch (error) {
    // The ledger still says sent, without an answer: the next attempt, or the close, takes it back.
    deps.log.warn({ run_id: fence.runId, error: String(error) }, 'a transaction could not be undone at once');
  }
}
