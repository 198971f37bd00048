// Owns the word for a batch that was laid aside in the middle because its time slice is over. No failure of the run.

/** Ends a write whose answers so far are kept: the next slice goes on from there. */
export class SliceOver extends Error {
  override readonly name = 'SliceOver';

  constructor() {
    super('laid aside: the time slice is over');
  }
}
