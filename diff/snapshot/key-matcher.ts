// Owns finding the stored key values of snapshot entries and proving that they belong to them.
import type { KeyMatch } from '../../domain/sync';
import type { Hasher, KeyHash } from '../hasher';
import type { PackedSnapshot } from './packed-snapshot';
import { entryBytes, entryWords, packedWords } from '../bytes/packed-words';

/** Packed entries of one chunk or delta and beside them the key columns of each, one COPY text line an entry. */
export interface StoredKeys {
  readonly entries: Uint8Array;
  readonly keys: Buffer;
}

/** Key lines that were found: `data` holds one line, with newline, for each ordinal. */
export interface MatchedKeys {
  readonly ordinals: Int32Array;
  readonly data: Buffer;
}

/** The snapshot the ordinals are of, and how its keys were hashed. */
export interface KeyMatcherInput {
  readonly hasher: Hasher;
  readonly keyMatch: KeyMatch;
  readonly snapshot: PackedSnapshot;
  /** Ordinals whose key values are needed, each once. */
  readonly wanted: Int32Array;
}

/** Feed it stored keys until all wanted ones are matched; what is left in the end must not be deleted. */
export class KeyMatcher {
  /** Wanted ordinals for which no key line was found so far that hashes to their entry's hash. */
  unmatched: number;
  private readonly snapshot: PackedSnapshot;
  private readonly keyHash: KeyHash;
  /** One bit an ordinal that is still wanted. */
  private readonly wanted: Uint8Array;

  constructor({ hasher, keyMatch, snapshot, wanted }: KeyMatcherInput) {
    this.snapshot = snapshot;
    this.keyHash = keyMatch === 'lower' ? hasher.lowerKeyHash : hasher.keyHash;
    this.unmatched = wanted.length;
    this.wanted = new Uint8Array((snapshot.ordinals + 7) >> 3);
    for (const ordinal of wanted) this.wanted[ordinal >> 3]! |= 1 << (ordinal & 7);
  }

  /** Wanted ordinals whose key line is here and hashes to their entry's key hash; each is given once over all calls. */
  match({ entries, keys }: StoredKeys): MatchedKeys {
    const words = packedWords(entries, entryBytes);
    const hash = new Uint32Array(4);
    const ordinals: number[] = [];
    const lines: Buffer[] = [];
    let start = 0;
    for (let at = 0; at < words.length; at += entryWords) {
      const end = keys.indexOf(10, start);
      if (end < 0) throw new Error('fewer stored keys than entries');
      const ordinal = this.snapshot.find(words[at]!, words[at + 1]!, words[at + 2]!, words[at + 3]!);
      if (ordinal >= 0 && this.isWanted(ordinal)) {
        this.keyHash(keys, start, end, hash, 0);
        if (hash.every((word, i) => word === words[at + i])) {
          this.wanted[ordinal >> 3]! &= ~(1 << (ordinal & 7));
          this.unmatched--;
          ordinals.push(ordinal);
          lines.push(keys.subarray(start, end + 1));
        }
      }
      start = end + 1;
    }
    if (start !== keys.length) throw new Error('more stored keys than entries');
    return { ordinals: Int32Array.from(ordinals), data: Buffer.concat(lines) };
  }

  private isWanted(ordinal: number): boolean {
    return ((this.wanted[ordinal >> 3]! >> (ordinal & 7)) & 1) === 1;
  }
}
