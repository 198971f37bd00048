// Owns having one range of a pinned snapshot in memory at a time, as the run's passes had them. What is done with it is others'.
import type { Database } from '../../db/connect';
import type { SnapshotPin } from '../../db/snapshot/snapshot-store';
import { keyRanges } from '../../diff/keys/key-range';
import { type Marks, ordinalsOf } from '../../diff/snapshot/marks';
import type { PackedSnapshot } from '../../diff/snapshot/packed-snapshot';
import { marksOfPass, ordinalsAfter } from '../../diff/sieve/passes';
import { loadSnapshot } from '../load-snapshot';

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

  /** Each range in turn. What was yielded is gone when the next one comes. */
  async *all(): AsyncGenerator<MarkedSnapshot> {
    for (let at = 0; at < this.passes; at += 1) yield this.at(at);
  }

  /** One range by its number; those before it must have been had once. What came before is gone. */
  async at(at: number): Promise<MarkedSnapshot> {
    const before = this.ordinalsBefore[at];
    if (before === undefined) throw new Error(`range ${at} of a snapshot before the one in front of it`);
    const snapshot = await this.load(at);
    this.ordinalsBefore[at + 1] = ordinalsAfter(before, snapshot.ordinals);
    return { snapshot, marks: marksOfPass(this.marks, before, snapshot.ordinals) };
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
