// Owns where new ids come from: the clock and the randomness that domain/ids does not have.
import { randomBytes } from 'node:crypto';
import { encodeId, type IdKind } from '../domain/ids';

/** A fresh id of `kind`; ids made later sort later, to the millisecond. */
export function newId<Kind extends IdKind>(kind: Kind): ReturnType<typeof encodeId<Kind>> {
  return encodeId(kind, Date.now(), randomBytes(16));
}
