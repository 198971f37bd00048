// Owns which batches are fetched ahead of the lanes, and in what order. Knows nothing of how they are written.
import { type LedgerBatch, openBatches } from '../../db/ledger/batch-ledger';
import type { Delivery } from './delivery';
import type { PreparedBatch } from './outgoing-batch';

/** What is delivered before the next begins: what was planned to be written, deletes, rows that go once more. */
export type Pass = LedgerBatch['kind'] | 'follow_up';

/** A batch with its rows; nothing of it is noted yet. */
export interface ReadyBatch {
  readonly batch: LedgerBatch;
  readonly prepared: PreparedBatch;
}

// Batches whose lines follow on each other are read by one statement: its cost does not grow with their number. Few lanes
// have large batches, and wait for their destination: there one is read at a time.
const [readAtOnce, lanesForMore] = [4, 16];

/**
 * Batches fetched while others are written: one for each lane and at most a statement's more, so that what is held in memory
 * stays bounded however slow the destination is. Lanes share them: the last batches go to whoever is free.
 */
export class FetchedBatches {
  private readonly ahead: Promise<ReadyBatch[]>[] = [];
  private readonly ready: ReadyBatch[] = [];
  private readonly readAtOnce: number;

  constructor(
    private readonly delivery: Delivery,
    private readonly queue: BatchQueue,
    private readonly lanes: number,
  ) {
    this.readAtOnce = lanes < lanesForMore ? 1 : readAtOnce;
  }

  /**
   * The next batch; undefined when none is left. One caller at a time, while others may put back. An error of fetching it is
   * met here.
   */
  async take(): Promise<ReadyBatch | undefined> {
    while (this.ready.length + this.ahead.length * this.readAtOnce < this.lanes)
      this.ahead.push(this.fetch());
    if (this.ready.length === 0) this.ready.push(...((await this.ahead.shift()) ?? []));
    return this.ready.shift();
  }

  /** For a batch that the destination had no room for: it goes next. */
  putBack(batch: ReadyBatch): void {
    this.ready.unshift(batch);
  }

  /** When nothing is being fetched any more. */
  async settled(): Promise<void> {
    await Promise.allSettled(this.ahead);
  }

  private fetch(): Promise<ReadyBatch[]> {
    const fetching = this.queue.next(this.readAtOnce).then(async (batches) => {
      const prepared = await this.delivery.prepare(batches);
      return batches.map((batch, at) => ({ batch, prepared: prepared[at] as PreparedBatch }));
    });
    fetching.catch(() => undefined);
    return fetching;
  }
}

// Batches held in memory ahead of the lanes. One of writes carries an operation for each line it covers, 20 kB at most, and no
// rows; one of deletes its rows, about a mebibyte at most.
const page = 32;

/** Open batches of one pass in order, read page by page, each handed out once. */
export class BatchQueue {
  private ready: LedgerBatch[] = [];
  private handedOut = 0;
  private readonly upTo: number | undefined;
  private after: number;
  private exhausted = false;
  private isStopped = false;
  private reading: Promise<void> | null = null;

  constructor(
    private readonly delivery: Delivery,
    private readonly pass: Pass,
    private readonly abandoned: ReadonlySet<number>,
  ) {
    const { plannedBatches } = delivery.followUps;
    this.after = pass === 'follow_up' ? plannedBatches : 0;
    this.upTo = pass === 'follow_up' ? undefined : plannedBatches;
  }

  /** Whether every batch was delivered; one that was fetched when the slice ended is the next slice's. */
  get isEmpty(): boolean {
    return this.exhausted && this.ready.length === 0 && this.handedOut === 0;
  }

  noteDelivered(): void {
    this.handedOut -= 1;
  }

  /** Whether a batch is left. */
  async hasNext(): Promise<boolean> {
    while (this.ready.length === 0 && !this.exhausted && !this.isStopped) {
      this.reading ??= this.read().finally(() => (this.reading = null));
      await this.reading;
    }
    return this.ready.length > 0;
  }

  /** The next batch and, up to `most`, those whose lines follow on it without a gap; none when no batch is left. */
  async next(most: number): Promise<LedgerBatch[]> {
    // Asked again after each wait: others wait beside it, and may have taken all there was.
    while (this.ready.length === 0) if (!(await this.hasNext())) return [];
    const gap = this.ready.findIndex((batch, at) => at > 0 && !follows(batch, this.ready[at - 1]));
    const batches = this.ready.splice(0, Math.min(most, gap < 0 ? most : gap));
    this.handedOut += batches.length;
    return batches;
  }

  /** Hands out no more: another lane has failed. */
  stop(): void {
    this.isStopped = true;
    this.ready = [];
  }

  private async read(): Promise<void> {
    const { deps, fence } = this.delivery.input;
    const open = await openBatches(deps.knex, fence.runId, { after: this.after, upTo: this.upTo }, page);
    this.after = open.at(-1)?.batchNo ?? this.after;
    if (this.isStopped) return;
    this.exhausted = open.length < page;
    const kind = this.pass === 'follow_up' ? 'write' : this.pass;
    this.ready = open.filter((batch) => batch.kind === kind && !this.abandoned.has(batch.batchNo));
  }
}

// Batches of deletes carry their rows themselves, and have no lines.
function follows(batch: LedgerBatch, before: LedgerBatch | undefined): boolean {
  return batch.lineFrom !== null && batch.lineFrom === before?.lineTo;
}
