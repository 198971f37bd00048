// Owns the plan of a run's writes: what is done with every journalled line, and in which batches. Deletes are apart.
import { rowOperation } from '../../domain/row-outcome';
import type { RowOperation } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';
import { cutBatches } from './cut-batches';
import type { PlannedBatch } from './cut-batches';
import { keyRanges } from '../keys/key-range';
import type { KeySet } from '../keys/key-set';
import { LineTable } from './line-table';
import type { IndexedStretch } from './line-table';
import type { Marks } from '../snapshot/marks';

/** The journal's indexes and what the sieve left beside them. */
export interface PlanInput {
  /** In journal order, without a gap; read once for each range. */
  indexes(): AsyncIterable<IndexedStretch> | Iterable<IndexedStretch>;
  /** Ranges of keys to work in, one after the other, to bound memory: a power of two. Default: one. */
  readonly ranges?: number;
  /** As the sieve left them. */
  readonly marks: Marks;
  readonly mode: SyncMode;
  /** Most rows sent in one batch. */
  readonly batchRows: number;
  /** Most bytes of lines sent in one batch; a longer line stands alone, and it covers twice as many at most. Default 4 MiB. */
  readonly batchBytes?: number;
  /** Journalled lines, to size memory at once; need not be exact. */
  readonly expectedLines?: number;
  /** Keys a retry is about: lines of any other key are skipped, neither sent nor refused. Absent or null: every key. */
  readonly scope?: KeySet | null;
}

/** Journalled lines by what is done with them. */
export interface PlanCounts {
  readonly creates: number;
  readonly updates: number;
  /** Identical copies of a line that is sent. */
  readonly skippedCopies: number;
  /** Lines whose key is out of the retry's scope. */
  readonly skippedOutOfScope: number;
  readonly refused: number;
}

/** journalled lines = creates + updates + skippedCopies + skippedOutOfScope + refused. */
export interface WritePlan {
  readonly batches: readonly PlannedBatch[];
  /** One rowOperation for every journalled line. */
  readonly operations: Uint8Array;
  readonly counts: PlanCounts;
  refusals(): IterableIterator<{ readonly line: number; readonly operation: RowOperation }>;
}

// Twice what 10,000 common rows take. Every lane has one batch in work and one fetched, with copies of each on the way.
const defaultBatchBytes = 4 * 1024 * 1024;

/** Plans every journalled line. The verdict on a key does not depend on the order of its copies. */
export async function planChanges(input: PlanInput): Promise<WritePlan> {
  const lines = new LineTable(input.mode, input.marks, input.expectedLines ?? 0, input.scope ?? null);
  for (const range of keyRanges(input.ranges ?? 1)) {
    lines.begin(range);
    for await (const stretch of input.indexes()) lines.add(stretch);
    lines.decide();
  }
  const operations = lines.verdicts();
  const batchBytes = input.batchBytes ?? defaultBatchBytes;
  const batches = cutBatches(operations, lines.sizes, input.batchRows, batchBytes);
  lines.release();
  return {
    batches,
    operations,
    counts: countOperations(operations),
    *refusals() {
      for (let line = 0; line < operations.length; line++) {
        const operation = operations[line]! as RowOperation;
        if (operation >= rowOperation.refuseDuplicateKey) yield { line, operation };
      }
    },
  };
}

function countOperations(operations: Uint8Array): PlanCounts {
  const byCode = new Uint32Array(256);
  for (const operation of operations) byCode[operation]!++;
  const creates = byCode[rowOperation.create]!;
  const updates = byCode[rowOperation.update]!;
  const skippedCopies = byCode[rowOperation.skipCopy]!;
  const skippedOutOfScope = byCode[rowOperation.skipOutOfScope]!;
  const refused = operations.length - creates - updates - skippedCopies - skippedOutOfScope;
  return { creates, updates, skippedCopies, skippedOutOfScope, refused };
}
