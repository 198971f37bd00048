// Owns the one way typed arrays get longer here.

/** Copies `from` to the beginning of the longer `to` and gives that. */
export function grow<T extends Uint8Array | Uint16Array | Uint32Array | Int32Array>(from: T, to: T): T {
  to.set(from);
  return to;
}
