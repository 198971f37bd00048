// Owns what must hold of runs, said once more without a database: queue, holder, journal, plan, ledger, deltas, ends.
import type { Fence } from '../../../db/runs/lease';
import { type RunCounts, zeroCounts } from '../../../domain/counts';
import { type EndingKind, verdictOf } from '../../../domain/outcome';
import { countOutcomes, rowOutcome } from '../../../domain/row-outcome';
import type { RunKind, RunOutcome, RunStatus } from '../../../domain/run';
import type { OverlapPolicy } from '../../../domain/schedule';

export interface BatchModel {
  readonly batchNo: number;
  readonly kind: 'write' | 'delete';
  readonly rows: number;
  state: 'planned' | 'sent' | 'acked';
  transactionId: string | null;
  /** Answers stored before a commit. */
  stored: Buffer | null;
  outcomes: Buffer | null;
  /** Sent again over a call without an answer: its late effect is waited for. */
  isLate: boolean;
}

export interface JournalModel {
  readonly epoch: number;
  readonly unchanged: number;
  readonly skipped: number;
  readonly journalled: number;
  isPublished: boolean;
}

export interface PlanModel {
  readonly skipped: number;
  readonly failed: number;
  readonly plannedDeletes: number;
  readonly skippedDeletes: number;
}

export interface RunModel {
  readonly id: string;
  readonly sync: SyncModel;
  readonly queueNo: number;
  readonly kind: RunKind;
  readonly isScheduled: boolean;
  status: RunStatus;
  outcome: RunOutcome | null;
  /** Every attempt there ever was; only the last one may write. */
  readonly fences: Fence[];
  journal: JournalModel | null;
  plan: PlanModel | null;
  batches: BatchModel[];
  counts: RunCounts;
  isCancelRequested: boolean;
  /** The whole row as it ended; never to change again. */
  print: string | null;
}

/** A change of the snapshot: of which batch, with which answers (null: none came). */
export interface DeltaModel {
  readonly runId: string;
  readonly kind: 'batch' | 'all_unsure';
  readonly outcomes: string | null;
  readonly rows: number;
}

export interface SyncModel {
  readonly id: string;
  readonly workspaceId: string;
  readonly runs: RunModel[];
  holder: RunModel | null;
  hasSnapshot: boolean;
  readonly deltas: DeltaModel[];
  /** Whether the sync's next run has to wait for calls that may still land. */
  mustWait: boolean;
  readonly overlapPolicy: OverlapPolicy;
  /** Workflows of slots that became no run, with the run that was in the way. */
  readonly refusedSlots: Map<string, string>;
}

export function aSyncModel(id: string, workspaceId: string, overlapPolicy: OverlapPolicy): SyncModel {
  return {
    id,
    workspaceId,
    runs: [],
    holder: null,
    hasSnapshot: false,
    deltas: [],
    mustWait: false,
    overlapPolicy,
    refusedSlots: new Map(),
  };
}

/** The run that keeps a slot from becoming one; null when none does. */
export function inTheWay({ runs, holder, overlapPolicy }: SyncModel): RunModel | null {
  if (overlapPolicy === 'queue_all') return null;
  const open = runs.filter((run) => !isFinal(run));
  const waits = (run: RunModel): boolean => run.isScheduled && run.status === 'queued' && run !== holder;
  return (overlapPolicy === 'skip' ? open[0] : open.find(waits)) ?? null;
}

export function isFinal(run: RunModel): boolean {
  return run.status !== 'queued' && run.status !== 'running';
}

/** Whether an attempt with this fence may still write. */
export function isLive(run: RunModel, fence: Fence): boolean {
  return run.sync.holder === run && run.fences.at(-1) === fence;
}

/** Gives a free lease to the oldest run that has not ended. */
export function admitNext(sync: SyncModel): void {
  sync.holder ??= sync.runs.find((run) => !isFinal(run)) ?? null;
}

/** What closing now would make of the run. `isProof` false: whatever the ledger says, it has failed. */
export function endOf(
  run: RunModel,
  ending: EndingKind,
  isProof: boolean,
): { status: RunStatus; outcome: RunOutcome; counts: RunCounts } {
  const counts = countsOf(run);
  const isPlanAnswered = run.plan !== null && run.batches.every((batch) => batch.state === 'acked');
  const verdict = verdictOf({ ending, kind: run.kind, planAnswered: isProof && isPlanAnswered, counts });
  return { ...verdict, counts };
}

/** Every row read or planned for deletion, in the one place it ended in. */
function countsOf({ journal, plan, batches }: RunModel): RunCounts {
  if (!journal?.isPublished) return { ...zeroCounts };
  const { unchanged, skipped, journalled } = journal;
  const counts = { ...zeroCounts, processed: unchanged + skipped + journalled, unchanged, skipped };
  if (!plan) return { ...counts, notAttempted: journalled };
  counts.skipped += plan.skipped + plan.skippedDeletes;
  counts.failed += plan.failed;
  counts.plannedDeletes = plan.plannedDeletes;
  for (const batch of batches) {
    if (batch.state === 'acked') {
      for (const [name, rows] of Object.entries(countOutcomes(batch.outcomes ?? Buffer.alloc(0)))) {
        counts[name as keyof RunCounts] += rows;
      }
    } else if (wasSent(batch)) counts.unknown += batch.rows;
    else counts.notAttempted += batch.rows;
  }
  return counts;
}

/** Sent and without an answer; a transaction without stored answers was certainly never committed. */
function wasSent(batch: BatchModel): boolean {
  return batch.state === 'sent' && (batch.transactionId === null || batch.stored !== null);
}

/** Ends the run in the model: deltas of what was sent, the lease to the next. */
export function end(
  run: RunModel,
  ending: { status: RunStatus; outcome: RunOutcome; counts: RunCounts },
): void {
  const { sync } = run;
  Object.assign(run, ending);
  for (const batch of run.batches) {
    const outcomes = batch.state === 'acked' ? (batch.outcomes?.toString('hex') ?? null) : null;
    if (wasSent(batch) || (batch.outcomes !== null && changesSomething(batch.outcomes))) {
      if (sync.hasSnapshot) sync.deltas.push({ runId: run.id, kind: 'batch', outcomes, rows: batch.rows });
    }
    if (batch.isLate || wasSent(batch)) sync.mustWait = true;
  }
  if (sync.holder === run) sync.holder = null;
  admitNext(sync);
}

function changesSomething(outcomes: Buffer): boolean {
  return outcomes.some((outcome) => outcome !== rowOutcome.failed);
}
