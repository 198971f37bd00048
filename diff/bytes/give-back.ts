// Owns giving the memory of large typed arrays back at once. Who does not need them any more is the caller's to know.

/**
 * Empties the arrays. Left to itself their memory waits for a full collection, and the next run's would stand beside it;
 * moved to an object that is new and unreachable, it goes with the next small one.
 */
export function giveBack(...arrays: readonly { readonly buffer: ArrayBuffer }[]): void {
  structuredClone(null, { transfer: arrays.map(({ buffer }) => buffer) });
}
