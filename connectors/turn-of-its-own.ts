// Owns the order of long steps of work between answers. Knows nothing of what the steps are.

let last: Promise<void> = Promise.resolve();

/**
 * Resolves once the event loop has looked for answers since the step before: steps of a millisecond or two, taken one a
 * round, hold up an answer by one of them and not by as many as have come due. Answers come in waves, and so do steps:
 * without this a wave of 16 calls waited for 16 bodies to be built.
 */
export function turnOfItsOwn(): Promise<void> {
  last = last.then(() => new Promise((resolve) => setImmediate(resolve)));
  return last;
}
