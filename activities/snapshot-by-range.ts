// Owns having one range of a pinned snapshot in memory at a time, as the run's passes had them. What is done with it is others'.
import type { Database } from '../db/connect';
import type { SnapshotPin } from '../db/snapshot/snapshot-store';
import { keyRanges } from '../diff/key-range';
import { type Marks, ordinalsOf } from '../diff/marks';
import type { PackedSnapshot } from '../diff/packed-snapshot';
import { marksOfPass, ordinalsAfter } from '../diff/passes';
import { loadSnapshot } from './load-snapshot';

/** A range of the snapshot, and the marks of its ordinals. */
export interface MarkedSnapshot {
  readonly snapshot: PackedSnapshot;
  readonly marks: Marks;
}

/** The snapshot's ranges, loaded in order; the last one stays, so that a snapshot of one range is loaded once. */
export class SnapshotByRange {
  private loaded: { readonly at: number; readonly snapshot: PackedSnapshot } | null = null;
  /** First ordinal of each range among those of all, as far as it is known. */
  private readonly ordinalsBefore = [0];

  constructor(
    private readonly knex: Database,
    private readonly syncId: string,
    private readonly pin: Pick<SnapshotPin, 'version' | 'lastDelta'>,
    private readonly marks: Marks,
    private readonly passes: number,
    private readonly signal: AbortSignal,
  ) {}

  /** Calls `work` with each range in turn. */
  async forEach(work: (part: MarkedSnapshot, at: number) => Promise<void> | void): Promise<void> {
    for (let at = 0; at < this.passes; at += 1) {
      const snapshot = await this.load(at);
      const before = this.ordinalsBefore[at] as number;
      this.ordinalsBefore[at + 1] = ordinalsAfter(before, snapshot.ordinals);
      await work({ snapshot, marks: marksOfPass(this.marks, before, snapshot.ordinals) }, at);
    }
  }

  /** Gives the memory back. */
  release(): void {
    this.loaded?.snapshot.release();
    this.loaded = null;
  }

  private async load(at: number): Promise<PackedSnapshot> {
    if (this.loaded?.at === at) return this.loaded.snapshot;
    this.release();
    const range = keyRanges(this.passes)[at];
    // As many ordinals as have marks, those of removed rows among them.
    const pin = { ...this.pin, rows: ordinalsOf(this.marks) };
    const snapshot = await loadSnapshot(this.knex, this.syncId, pin, this.signal, range);
    this.loaded = { at, snapshot };
    return snapshot;
  }
}
