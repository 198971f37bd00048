// Owns how the result of a check looks on the wire. The cause beneath a failure is kept for us.
import type { InspectResult } from '../../workflows/messages';

/** As `checkAnswer` says. */
export function presentCheck({
  ok,
  checks,
  durationMs,
}: Pick<InspectResult, 'ok' | 'checks' | 'durationMs'>): object {
  return {
    ok,
    checks: checks.map(({ name, ok, detail }) => ({ name, ok, detail })),
    duration_ms: durationMs,
  };
}
