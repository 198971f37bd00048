// Owns the two marks a run sets on a snapshot entry by ordinal; what follows from them is decided elsewhere.

/** A copy equal to the snapshot was read. */
export const markSame = 1;
/** A copy that has to be looked at, or that the mode does not look at, was read. */
export const markOther = 2;

/** Two bits an ordinal, four ordinals a byte, lowest bits first. No mark at the end: the row left the model. */
export type Marks = Uint8Array;

/** No marks yet. */
export function emptyMarks(ordinals: number): Marks {
  return new Uint8Array((ordinals + 3) >> 2);
}

/** Ordinals that the marks have room for: those of their snapshot, and three more at most for each pass. */
export function ordinalsOf(marks: Marks): number {
  return 4 * marks.length;
}

/** Marks of one ordinal: 0 (not seen) to 3. */
export function marksOf(marks: Marks, ordinal: number): number {
  return (marks[ordinal >> 2]! >> ((ordinal & 3) << 1)) & 3;
}

/** Sets one more mark. */
export function addMark(marks: Marks, ordinal: number, mark: number): void {
  marks[ordinal >> 2]! |= mark << ((ordinal & 3) << 1);
}
