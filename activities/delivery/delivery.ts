// Owns what every part of one delivery attempt shares: the fence, the target, the open destination, the stop signals.
import type { DeliveryTarget, Destination } from '../../connectors/destination';
import {
  ackBatches,
  type LedgerAnswer,
  type LedgerBatch,
  markSent,
  type SentBatch,
} from '../../db/ledger/batch-ledger';
import { journalLines, type PublishedJournal } from '../../db/ledger/journal-store';
import type { Fence } from '../../db/runs/lease';
import type { BatchAnswer } from '../../connectors/destination';
import { doubtRefusals } from '../../domain/row-outcome';
import type { Attempt } from '../attempt/attempt';
import type { ActivityDeps } from '../deps';
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

export interface DeliveryInput {
  readonly deps: ActivityDeps;
  readonly fence: Fence;
  readonly journal: PublishedJournal;
  readonly target: DeliveryTarget;
  readonly destination: Destination;
  readonly attempt: Attempt;
}

/** One attempt at delivering a run's batches. Steps of a batch: prepare, mark sent, write, acknowledge. */
export class Delivery {
  /** Aborts calls in flight: the grace period after the attempt's own signal. */
  readonly callSignal: AbortSignal;
  ackedBatches = 0;
  private rowsAnswered = 0;
  private readonly mark: (batch: SentBatch) => Promise<void>;
  private readonly store: (answer: LedgerAnswer) => Promise<void>;
  private graceTimer: NodeJS.Timeout | undefined;
  private readonly onAbort: () => void;

  constructor(readonly input: DeliveryInput) {
    const { deps, fence } = input;
    // Lanes come and go together; one statement serves all that have come while the one before was under way.
    this.mark = together((batches) => markSent(deps.knex, fence, ...batches));
    this.store = together((answers) => ackBatches(deps.knex, fence, answers));
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

  async prepare(batch: LedgerBatch): Promise<PreparedBatch> {
    const { deps, fence, journal, target } = this.input;
    if (batch.kind === 'delete') return prepareDeletes(fence.runId, batch);
    const lines = await journalLines(
      deps.knex,
      fence.runId,
      journal.attempt,
      batch.lineFrom ?? 0,
      batch.lineTo ?? 0,
    );
    return prepareWrites(fence.runId, batch, lines, target.keyColumns);
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

  /** The destination's answer in the ledger's form. `sentBefore`: an earlier call of the batch got no answer. */
  toLedger(prepared: WrittenBatch, answer: BatchAnswer, sentBefore = false): LedgerAnswer {
    const outcomes = Buffer.from(answer.outcomes);
    if (sentBefore) doubtRefusals(outcomes);
    return {
      batchNo: prepared.batchNo,
      outcomes,
      rowErrors: rowErrorsOf(prepared, this.input.target, answer.refusals),
      callMs: answer.callMs,
    };
  }

  async acknowledge(answers: readonly LedgerAnswer[]): Promise<void> {
    const { attempt } = this.input;
    await Promise.all(answers.map(this.store));
    this.ackedBatches += answers.length;
    for (const answer of answers) this.rowsAnswered += answer.outcomes.length;
    attempt.progress.rows_answered = this.rowsAnswered;
    attempt.progress.batches_answered = this.ackedBatches;
  }

  dispose(): void {
    clearTimeout(this.graceTimer);
    this.input.attempt.signal.removeEventListener('abort', this.onAbort);
  }
}
