// Owns what every part of one delivery attempt shares: the fence, the target, the open destination, the stop signals.
import type { BatchAnswer, BatchSoFar, DeliveryTarget, Destination } from '../../connectors/destination';
import { turnOfItsOwn } from '../../connectors/turn-of-its-own';
import {
  ackBatches,
  keepPart,
  type LedgerAnswer,
  type LedgerBatch,
  markSent,
  type SentBatch,
} from '../../db/ledger/batch-ledger';
import { journalLines, type PublishedJournal } from '../../db/ledger/journal-store';
import type { Fence } from '../../db/runs/lease';
import type { RawValuePolicy } from '../../domain/raw-values';
import { doubtRefusals, isJudged } from '../../domain/row-outcome';
import type { Attempt } from '../attempt/attempt';
import type { ActivityDeps } from '../deps';
import { FollowUps } from './follow-ups';
import { LaidAside } from './laid-aside';
import {
  type PreparedBatch,
  prepareDeletes,
  prepareWrites,
  rowErrorsOf,
  type WrittenBatch,
} from './outgoing-batch';
import { together } from './together';

/**
 * How long calls that are open when a cancel arrives may take to answer. `cancelled` is promised within 5 s of the asking,
 * also while the destination hangs. What a hanging one takes:
 *   1.1 s until the activity hears of it (one heartbeat a second, and the way through Temporal)
 *   2.0 s this grace
 *   0.5 s for the cancelled statement to end before its socket is cut (connectors/postgres-client.ts; HTTP ends at once)
 * which is 3.6 s; the rest is for close-run on a busy machine. One that answers the cancel and hangs after it takes a
 * second more, for the rollback.
 */
const graceMs = 2_000;

// How long a statement of the ledger waits for more to do under load, where lanes run ahead of the calls and have the time.
// Each costs a millisecond of two processes: with 330 and 390 of them for 1,000 batches delivery took a tenth longer than with
// half as many.
const gatherMs = 8;

export interface DeliveryInput {
  readonly deps: ActivityDeps;
  readonly fence: Fence;
  readonly journal: PublishedJournal;
  readonly target: DeliveryTarget;
  readonly rawValues: RawValuePolicy;
  readonly destination: Destination;
  readonly attempt: Attempt;
  /** Batches of the plan. */
  readonly plannedBatches: number;
  /** Whether earlier attempts have left follow-ups to deliver. */
  readonly hasFollowUps: boolean;
}

/**
 * Lanes beside those that may be writing. Each can hold an answered batch that is not acknowledged yet, which a crash sends
 * again. Where rows are appended such a batch can count twice, so there are no more of them than calls.
 */
export function lanesAhead({ destination, target }: DeliveryInput): number {
  return target.mode === 'insert' ? 0 : destination.habits.lanesAhead;
}

/** One attempt at delivering a run's batches. Steps of a batch: prepare, mark sent, write, acknowledge. */
export class Delivery {
  /** Aborts calls in flight: the grace period after the attempt's own signal. */
  readonly callSignal: AbortSignal;
  /** Whether any row was judged that was not before. */
  hasProgressed = false;
  readonly followUps: FollowUps;
  private ackedBatches = 0;
  private rowsAnswered = 0;
  private partsKept = 0;
  private readonly mark: (batch: SentBatch) => Promise<void>;
  private readonly store: (answer: LedgerAnswer) => Promise<void>;
  private graceTimer: NodeJS.Timeout | undefined;
  private readonly onAbort: () => void;

  constructor(readonly input: DeliveryInput) {
    const { deps, fence, target } = input;
    this.followUps = new FollowUps(input.plannedBatches, target.mode, input.hasFollowUps);
    // Lanes come and go together; one statement serves all that have come while the one before was under way.
    const waitMs = lanesAhead(input) > 0 ? gatherMs : 0;
    this.mark = together((batches) => markSent(deps.knex, fence, ...batches), waitMs);
    this.store = together((answers) => ackBatches(deps.knex, fence, answers), waitMs);
    const calls = new AbortController();
    this.callSignal = calls.signal;
    this.onAbort = () => {
      this.graceTimer = setTimeout(() => calls.abort(input.attempt.signal.reason), graceMs);
    };
    if (input.attempt.signal.aborted) this.onAbort();
    else input.attempt.signal.addEventListener('abort', this.onAbort, { once: true });
  }

  /** Whether no new batch may be opened. */
  get isStopped(): boolean {
    return this.input.attempt.signal.aborted;
  }

  async prepareOne(batch: LedgerBatch): Promise<PreparedBatch> {
    const [prepared] = await this.prepare([batch]);
    if (!prepared) throw new Error(`batch ${batch.batchNo} was not prepared`);
    return prepared;
  }

  /** The batches with their rows: of one kind, and those of writes with lines that follow on each other. */
  async prepare(batches: readonly LedgerBatch[]): Promise<PreparedBatch[]> {
    const { deps, fence, journal, target } = this.input;
    const { runId } = fence;
    const [first] = batches;
    if (first === undefined) return [];
    if (first.kind === 'delete') return batches.map((batch) => prepareDeletes(runId, batch));
    const [from, to] = [first.lineFrom ?? 0, batches.at(-1)?.lineTo ?? 0];
    const lines = await journalLines(deps.knex, runId, journal.attempt, from, to);
    const prepared: PreparedBatch[] = [];
    for (const batch of batches) {
      await turnOfItsOwn();
      prepared.push(prepareWrites(runId, batch, lines, target.keyColumns));
    }
    return prepared;
  }

  /** Written before the destination sees the batch, so that no crash can hide that it may have. */
  async markSent(prepared: PreparedBatch, transactionId: string | null): Promise<void> {
    const { destination } = this.input;
    await this.mark({
      batchNo: prepared.batchNo,
      entries: prepared.entries,
      operations: Buffer.from(prepared.outgoing.operations),
      rowKeys: prepared.rowKeys,
      transactionId,
      deadlineMs: destination.habits.writeDeadlineMs,
    });
  }

  /**
   * What a lane is told of earlier tries of the batch, and where it keeps what it is told itself. A batch goes on past the
   * end of its slice: begun anew, one whose first rows are refused would come no further. `isStopped` ends it.
   */
  soFar(batch: LedgerBatch, prepared: PreparedBatch, isStopped: () => boolean): BatchSoFar {
    const { deps, fence, destination, attempt } = this.input;
    let judged = batch.outcomes?.filter(isJudged).length ?? 0;
    return {
      outcomes: batch.outcomes,
      keep: async (answer, mayLand) => {
        const ends = isStopped();
        const part = this.toLedger(prepared, answer, batch);
        await keepPart(deps.knex, fence, part, ends && !mayLand ? 0 : destination.habits.writeDeadlineMs);
        const judgedNow = part.outcomes.filter(isJudged).length;
        if (judgedNow > judged) {
          this.hasProgressed = true;
          // A batch may be in the middle of its answers for minutes: it is seen to move.
          this.partsKept += 1;
          attempt.progress.parts_kept = this.partsKept;
        }
        judged = judgedNow;
        if (ends) throw new LaidAside();
      },
    };
  }

  /**
   * The destination's answer in the ledger's form. `batch`, as it was before this try, adds what earlier ones were told;
   * if it had been sent, a call of it had no answer.
   */
  toLedger(prepared: WrittenBatch, answer: BatchAnswer, batch?: LedgerBatch): LedgerAnswer {
    const outcomes = Buffer.from(answer.outcomes);
    const { target, rawValues } = this.input;
    const rowErrors = rowErrorsOf(prepared, target, answer.refusals, rawValues);
    const { batchNo } = prepared;
    if (batch?.state !== 'sent') return { batchNo, outcomes, rowErrors, callMs: answer.callMs };
    doubtRefusals(outcomes);
    return {
      batchNo,
      outcomes,
      rowErrors: [...batch.rowErrors, ...rowErrors],
      callMs: [...batch.callMs, ...answer.callMs],
    };
  }

  async acknowledge(answers: readonly LedgerAnswer[]): Promise<void> {
    const { attempt } = this.input;
    await Promise.all(answers.map(this.store));
    this.ackedBatches += answers.length;
    this.hasProgressed ||= answers.length > 0;
    for (const answer of answers) this.rowsAnswered += answer.outcomes.length;
    attempt.progress.rows_answered = this.rowsAnswered;
    attempt.progress.batches_answered = this.ackedBatches;
  }

  dispose(): void {
    clearTimeout(this.graceTimer);
    this.input.attempt.signal.removeEventListener('abort', this.onAbort);
  }
}
