// Owns a set of row keys by their 128-bit hash, held in one block of memory; where the keys come from is the caller's.

const keyWords = 4;
const smallestTable = 64;
// Four slots for three keys: 16 bytes a key become 21, and a probe looks at two or three slots.
const fullestTable = 0.75;

/** About 21 bytes a key when `expected` is right, up to 43 when the set had to grow. Adding a key twice is once. */
export class KeySet {
  private table: Uint32Array<ArrayBuffer>;
  private slots: number;
  private used = 0;
  /** Zero marks a free slot, and is the hash that lines without a key carry: kept apart. */
  private hasZero = false;

  constructor(expected = 0) {
    this.slots = Math.max(smallestTable, Math.ceil(expected / fullestTable) + 1);
    this.table = new Uint32Array(this.slots * keyWords);
  }

  get size(): number {
    return this.used + (this.hasZero ? 1 : 0);
  }

  /** Adds the key hash at `words[at..at+4)`. */
  add(words: Uint32Array, at: number): void {
    if (isZero(words, at)) {
      this.hasZero = true;
      return;
    }
    const found = this.find(words, at);
    if (found >= 0) return;
    if (this.used + 1 > this.slots * fullestTable) {
      this.grow();
      this.add(words, at);
      return;
    }
    const start = ~found * keyWords;
    for (let word = 0; word < keyWords; word += 1) this.table[start + word] = words[at + word]!;
    this.used += 1;
  }

  /** Whether the key hash at `words[at..at+4)` is in the set; all zero asks for lines without a key. */
  has(words: Uint32Array, at: number): boolean {
    return isZero(words, at) ? this.hasZero : this.find(words, at) >= 0;
  }

  /** The key's slot; the complement of the free slot it belongs into when it is not there. */
  private find(words: Uint32Array, at: number): number {
    const { table, slots } = this;
    let slot = words[at]! % slots;
    for (;;) {
      const start = slot * keyWords;
      const isSame =
        table[start] === words[at] &&
        table[start + 1] === words[at + 1] &&
        table[start + 2] === words[at + 2] &&
        table[start + 3] === words[at + 3];
      if (isSame) return slot;
      if (isZero(table, start)) return ~slot;
      slot = slot + 1 === slots ? 0 : slot + 1;
    }
  }

  private grow(): void {
    const old = this.table;
    this.slots *= 2;
    this.table = new Uint32Array(this.slots * keyWords);
    this.used = 0;
    for (let at = 0; at < old.length; at += keyWords) if (!isZero(old, at)) this.add(old, at);
  }
}

function isZero(words: Uint32Array, at: number): boolean {
  return words[at] === 0 && words[at + 1] === 0 && words[at + 2] === 0 && words[at + 3] === 0;
}
