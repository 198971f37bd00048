// Owns the word for a batch that was laid aside in the middle because another lane has failed. No failure of the run.

/** Ends a write whose answers so far are kept: the next try goes on from there. */
export class LaidAside extends Error {
  override readonly name = 'LaidAside';

  constructor() {
    super('laid aside: no more calls are wanted');
  }
}
