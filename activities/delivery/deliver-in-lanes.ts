// Owns delivery batch by batch: several lanes at once, each batch applied and acknowledged on its own.
import { CallWithheld } from '../../connectors/call-withheld';
import type { Lane } from '../../connectors/destination';
import { type LedgerBatch, openBatches, storeAnswers, takeBack } from '../../db/ledger/batch-ledger';
import type { Delivery } from './delivery';
import { LaidAside } from './laid-aside';
import type { PreparedBatch } from './outgoing-batch';
import { isWithoutEffect } from './without-effect';

/** Delivers open batches of one kind until none is left (true) or `sliceEndsAt` (by performance.now()) has passed (false). */
export async function deliverInLanes(
  delivery: Delivery,
  kind: LedgerBatch['kind'],
  abandoned: ReadonlySet<number>,
  sliceEndsAt: number,
): Promise<boolean> {
  const queue = new BatchQueue(delivery, kind, abandoned);
  const first = await queue.next();
  if (!first) return true;
  queue.putBack(first);
  const { destination, target, attempt } = delivery.input;
  const lanes = laneCount(delivery);
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

/** A batch with its rows; nothing of it is noted yet. */
interface ReadyBatch {
  readonly batch: LedgerBatch;
  readonly prepared: PreparedBatch;
}

/**
 * Batches fetched while others are written: one for each lane and no more, so that what is held in memory stays bounded
 * however slow the destination is. Lanes share them: the last batches go to whoever is free.
 */
class FetchedBatches {
  private readonly ahead: Promise<ReadyBatch | undefined>[] = [];

  constructor(
    private readonly delivery: Delivery,
    private readonly queue: BatchQueue,
    private readonly limit: number,
  ) {}

  /** The next batch; undefined when none is left. An error of fetching it is met here. */
  take(): Promise<ReadyBatch | undefined> {
    const next = this.ahead.shift() ?? this.fetch();
    while (this.ahead.length < this.limit) this.ahead.push(this.fetch());
    return next;
  }

  /** For a batch that the destination had no room for: it goes next. */
  putBack(batch: ReadyBatch): void {
    this.ahead.unshift(Promise.resolve(batch));
  }

  /** When nothing is being fetched any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.ahead);
  }

  private fetch(): Promise<ReadyBatch | undefined> {
    const fetching = this.queue
      .next()
      .then(async (batch) => (batch ? { batch, prepared: await this.delivery.prepare(batch) } : undefined));
    fetching.catch(() => undefined);
    return fetching;
  }
}

// Each lane may hold an answered batch that is not acknowledged yet, which a crash sends again. Where rows are appended
// such a batch can count twice, so there are no more of them than calls.
function laneCount({ input: { destination, target } }: Delivery): number {
  const { lanes, lanesAhead } = destination.habits;
  return target.mode === 'insert' ? lanes : lanes + lanesAhead;
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
    const answer = delivery.toLedger(prepared, written, batch);
    if (transactionId !== null) {
      await storeAnswers(deps.knex, fence, [answer]);
      committing = true;
      await lane.commit(delivery.callSignal);
    }
    await delivery.acknowledge([answer]);
    return true;
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
}

// Batches held in memory ahead of the lanes. One of writes carries an operation for each line it covers, 20 kB at most, and no
// rows; one of deletes its rows, about a mebibyte at most.
const page = 32;

/** Open batches of one kind in order, read page by page, each handed out once. */
class BatchQueue {
  private ready: LedgerBatch[] = [];
  private handedOut = 0;
  private after = 0;
  private exhausted = false;
  isStopped = false;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly delivery: Delivery,
    private readonly kind: LedgerBatch['kind'],
    private readonly abandoned: ReadonlySet<number>,
  ) {}

  /** Whether every batch was delivered; one that was fetched when the slice ended is the next slice's. */
  get isEmpty(): boolean {
    return this.exhausted && this.ready.length === 0 && this.handedOut === 0;
  }

  noteDelivered(): void {
    this.handedOut -= 1;
  }

  async next(): Promise<LedgerBatch | undefined> {
    while (this.ready.length === 0 && !this.exhausted && !this.isStopped) {
      this.reading ??= this.read().finally(() => (this.reading = null));
      await this.reading;
    }
    const batch = this.ready.shift();
    if (batch) this.handedOut += 1;
    return batch;
  }

  /** Hands out no more: another lane has failed. */
  stop(): void {
    this.isStopped = true;
    this.ready = [];
  }

  putBack(batch: LedgerBatch): void {
    this.handedOut -= 1;
    this.ready.unshift(batch);
  }

  private async read(): Promise<void> {
    const { deps, fence } = this.delivery.input;
    const open = await openBatches(deps.knex, fence.runId, this.after, page);
    this.after = open.at(-1)?.batchNo ?? this.after;
    if (this.isStopped) return;
    this.exhausted = open.length < page;
    this.ready = open.filter((batch) => batch.kind === this.kind && !this.abandoned.has(batch.batchNo));
  }
}
