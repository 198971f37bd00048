// Owns the numbers of a run's rows, which their row errors go by: a line's place in the journal, and deletes after all lines.
import { isSent } from './row-outcome';

// Deletes come after every line a journal can hold.
const deletesFrom = 2 ** 44;

/** Number of the row at `place` of a delete batch. A batch never has a million rows: numbers stay apart and in order. */
export function deletedRowNo(batchNo: number, place: number): number {
  return deletesFrom + batchNo * 1_000_000 + place;
}

/** Number of the row that went out at `place` of a write batch, whose lines begin at `lineFrom`; null when there is none. */
export function writtenRowNo(lineFrom: number, operations: Uint8Array, place: number): number | null {
  let sent = -1;
  for (let line = 0; line < operations.length; line += 1) {
    if (isSent(operations[line] ?? 0)) sent += 1;
    if (sent === place) return lineFrom + line;
  }
  return null;
}
