// Owns the layout of a packed snapshot entry and how packed bytes become words; not what the words mean.

/** An entry: key hash (four words), then fingerprint (low word, high word); little endian. */
export const entryBytes = 24;
export const entryWords = 6;

/** The bytes as words, without a copy where alignment allows. Throws when they are not whole groups of `groupBytes`. */
export function packedWords(bytes: Uint8Array, groupBytes: number): Uint32Array {
  if (bytes.byteLength % groupBytes !== 0) {
    throw new Error(`${bytes.byteLength} packed bytes are not a multiple of ${groupBytes}`);
  }
  // Buffers that come from a driver start anywhere in a shared block; a Uint32Array needs a multiple of four.
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : new Uint8Array(bytes);
  return new Uint32Array(aligned.buffer, aligned.byteOffset, bytes.byteLength / 4);
}

/** Order of two key hashes, as snapshot chunks are sorted: word by word, unsigned. */
export function compareKeys(one: Uint32Array, oneAt: number, other: Uint32Array, otherAt: number): number {
  for (let i = 0; i < 4; i++) {
    const difference = one[oneAt + i]! - other[otherAt + i]!;
    if (difference !== 0) return difference;
  }
  return 0;
}
