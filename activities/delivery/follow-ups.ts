// Owns which rows of a run of several transactions go once more, and sharing out a batch between them and the others.
import type { RowRefusal } from '../../connectors/destination';
import type { LedgerAnswer, LedgerBatch } from '../../db/ledger/batch-ledger';
import type { LedgerRows } from '../../db/ledger/follow-up-store';
import { entryBytes } from '../../diff/bytes/packed-words';
import { isSent, rowOperation, rowOutcome } from '../../domain/row-outcome';
import type { SyncMode } from '../../domain/sync';

/** A batch with its rows as they were sent. */
export type SentRows = Pick<LedgerBatch, 'batchNo' | 'lineFrom' | 'operations' | 'entries' | 'rowKeys'>;

const newline = 10;

/**
 * A row that another one was in the way of (a value that must be unique) goes once more when everything else is answered,
 * deletes included. Until then it is in no answer: it leaves its batch for a follow-up, whose number is the batch's beyond
 * all planned ones. What is refused in a follow-up stays refused.
 */
export class FollowUps {
  /** `areOpen`: whether there is one to deliver. */
  constructor(
    readonly plannedBatches: number,
    private readonly mode: SyncMode,
    public areOpen: boolean,
  ) {}

  /** The answer with those rows told in its row errors, so that they are known after a crash too. */
  note(batch: LedgerBatch, answer: LedgerAnswer, refusals: readonly RowRefusal[]): LedgerAnswer {
    // Where rows are only added none gives up a value.
    if (this.mode === 'insert' || batch.kind === 'delete' || batch.batchNo > this.plannedBatches)
      return answer;
    // One that may hold the new value all the same is no other row's matter any more.
    const goes = ({ row, isTaken }: RowRefusal): boolean =>
      isTaken === true && answer.outcomes[row] === rowOutcome.failed;
    if (!refusals.some(goes)) return answer;
    // The row errors are made of the refusals, in their order.
    const rowErrors = answer.rowErrors.map((error, at) => {
      const refusal = refusals[at];
      return refusal && goes(refusal) ? { ...error, isTaken: true } : error;
    });
    return { ...answer, rowErrors };
  }

  /** The answer without the rows that were noted; they move on. Their old row errors are forgotten. */
  moveOn(batch: SentRows, answer: LedgerAnswer): LedgerAnswer {
    const lines = new Set(answer.rowErrors.flatMap(({ rowNo, isTaken }) => (isTaken ? [rowNo] : [])));
    if (lines.size === 0) return answer;
    this.areOpen = true;
    return shareOut(batch, answer, lines, this.plannedBatches + batch.batchNo);
  }
}

function shareOut(
  { lineFrom, operations, entries, rowKeys }: SentRows,
  answer: LedgerAnswer,
  moves: ReadonlySet<number>,
  followUpNo: number,
): LedgerAnswer {
  if (lineFrom === null || !entries || !rowKeys) throw new Error(`batch ${answer.batchNo} carries no rows`);
  const kept: number[] = [];
  const moved: number[] = [];
  const movedLines: number[] = [];
  const keptOperations = Buffer.from(operations);
  const movedOperations = Buffer.alloc(operations.length, rowOperation.inOtherBatch);
  const sent: number[] = [];
  operations.forEach((operation, at) => {
    if (!isSent(operation)) return;
    const place = sent.push(operation) - 1;
    if (moves.has(lineFrom + at)) {
      moved.push(place);
      movedLines.push(at);
      movedOperations[at] = operation;
      keptOperations[at] = rowOperation.inOtherBatch;
    } else {
      kept.push(place);
    }
  });
  const [first = 0, last = 0] = [movedLines[0], movedLines.at(-1)];
  const keys = linesOf(rowKeys);
  const rowsOf = (places: readonly number[], lines: Buffer): LedgerRows => {
    const sentOperations = Buffer.from(places.map((place) => sent[place] ?? 0));
    const creates = sentOperations.filter((operation) => operation === rowOperation.create).length;
    return {
      creates,
      updates: places.length - creates,
      operations: lines,
      sentOperations,
      entries: Buffer.concat(
        places.map((place) => entries.subarray(place * entryBytes, (place + 1) * entryBytes)),
      ),
      rowKeys: Buffer.concat(places.map((place) => keys[place] ?? Buffer.alloc(0))),
    };
  };
  return {
    batchNo: answer.batchNo,
    outcomes: Buffer.from(kept.map((place) => answer.outcomes[place] ?? rowOutcome.unknown)),
    rowErrors: answer.rowErrors.filter(({ rowNo }) => !moves.has(rowNo)),
    callMs: answer.callMs,
    moved: {
      kept: rowsOf(kept, keptOperations),
      followUp: {
        batchNo: followUpNo,
        lineFrom: lineFrom + first,
        lineTo: lineFrom + last + 1,
        rows: rowsOf(moved, movedOperations.subarray(first, last + 1)),
      },
    },
  };
}

function linesOf(text: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let from = 0, end = 0; from < text.length; from = end) {
    end = text.indexOf(newline, from) + 1;
    lines.push(text.subarray(from, end));
  }
  return lines;
}
