// Owns giving the memory of bytes and typed arrays back at once. Who does not need them any more is the caller's to know.

/**
 * Empties the arrays, each with all the memory it is a view of; several may be views of the same. Left to itself that memory
 * waits for a full collection, which V8 is quick to call for: it takes bytes outside its heap for growth of it. Moved to an
 * object that is new and unreachable, it goes with the next small one. What Node cuts small buffers from is left alone:
 * others have parts of it.
 */
export function giveBack(...arrays: readonly { readonly buffer: ArrayBufferLike }[]): void {
  const own = arrays.filter((array) => !Buffer.isBuffer(array) || array.buffer.byteLength > Buffer.poolSize);
  const memories = new Set(own.map(({ buffer }) => buffer as ArrayBuffer));
  structuredClone(null, { transfer: [...memories] });
}
