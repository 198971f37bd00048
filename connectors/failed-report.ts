// Owns what a check answers when its connector failed: a report, not an error.
import { ConnectorFailure } from './connector-failure';
import type { CheckReport } from './source';

/** The failure as a report, beside what was found out before. Anything but a ConnectorFailure is thrown on. */
export function failedReport(error: unknown, details: CheckReport['details'] = {}): CheckReport {
  if (!(error instanceof ConnectorFailure)) throw error;
  const { message, cause } = error.failure;
  return { ok: false, message, details: cause === null ? details : { ...details, cause } };
}
