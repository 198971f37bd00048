// Owns the ETags of configuration: one for each state of an object and each way of showing it. Compares none.
import { printOf } from '../print-of';

/**
 * A strong ETag (unquoted). The revision stands for what is not shown, a changed password for instance; the answer for what
 * a new build may show differently.
 */
export function configurationEtag(revision: number, answer: object): string {
  return `${revision}.${printOf(JSON.stringify(answer))}`;
}
