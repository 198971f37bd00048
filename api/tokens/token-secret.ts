// Owns what the secret of a new token looks like.
import { randomBytes } from 'node:crypto';

// By it people and secret scanners know what they have found: signalsmith_[0-9a-z]{50}.
const prefix = 'signalsmith_';
const randomness = 32;
// What 256 bits need with ten digits and 26 letters; a double click selects all of it.
const digits = 50;

/** A secret nobody can guess: 256 random bits behind the prefix. */
export function newTokenSecret(): string {
  const value = BigInt(`0x${randomBytes(randomness).toString('hex')}`);
  return prefix + value.toString(36).padStart(digits, '0');
}
