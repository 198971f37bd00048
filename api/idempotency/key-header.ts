// Owns reading the Idempotency-Key header: what can be a key, quoted as the standard has it or bare as most send it.
import { ApiError } from '../errors';

// A structured string (RFC 9651): printable ASCII, with a backslash before quotes and backslashes.
const quoted = /^"((?:[\x20\x21\x23-\x5b\x5d-\x7e]|\\["\\])*)"$/;
// No comma and no blank: a header that was sent twice arrives joined by both.
const bare = /^[\x21\x23-\x2b\x2d-\x7e]+$/;
// Longer than any UUID or hash, and short enough to be compared and hashed without a thought.
const mostCharacters = 255;

/** The key, or null without one. The same key may come quoted or bare. Throws 400 for what cannot be one. */
export function idempotencyKeyIn(header: string): string | null {
  const value = header.trim();
  if (value === '') return null;
  const key = quoted.exec(value)?.[1]?.replaceAll(/\\(["\\])/g, '$1') ?? bare.exec(value)?.[0] ?? '';
  if (key.length >= 1 && key.length <= mostCharacters) return key;
  throw new ApiError(
    'invalid_idempotency_key',
    `An Idempotency-Key has 1 to ${mostCharacters} printable ASCII characters; with blanks or commas it is put in quotes.`,
  );
}
