// Owns the print of what is answered, which ETags are made of: the same for the same bytes. Says nothing of who may have them.
import { createHash } from 'node:crypto';

// 132 bits: nobody meets two contents with one print.
const printLength = 22;

/** A print of the content, of letters, digits, - and _. */
export function printOf(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, printLength);
}
