// Owns giving the memory of bytes and typed arrays back at once. Who does not need them any more is the caller's to know.

/**
 * Empties the arrays, each with all the memory it is a view of. Left to itself that memory waits for a full collection, and
 * for V8 it is growth that calls for one: half of a delivering worker's time on two cores. Moved to an object that is new
 * and unreachable, it goes with the next small one. What Node cuts small buffers from is left alone: others have parts of it.
 */
export function giveBack(...arrays: readonly { readonly buffer: ArrayBufferLike }[]): void {
  const own = arrays.filter((array) => !Buffer.isBuffer(array) || array.buffer.byteLength > Buffer.poolSize);
  structuredClone(null, { transfer: own.map(({ buffer }) => buffer as ArrayBuffer) });
}
