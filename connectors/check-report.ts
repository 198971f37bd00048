// Owns how a check's report is put together, also when its connector failed: that is a report, not an error.
import { ConnectorFailure } from './connector-failure';
import type { CheckedThing, CheckReport } from './source';

export function checkReport(checks: readonly CheckedThing[]): CheckReport {
  return { ok: checks.every(({ ok }) => ok), checks };
}

/** The failure as a report, under the name of what was being looked at. Anything but a ConnectorFailure is thrown on. */
export function failedReport(error: unknown, name = 'connection'): CheckReport {
  if (!(error instanceof ConnectorFailure)) throw error;
  return checkReport([{ name, ok: false, detail: error.failure.message }]);
}
