// Owns the word for a batch that was laid aside in the middle because no more calls are wanted: another lane has failed, or the
// attempt is to stop. No failure of the run.

/** Ends a write whose answers so far are kept: the next try goes on from there. */
export class LaidAside extends Error {
  override readonly name = 'LaidAside';

  constructor() {
    super('laid aside: no more calls are wanted');
  }
}
