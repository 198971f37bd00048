// Owns the second try of rows that another row was in the way of, within the run's one transaction. Stores nothing.
import type { BatchAnswer, Lane } from '../../connectors/destination';
import type { LedgerAnswer, LedgerBatch } from '../../db/ledger/batch-ledger';
import { rowOutcome } from '../../domain/row-outcome';
import type { Delivery } from './delivery';
import { onlyRows } from './outgoing-batch';

/** A written batch with rows (by their place in it) whose unique value another row held at that moment. */
interface TakenRows {
  readonly batch: LedgerBatch;
  readonly rows: readonly number[];
}

/**
 * Gathers such rows while a run is written, and tries them once more when all of it is: the row in their way may have
 * been deleted or changed by then. Rows are read from the journal again, so nothing of them is held meanwhile.
 */
export class SecondTry {
  private readonly taken: TakenRows[] = [];

  note(batch: LedgerBatch, { refusals }: BatchAnswer): void {
    const rows = refusals.filter(({ isTaken }) => isTaken).map(({ row }) => row);
    if (batch.kind === 'write' && rows.length > 0) this.taken.push({ batch, rows });
  }

  /** The answers as they are after the second try: a row that passes loses its row error, the others say what is now. */
  async made(delivery: Delivery, lane: Lane, answers: readonly LedgerAnswer[]): Promise<LedgerAnswer[]> {
    const made = new Map(answers.map((answer) => [answer.batchNo, answer]));
    if (answers.some(({ outcomes }) => freesValues(outcomes))) {
      for (const { batch, rows } of this.taken) {
        delivery.input.attempt.signal.throwIfAborted();
        const again = onlyRows(await delivery.prepareOne(batch), rows);
        const answer = delivery.toLedger(again, await lane.write(again.outgoing, delivery.callSignal));
        const first = made.get(batch.batchNo);
        if (first) made.set(batch.batchNo, amended(first, rows, again.rowNos, answer));
      }
    }
    return [...made.values()];
  }
}

/** A value can only have become free by a row that was changed or deleted. */
function freesValues(outcomes: Uint8Array): boolean {
  return outcomes.includes(rowOutcome.updated) || outcomes.includes(rowOutcome.deleted);
}

function amended(
  first: LedgerAnswer,
  rows: readonly number[],
  rowNos: Float64Array,
  again: LedgerAnswer,
): LedgerAnswer {
  const outcomes = Buffer.from(first.outcomes);
  rows.forEach((row, at) => {
    outcomes[row] = again.outcomes[at] ?? rowOutcome.failed;
  });
  const retried = new Set(rowNos);
  const rowErrors = [...first.rowErrors.filter(({ rowNo }) => !retried.has(rowNo)), ...again.rowErrors];
  rowErrors.sort((one, other) => one.rowNo - other.rowNo);
  return { batchNo: first.batchNo, outcomes, rowErrors, callMs: [...first.callMs, ...again.callMs] };
}
