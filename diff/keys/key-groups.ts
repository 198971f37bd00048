// Owns finding which journalled lines share a row key; what becomes of a group is the plan's business.
import { giveBack } from '../bytes/give-back';
import { grow } from '../bytes/grow';

const smallestTable = 1024;
const fullestTable = 0.6;
const groupWords = 6;

/** Numbers packed entries by key hash; each group keeps the key and the fingerprint it was first seen with. */
export class KeyGroups {
  count = 0;
  private groups = new Uint32Array(0);
  /** Group + 1 by slot; 0 is free. */
  private table = new Int32Array(0);

  constructor(expected: number) {
    this.begin(expected);
  }

  /** Forgets all groups. There is room for so many, in the same memory where that was enough before. */
  begin(expected: number): void {
    this.count = 0;
    const words = Math.max(16, expected) * groupWords;
    if (this.groups.length < words) this.groups = new Uint32Array(words);
    let size = smallestTable;
    while (size * fullestTable < expected) size *= 2;
    if (this.table.length < size) this.table = new Int32Array(size);
    else this.table.fill(0);
  }

  get memoryBytes(): number {
    return this.groups.byteLength + this.table.byteLength;
  }

  /** Gives the memory back; it is not used any more afterwards. */
  release(): void {
    giveBack(this.groups, this.table);
  }

  /** Group of the entry at `entry[0..6)`; a new one when its number is the old `count`. */
  groupOf(entry: Uint32Array<ArrayBuffer>): number {
    const { groups, table } = this;
    const mask = table.length - 1;
    const k0 = entry[0]!;
    let slot = k0 & mask;
    for (; table[slot] !== 0; slot = (slot + 1) & mask) {
      const at = (table[slot]! - 1) * groupWords;
      if (
        groups[at] === k0 &&
        groups[at + 1] === entry[1] &&
        groups[at + 2] === entry[2] &&
        groups[at + 3] === entry[3]
      ) {
        return table[slot]! - 1;
      }
    }
    return this.add(entry, slot);
  }

  hasFingerprint(group: number, low: number, high: number): boolean {
    const at = group * groupWords;
    return this.groups[at + 4] === low && this.groups[at + 5] === high;
  }

  private add(entry: Uint32Array<ArrayBuffer>, slot: number): number {
    const group = this.count++;
    if (this.count * groupWords > this.groups.length) {
      this.groups = grow(this.groups, new Uint32Array(Math.ceil((this.count * 3) / 2) * groupWords));
    }
    this.groups.set(entry, group * groupWords);
    this.table[slot] = group + 1;
    if (this.count > this.table.length * fullestTable) this.growTable();
    return group;
  }

  private growTable(): void {
    const table = new Int32Array(this.table.length * 2);
    const mask = table.length - 1;
    for (let group = 0; group < this.count; group++) {
      let slot = this.groups[group * groupWords]! & mask;
      while (table[slot] !== 0) slot = (slot + 1) & mask;
      table[slot] = group + 1;
    }
    this.table = table;
  }
}
