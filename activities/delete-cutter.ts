// Owns cutting planned deletes into numbered batches. Which rows are deleted is decided elsewhere.
import type { NewBatch } from '../db/ledger/plan-store';
import { rowOperation } from '../domain/row-outcome';

/** Collects key lines into batches of at most `batchRows`, numbered from `firstBatchNo` on. */
export class DeleteCutter {
  private readonly batches: NewBatch[] = [];
  private entries: Buffer[] = [];
  private keys: Buffer[] = [];

  constructor(
    private readonly batchRows: number,
    private readonly firstBatchNo: number,
  ) {}

  add(entry: Buffer, key: Buffer): void {
    this.entries.push(entry);
    this.keys.push(key);
    if (this.keys.length === this.batchRows) this.cut();
  }

  finish(): readonly NewBatch[] {
    this.cut();
    return this.batches;
  }

  private cut(): void {
    if (this.keys.length === 0) return;
    this.batches.push({
      batchNo: this.firstBatchNo + this.batches.length,
      kind: 'delete',
      creates: 0,
      updates: 0,
      deletes: this.keys.length,
      lineFrom: null,
      lineTo: null,
      operations: Buffer.alloc(this.keys.length, rowOperation.delete),
      entries: Buffer.concat(this.entries),
      rowKeys: Buffer.concat(this.keys),
    });
    this.entries = [];
    this.keys = [];
  }
}
