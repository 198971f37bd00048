// Owns several passes over one model as one result: lines and ordinals go on from pass to pass, counts add up.
import type { KeyRange } from '../keys/key-range';
import type { Marks } from '../snapshot/marks';
import type { SievePass, SieveResult } from './sieve-input';

/**
 * Where the ordinals of the next pass begin. At a multiple of four, so that the marks of a pass are whole bytes and those
 * of all passes one after the other.
 */
export function ordinalsAfter(before: number, ordinals: number): number {
  return before + 4 * Math.ceil(ordinals / 4);
}

/** The marks of one pass among those of all; its ordinals count from 0 there. */
export function marksOfPass(marks: Marks, ordinalsBefore: number, ordinals: number): Marks {
  return marks.subarray(ordinalsBefore / 4, Math.ceil((ordinalsBefore + ordinals) / 4));
}

// Every pass sees all lines, so these are not added up; all other counts are of a pass's own lines.
type PassCounts = Omit<SieveResult, 'marks' | 'linesSeen' | 'keySum'>;

const addedUp = [
  'linesRead',
  'unchanged',
  'skipped',
  'identicalCopies',
  'knownSkipped',
  'missingSkipped',
  'journalled',
  'refusedNullKey',
  'refusedTooLarge',
  'unseen',
] as const satisfies readonly (keyof PassCounts)[];

/** Adds up passes, one after the other. */
export class Passes {
  /** Whether all passes so far saw as many lines, and lines of the same keys: else none of them may be believed. */
  agree = true;
  private ordinals = 0;
  private marks: Marks[] = [];
  private sum: PassCounts | null = null;
  private first: Pick<SieveResult, 'linesSeen' | 'keySum'> | null = null;

  /** The next pass, over this range. */
  next(range: KeyRange): SievePass {
    return { range, linesBefore: this.sum?.journalled ?? 0, ordinalsBefore: this.ordinals };
  }

  /** Lines that the passes so far took as their own. */
  get linesRead(): number {
    return this.sum?.linesRead ?? 0;
  }

  /** Whether together they took as many lines as there are. */
  get isWhole(): boolean {
    return this.linesRead === this.first?.linesSeen;
  }

  add(pass: SieveResult): void {
    const { sum } = this;
    this.first ??= pass;
    this.agree &&= pass.linesSeen === this.first.linesSeen && pass.keySum === this.first.keySum;
    this.sum = Object.fromEntries(
      addedUp.map((count) => [count, (sum?.[count] ?? 0) + pass[count]]),
    ) as PassCounts;
    this.marks.push(pass.marks);
    this.ordinals += 4 * pass.marks.length;
  }

  /** What all passes together came to. */
  result(): Omit<SieveResult, 'linesSeen' | 'keySum'> {
    if (!this.sum) throw new Error('no pass was made');
    const [only] = this.marks;
    const marks = this.marks.length === 1 && only ? only : Buffer.concat(this.marks);
    return { ...this.sum, marks };
  }
}
