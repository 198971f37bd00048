// Drives runs through the real stores and the model side by side; after each step both must say the same.
import type { Knex } from 'knex';
import { ackBatches, markSent, storeAnswers, takeBack } from '../../../db/ledger/batch-ledger';
import { appendJournalBatch, openJournal, publishJournal } from '../../../db/ledger/journal-store';
import { type NewBatch, publishPlan } from '../../../db/ledger/plan-store';
import type { StoredRowError } from '../../../db/ledger/row-error-store';
import { closeAsInternal, type ClosedRun, closeRun } from '../../../db/runs/close-run';
import { FencedError, type Fence, RunAlreadyClosedError } from '../../../db/runs/lease';
import { beginPhase, endPhase } from '../../../db/runs/run-phases';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import { requestCancel } from '../../../db/runs/request-cancel';
import { claimRun, enqueueRun } from '../../../db/runs/run-queue';
import { startRun } from '../../../db/runs/start-run';
import { markAllUnsure, pinSnapshot } from '../../../db/snapshot/snapshot-store';
import { indexBytes } from '../../../diff/journal-batch';
import { entryBytes } from '../../../diff/bytes/packed-words';
import { zeroCounts } from '../../../domain/counts';
import { failureOf } from '../../../domain/failure';
import type { EndingKind } from '../../../domain/outcome';
import type { Phase } from '../../../domain/phase';
import { rowOperation, rowOutcome } from '../../../domain/row-outcome';
import type { RunKind } from '../../../domain/run';
import { canMove } from '../../../domain/run-transitions';
import {
  admitNext,
  type BatchModel,
  end,
  endOf,
  inTheWay,
  isFinal,
  isLive,
  type RunModel,
  type SyncModel,
} from './model';

const tried = { retried: true };

const identity = {
  hash: 'h',
  keyColumns: ['id'],
  keyTypes: ['text'],
  keyMatch: 'exact',
  destinationId: 'd',
  object: {},
};

// What a destination answers to a row of a write, and to one of a delete.
const writeOutcomes = [rowOutcome.created, rowOutcome.updated, rowOutcome.skipped, rowOutcome.failed];
const deleteOutcomes = [rowOutcome.deleted, rowOutcome.skipped, rowOutcome.failedUnsure, rowOutcome.failed];

export class RunWorld {
  /** How often each thing was met; a test of random sequences has to have met all of them. */
  constructor(
    private readonly knex: Knex,
    private readonly met: Map<string, number>,
  ) {}

  async enqueue(sync: SyncModel, kind: RunKind): Promise<void> {
    const queued = await enqueueRun(this.knex, {
      workspaceId: sync.workspaceId,
      syncId: sync.id,
      trigger: 'api',
      kind,
      triggeredBy: null,
      note: null,
      allowDeletes: false,
    });
    const run = this.added(sync, kind, queued.runId);
    expect(queued.admitted).toBe(sync.holder === run);
  }

  /** A schedule's workflow asks for its run, as often as it is retried; what is refused leaves no run behind. */
  async slot(sync: SyncModel, slotNo: number): Promise<void> {
    const { id: syncId, workspaceId } = sync;
    const workflowId = `sync/${syncId}-${slotNo}`;
    const slotAt = new Date(Date.UTC(2026, 0, 1, slotNo));
    const queued = await enqueueSlot(this.knex, { workspaceId, syncId, workflowId, slotAt });
    const known = sync.runs.find(({ id }) => 'runId' in queued && id === queued.runId);
    const refusedBy = sync.refusedSlots.get(workflowId) ?? (known ? null : (inTheWay(sync)?.id ?? null));
    if (refusedBy !== null) {
      expect(queued).toEqual({ skipped: 'overlap', blockingRun: refusedBy });
      sync.refusedSlots.set(workflowId, refusedBy);
      return this.note(`slot refused by ${sync.overlapPolicy}`);
    }
    if ('skipped' in queued) throw new Error(`slot ${slotNo} was refused: ${queued.skipped}`);
    const run = known ?? this.added(sync, 'normal', queued.runId, true);
    expect(queued.admitted).toBe(sync.holder === run);
    return this.note(known ? 'slot again' : 'slot');
  }

  async claim(run: RunModel, executionRunId: string): Promise<void> {
    const claimed = await claimRun(this.knex, run.id, { runId: executionRunId, firstRunId: 'first' });
    expect(claimed).toMatchObject({
      admitted: run.sync.holder === run,
      closed: isFinal(run),
      cancelRequested: run.isCancelRequested,
    });
  }

  async requestCancel(run: RunModel): Promise<void> {
    const { id: syncId, workspaceId } = run.sync;
    const found = await requestCancel(this.knex, { workspaceId, syncId, runId: run.id, by: 'somebody' });
    expect(found?.status).toBe(run.status);
    run.isCancelRequested ||= !isFinal(run);
  }

  async start(run: RunModel): Promise<void> {
    if (isFinal(run)) return this.refused(startRun(this.knex, run.id), RunAlreadyClosedError, 'start closed');
    const started = await startRun(this.knex, run.id);
    expect(started !== null).toBe(run.sync.holder === run);
    this.note(!started ? 'start without lease' : run.status === 'running' ? 'start again' : 'start');
    if (started) run.status = 'running';
    return undefined;
  }

  /** An attempt at a phase begins; whatever attempt was at work before is fenced from here on. */
  async begin(run: RunModel, phase: Phase): Promise<void> {
    const { knex } = this;
    const beginning = (): Promise<Fence> => knex.transaction((trx) => beginPhase(trx, run.id, phase, tried));
    if (isFinal(run)) return this.refused(beginning(), RunAlreadyClosedError, 'begin closed');
    if (run.sync.holder !== run) return this.refused(beginning(), FencedError, 'begin without lease');
    if (run.status !== 'running') return undefined;
    if (phase === 'query') return this.beginQuery(run);
    if (phase === 'change_detection' && !run.journal?.isPublished) return undefined;
    if (phase === 'destination_writes' && (run.plan === null || run.kind === 'dry_run')) return undefined;
    run.fences.push(await beginning());
    return undefined;
  }

  private async beginQuery(run: RunModel): Promise<void> {
    const { sync } = run;
    const fence = await this.knex.transaction(async (trx) => {
      const begun = await beginPhase(trx, run.id, 'query', tried);
      if (run.journal?.isPublished) {
        await endPhase(trx, run.id, 'query');
        return begun;
      }
      await pinSnapshot(trx, begun, identity, false, run.kind === 'dry_run');
      await openJournal(trx, begun);
      if (run.kind === 'full_resync') await markAllUnsure(trx, begun);
      return begun;
    });
    run.fences.push(fence);
    if (run.journal?.isPublished) return;
    run.journal = { epoch: fence.epoch, unchanged: 2, skipped: 1, journalled: 8, isPublished: false };
    sync.hasSnapshot ||= run.kind !== 'dry_run';
    const isMarked = sync.deltas.some(({ runId, kind }) => runId === run.id && kind === 'all_unsure');
    if (run.kind === 'full_resync' && !isMarked) {
      sync.deltas.push({ runId: run.id, kind: 'all_unsure', outcomes: null, rows: 0 });
    }
    await appendJournalBatch(this.knex, fence, {
      firstLine: 0,
      lines: 8,
      data: Buffer.from('row\n'.repeat(8)),
      index: Buffer.alloc(8 * indexBytes),
    });
  }

  async publishJournal(run: RunModel, fence: Fence): Promise<void> {
    const { journal } = run;
    const publishing = (): Promise<void> =>
      publishJournal(this.knex, fence, {
        columns: [{ name: 'id', type: 'text', json: 'string' }],
        snapshotVersion: 1,
        snapshotDelta: 0,
        snapshotRows: 0,
        linesRead: 11,
        unchanged: 2,
        skipped: 1,
        journalled: 8,
        unseen: 0,
        passes: 1,
        marks: null,
      });
    if (!isLive(run, fence)) return this.refused(publishing(), FencedError, 'stale journal');
    if (!journal || journal.isPublished || journal.epoch !== fence.epoch) return undefined;
    await publishing();
    journal.isPublished = true;
    return undefined;
  }

  /** Two write batches and a delete batch; `failed` rows are refused by the plan itself. */
  async publishPlan(run: RunModel, fence: Fence, failed: number, held: number): Promise<void> {
    const batches = plannedBatches(8 - failed);
    const publishing = (): Promise<unknown> =>
      publishPlan(
        this.knex,
        fence,
        {
          skipped: 0,
          failed,
          plannedDeletes: 3 + held,
          creates: 8 - failed,
          updates: 0,
          deletes: 3,
        },
        batches.map((batch) => newBatch(batch)),
        onePage(Array.from({ length: failed }, (_, at) => aRowError(900_000 + at))),
        () => [],
      );
    if (!isLive(run, fence)) return this.refused(publishing(), FencedError, 'stale plan');
    if (!run.journal?.isPublished || run.plan) return undefined;
    await publishing();
    run.plan = { skipped: 0, failed, plannedDeletes: 3 + held, skippedDeletes: held };
    run.batches = batches;
    return undefined;
  }

  async send(run: RunModel, fence: Fence, batch: BatchModel, transactionId: string | null): Promise<void> {
    const sending = markSent(this.knex, fence, {
      batchNo: batch.batchNo,
      entries: Buffer.alloc(batch.rows * entryBytes, batch.batchNo),
      operations: Buffer.alloc(batch.rows, operationOf(batch)),
      rowKeys: Buffer.from('key\n'.repeat(batch.rows)),
      transactionId,
      deadlineMs: 60_000,
    });
    if (!isLive(run, fence)) return this.refused(sending, FencedError, 'stale send');
    await sending;
    if (batch.state === 'acked') return undefined;
    if (batch.state === 'sent' && batch.transactionId === null) batch.isLate = true;
    Object.assign(batch, { state: 'sent', transactionId, stored: null });
    return undefined;
  }

  /** Stores the answers of a transaction that is about to be committed. */
  async store(run: RunModel, fence: Fence, batch: BatchModel, seed: number): Promise<void> {
    const outcomes = answerOf(batch, seed);
    const storing = storeAnswers(this.knex, fence, [
      { batchNo: batch.batchNo, outcomes, rowErrors: errorsOf(batch, outcomes), callMs: [1] },
    ]);
    if (!isLive(run, fence)) return this.refused(storing, FencedError, 'stale answers');
    await storing;
    if (batch.state === 'sent') batch.stored = outcomes;
    return undefined;
  }

  async acknowledge(run: RunModel, fence: Fence, batch: BatchModel, seed: number): Promise<void> {
    // No COMMIT without stored answers, and what was stored is what was committed.
    if (isLive(run, fence) && batch.transactionId !== null && !batch.stored) {
      await this.store(run, fence, batch, seed);
    }
    const outcomes = batch.stored ?? answerOf(batch, seed);
    const acknowledging = ackBatches(this.knex, fence, [
      { batchNo: batch.batchNo, outcomes, rowErrors: errorsOf(batch, outcomes), callMs: [] },
    ]);
    if (!isLive(run, fence)) return this.refused(acknowledging, FencedError, 'stale acknowledgement');
    await acknowledging;
    if (batch.state !== 'sent') return undefined;
    Object.assign(batch, { state: 'acked', outcomes, stored: null });
    this.note('acknowledged');
    return undefined;
  }

  async takeBack(run: RunModel, fence: Fence, batch: BatchModel): Promise<void> {
    const taking = takeBack(this.knex, fence, [batch.batchNo]);
    if (!isLive(run, fence)) return this.refused(taking, FencedError, 'stale take-back');
    await taking;
    if (batch.state === 'sent') Object.assign(batch, { state: 'planned', transactionId: null, stored: null });
    return undefined;
  }

  async close(run: RunModel, ending: EndingKind): Promise<void> {
    const failure = ending === 'failed' ? failureOf('rate_limit_exceeded') : null;
    await this.closeWith(run, ending, true, () => closeRun(this.knex, run.id, { kind: ending, failure }));
  }

  async closeAsInternal(run: RunModel): Promise<void> {
    await this.closeWith(run, 'failed', false, () => closeAsInternal(this.knex, run.id, 'broken'));
  }

  private async closeWith(
    run: RunModel,
    ending: EndingKind,
    isProof: boolean,
    closing: () => Promise<ClosedRun>,
  ): Promise<void> {
    const isRepeated = isFinal(run);
    if (!isRepeated) {
      const ended = endOf(run, ending, isProof);
      // A dry run that has not even started has planned nothing, whatever its closer believes.
      if (!canMove(run.status, ended.status)) return this.refused(closing(), Error, 'impossible end');
      end(run, ended);
    }
    const closed = await closing();
    const { status, outcome, counts, sync } = run;
    expect(closed).toMatchObject({ status, outcome, counts, next: sync.holder && { runId: sync.holder.id } });
    this.note(isRepeated ? 'close again' : `${status} ${outcome}`);
    return undefined;
  }

  private added(sync: SyncModel, kind: RunKind, id: string, isScheduled = false): RunModel {
    const run: RunModel = {
      id,
      sync,
      queueNo: sync.runs.length + 1,
      kind,
      isScheduled,
      status: 'queued',
      outcome: null,
      fences: [],
      journal: null,
      plan: null,
      batches: [],
      counts: { ...zeroCounts },
      isCancelRequested: false,
      print: null,
    };
    sync.runs.push(run);
    admitNext(sync);
    return run;
  }

  private async refused(
    trying: Promise<unknown>,
    error: new (message?: string) => Error,
    what: string,
  ): Promise<undefined> {
    this.note(what);
    await expect(trying).rejects.toThrow(error);
    return undefined;
  }

  private note(what: string): void {
    this.met.set(what, (this.met.get(what) ?? 0) + 1);
  }
}

function plannedBatches(writes: number): BatchModel[] {
  const untouched = {
    state: 'planned',
    transactionId: null,
    stored: null,
    outcomes: null,
    isLate: false,
  } as const;
  return [
    { batchNo: 1, kind: 'write', rows: Math.ceil(writes / 2), ...untouched },
    { batchNo: 2, kind: 'write', rows: Math.floor(writes / 2), ...untouched },
    { batchNo: 3, kind: 'delete', rows: 3, ...untouched },
  ];
}

function operationOf({ kind }: BatchModel): number {
  return kind === 'write' ? rowOperation.create : rowOperation.delete;
}

function newBatch({ batchNo, kind, rows }: BatchModel): NewBatch {
  const isWrite = kind === 'write';
  return {
    batchNo,
    kind,
    creates: isWrite ? rows : 0,
    updates: 0,
    deletes: isWrite ? 0 : rows,
    lineFrom: isWrite ? (batchNo - 1) * 4 : null,
    lineTo: isWrite ? batchNo * 4 : null,
    operations: Buffer.alloc(rows, isWrite ? rowOperation.create : rowOperation.delete),
    entries: isWrite ? null : Buffer.alloc(rows * entryBytes),
    rowKeys: isWrite ? null : Buffer.from('key\n'.repeat(rows)),
  };
}

/** An answer for every row, drawn from what a destination may say. */
function answerOf({ kind, rows }: BatchModel, seed: number): Buffer {
  const words = kind === 'write' ? writeOutcomes : deleteOutcomes;
  return Buffer.from(Array.from({ length: rows }, (_, row) => words[(seed >> (2 * (row % 8))) % 4] ?? 0));
}

function errorsOf({ batchNo }: BatchModel, outcomes: Buffer): StoredRowError[] {
  return [...outcomes].flatMap((outcome, row) =>
    outcome >= rowOutcome.failed ? [aRowError(batchNo * 1_000 + row)] : [],
  );
}

function aRowError(rowNo: number): StoredRowError {
  return {
    rowNo,
    rowId: `u${rowNo}`,
    field: null,
    message: 'refused',
    rawValue: null,
    code: 'refused',
    origin: 'destination',
    operation: 'create',
  };
}

async function* onePage(errors: StoredRowError[]): AsyncGenerator<StoredRowError[]> {
  if (errors.length > 0) yield errors;
}
