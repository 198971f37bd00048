// Owns cutting planned deletes into numbered batches. Which rows are deleted is decided elsewhere.
import type { NewBatch } from '../../db/ledger/plan-store';
import type { StoredKeys } from '../../diff/snapshot/key-matcher';
import { entryBytes } from '../../diff/bytes/packed-words';
import { rowOperation } from '../../domain/row-outcome';

// 10,000 rows with keys of 80 bytes, more than most have. A writer has dozens of batches in memory, with their rows.
const batchBytes = 1024 * 1024;

/** Cuts rows into batches of at most `batchRows`, which end once they have a mebibyte, numbered from `firstBatchNo` on. */
export class DeleteCutter {
  private entries: Uint8Array[] = [];
  private keys: Buffer[] = [];
  private rows = 0;
  private bytes = 0;

  constructor(
    private readonly batchRows: number,
    private batchNo: number,
  ) {}

  /** Takes rows; gives the batches they fill. */
  *add({ entries, keys }: StoredKeys): Generator<NewBatch> {
    // What comes from here on belongs to no batch yet.
    let row = 0;
    let start = 0;
    const take = (rowEnd: number, end: number): void => {
      this.entries.push(entries.subarray(row * entryBytes, rowEnd * entryBytes));
      this.keys.push(keys.subarray(start, end));
      row = rowEnd;
      start = end;
    };
    for (let at = 0, end = 0; end < keys.length; at += 1) {
      const next = keys.indexOf(10, end) + 1;
      this.rows += 1;
      this.bytes += entryBytes + next - end;
      end = next;
      if (this.rows < this.batchRows && this.bytes < batchBytes) continue;
      take(at + 1, end);
      yield this.cut();
    }
    take(entries.length / entryBytes, keys.length);
  }

  /** The batch that is not full. */
  *finish(): Generator<NewBatch> {
    if (this.rows > 0) yield this.cut();
  }

  private cut(): NewBatch {
    const cut: NewBatch = {
      batchNo: this.batchNo,
      kind: 'delete',
      creates: 0,
      updates: 0,
      deletes: this.rows,
      lineFrom: null,
      lineTo: null,
      operations: Buffer.alloc(this.rows, rowOperation.delete),
      entries: Buffer.concat(this.entries),
      rowKeys: Buffer.concat(this.keys),
    };
    this.batchNo += 1;
    this.entries = [];
    this.keys = [];
    this.rows = this.bytes = 0;
    return cut;
  }
}
