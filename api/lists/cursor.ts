// Owns cursors: opaque places in a list, signed, and good for that list with its filters and order alone. Does not know
// what is listed.
import { createHash, createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { WalkPlace } from '../../db/page';
import { knownKeys, type SecretKey } from '../../db/seal';
import { invalidCursor } from '../errors';

/** Begins a walk at a list's first row; every other cursor comes from an answer. */
export const firstCursor = '*';

const macBytes = 16;

/** Makes and reads the cursors of one list; `list` names it with everything that decides which rows it has and in which order. */
export class Cursors {
  constructor(
    /** The service's secret, 32 bytes: every process takes the cursors of every other one. Of two keys the first signs. */
    private readonly secretKey: SecretKey,
    private readonly list: string,
  ) {}

  encode(place: WalkPlace<unknown>): string {
    const payload = Buffer.from(JSON.stringify([fingerprintOf(this.list), place.way, place.mark]));
    return Buffer.concat([macOf(knownKeys(this.secretKey)[0], payload), payload]).toString('base64url');
  }

  /** Throws 400 `invalid_cursor` for what is no cursor, was changed, or belongs to another list. */
  decode<Mark>(cursor: string): WalkPlace<Mark> {
    if (cursor === firstCursor) return { way: 'after', mark: null };
    const bytes = Buffer.from(cursor, 'base64url');
    const [mac, payload] = [bytes.subarray(0, macBytes), bytes.subarray(macBytes)];
    // Decoding overlooks strange characters and spare bits: only the very text we gave is ours.
    const isOurs =
      bytes.toString('base64url') === cursor &&
      mac.length === macBytes &&
      // While the key is being changed, lists are walked through that were begun under the other one.
      knownKeys(this.secretKey).some((key) => timingSafeEqual(mac, macOf(key, payload)));
    if (!isOurs) {
      throw invalidCursor(
        'unknown_cursor',
        `This is no cursor of ours, or not as it was given; begin with cursor=${firstCursor}.`,
      );
    }
    const [fingerprint, way, mark] = JSON.parse(payload.toString()) as [string, 'after' | 'before', Mark];
    if (fingerprint !== fingerprintOf(this.list)) {
      throw invalidCursor(
        'foreign_cursor',
        'This cursor was given for another list, other filters or another sort: leave those as they were, or begin again.',
      );
    }
    return { way, mark };
  }
}

function macOf(secretKey: Buffer, payload: Buffer): Buffer {
  return createHmac('sha256', signingKeyOf(secretKey)).update(payload).digest().subarray(0, macBytes);
}

// A page has two cursors and comes by a third: deriving the key for each took longer than making the rest of them.
const signingKeys = new WeakMap<Buffer, Buffer>();

function signingKeyOf(secretKey: Buffer): Buffer {
  const derived = signingKeys.get(secretKey);
  if (derived) return derived;
  // The number changes with the form of a payload, so that a cursor of an older form is none.
  const key = Buffer.from(hkdfSync('sha256', secretKey, Buffer.alloc(0), 'signalsmith cursors 1', 32));
  signingKeys.set(secretKey, key);
  return key;
}

// 96 bits: lists are told apart, and cursors stay short.
function fingerprintOf(list: string): string {
  return createHash('sha256').update(list).digest('base64url').slice(0, 16);
}
