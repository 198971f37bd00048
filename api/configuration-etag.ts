// Owns the ETags of configuration: one for each state of an object and each way of showing it. Compares none.
import { createHash } from 'node:crypto';

/**
 * A strong ETag (unquoted). The revision stands for what is not shown, a changed password for instance; the answer for what
 * a new build may show differently.
 */
export function configurationEtag(revision: number, answer: object): string {
  const print = createHash('sha256').update(JSON.stringify(answer)).digest('base64url').slice(0, 16);
  return `${revision}.${print}`;
}
