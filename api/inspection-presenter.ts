// Owns how the result of a check looks on the wire. The cause beneath a failure is kept for us.
import type { InspectResult } from '../workflows/messages';

/** `{ok, message, details}`, with a `failure` when the check met one. */
export function presentInspection(result: InspectResult): object {
  const { ok, message, details, failure } = result;
  return { ok, message, details, failure: failure ? { code: failure.code, message: failure.message } : null };
}
