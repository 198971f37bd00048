// Owns delivery batch by batch: several lanes at once, each batch applied and acknowledged on its own.
import { CallWithheld } from '../../connectors/call-withheld';
import type { Lane } from '../../connectors/destination';
import { storeAnswers, takeBack } from '../../db/ledger/batch-ledger';
import { type Delivery, lanesAhead } from './delivery';
import { BatchQueue, FetchedBatches, type Pass, type ReadyBatch } from './fetched-batches';
import { LaidAside } from './laid-aside';
import { release } from './outgoing-batch';
import { isWithoutEffect } from './without-effect';

/** Delivers open batches of one pass until none is left (true) or `sliceEndsAt` (by performance.now()) has passed (false). */
export async function deliverInLanes(
  delivery: Delivery,
  pass: Pass,
  abandoned: ReadonlySet<number>,
  sliceEndsAt: number,
): Promise<boolean> {
  const queue = new BatchQueue(delivery, pass, abandoned);
  if (!(await queue.hasNext())) return true;
  const { destination, target, attempt } = delivery.input;
  // Rows that were in each other's way go one after the other: side by side they would wait for each other's locks.
  const lanes = pass === 'follow_up' ? 1 : destination.habits.lanes + lanesAhead(delivery.input);
  const fetched = new FetchedBatches(delivery, queue, lanes);
  // Aborted by the attempt's own end and by the first lane that fails: the others begin no call after it either.
  const stop = new AbortController();
  const onAbort = (): void => stop.abort(attempt.signal.reason);
  attempt.signal.addEventListener('abort', onAbort, { once: true });
  if (attempt.signal.aborted) onAbort();
  const inTurn = oneByOne();
  const isStopped = (): boolean => stop.signal.aborted;
  const lane = async (): Promise<void> => {
    const open = await destination.openLane(target, stop.signal);
    try {
      while (!isStopped() && performance.now() < sliceEndsAt) {
        const begun = await inTurn(() => beginNext(delivery, open, fetched, stop.signal));
        if (!begun) return;
        if (await deliverBatch(delivery, open, begun, isStopped)) queue.noteDelivered();
        else fetched.putBack(begun);
      }
    } catch (error) {
      queue.stop();
      stop.abort(error);
      throw error;
    } finally {
      await open.close();
    }
  };
  const ends = await Promise.allSettled(Array.from({ length: lanes }, lane));
  attempt.signal.removeEventListener('abort', onAbort);
  await fetched.settled();
  for (const end of ends) if (end.status === 'rejected') throw end.reason;
  attempt.signal.throwIfAborted();
  return queue.isEmpty;
}

/** A batch that may be marked as sent. */
interface BegunBatch extends ReadyBatch {
  readonly transactionId: string | null;
}

/**
 * The next batch, begun; undefined when none is left or another lane has failed: what was fetched stays planned. In turn,
 * so that batches begin in their order: after trouble those that were sent without an answer go first, and no others
 * become as doubtful as they are.
 */
async function beginNext(
  delivery: Delivery,
  lane: Lane,
  fetched: FetchedBatches,
  stop: AbortSignal,
): Promise<BegunBatch | undefined> {
  if (stop.aborted) return undefined;
  const next = await fetched.take();
  if (!next || stop.aborted) return undefined;
  try {
    // Nothing is open yet: a stop need not wait for it.
    return { ...next, transactionId: await lane.begin(delivery.input.attempt.signal) };
  } catch (error) {
    // Another lane has failed, and its error is the one to tell.
    if (error instanceof CallWithheld && !delivery.isStopped) return undefined;
    throw error;
  }
}

/** Runs what it is given one after the other. */
function oneByOne(): <Result>(work: () => Promise<Result>) => Promise<Result> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

/** False when it is to go later: as it was, where the destination had no room for it, or with a part of its answer kept. */
async function deliverBatch(
  delivery: Delivery,
  lane: Lane,
  { batch, prepared, transactionId }: BegunBatch,
  isStopped: () => boolean,
): Promise<boolean> {
  const { deps, fence } = delivery.input;
  let committing = false;
  try {
    // The stop may have come while the rows were fetched: no batch is opened after it.
    delivery.input.attempt.signal.throwIfAborted();
    await delivery.markSent(prepared, transactionId);
    const soFar = delivery.soFar(batch, prepared, isStopped);
    const written = await lane.write(prepared.outgoing, delivery.callSignal, soFar);
    let answer = delivery.toLedger(prepared, written, batch);
    if (transactionId !== null) {
      answer = delivery.followUps.note(batch, answer, written.refusals);
      await storeAnswers(deps.knex, fence, [answer]);
      committing = true;
      await lane.commit(delivery.callSignal);
      answer = delivery.followUps.moveOn(
        { ...batch, entries: prepared.entries, rowKeys: prepared.rowKeys },
        answer,
      );
    }
    await delivery.acknowledge([answer]);
  } catch (error) {
    // Once COMMIT may have reached the server only its answer, or the next attempt's question, tells what happened.
    const mayStand = committing && !isWithoutEffect(error);
    if (transactionId !== null && !mayStand) await lane.rollback();
    if (!mayStand && (transactionId !== null || isWithoutEffect(error))) {
      await takeBack(deps.knex, fence, [batch.batchNo]);
    }
    const isForLater = error instanceof CallWithheld || error instanceof LaidAside;
    if (isForLater && !delivery.isStopped) return false;
    throw error;
  }
  release(prepared);
  return true;
}
