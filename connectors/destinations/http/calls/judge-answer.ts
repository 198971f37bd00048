// Owns what the status of an answer means for a call: accepted, refused because of its rows, or a failure of the run.
import { failureOf } from '../../../../domain/failure';
import { ConnectorFailure } from '../../../connector-failure';
import { bodyMessage } from '../../../http/foreign-text';
import { headerOf, type HttpAnswer } from '../../../http/answer-reader';
import type { HttpConfig } from '../http-config';
import { retryAfterMs } from '../../../http/retry-after';

/** `refused`: the same call would be refused again, and its rows may be the reason. */
export type Verdict = 'accepted' | 'refused';

// These speak of the address or of the form of every call, never of single rows: halving a batch would only repeat them.
const misconfigured = new Set([402, 404, 405, 406, 407, 410, 411, 414, 415, 421, 426, 431, 451]);
// 408 and 425 ask for the same call once more.
const transient = new Set([408, 425]);

/**
 * Throws destination_auth_expired (401, 403), destination_misconfigured (3xx, 404, 405 and their like),
 * rate_limit_exceeded (429) and destination_unreachable (408, 425, 5xx), the last two with what Retry-After asked for.
 */
export function judgeAnswer(answer: HttpAnswer, config: HttpConfig): Verdict {
  const { status } = answer;
  if (status >= 200 && status < 300) return 'accepted';
  const cause = bodyMessage(answer.text, config.errorFields.message, config.secretTexts);
  const askedMs = retryAfterMs(headerOf(answer, 'retry-after'), Date.now(), headerOf(answer, 'date'));

  if (status === 401 || status === 403) {
    throw new ConnectorFailure(
      failureOf('destination_auth_expired', undefined, withStatus(status, cause)),
      undefined,
      true,
    );
  }
  if (status === 429) {
    throw new ConnectorFailure(
      failureOf('rate_limit_exceeded', undefined, withStatus(status, cause)),
      askedMs,
      true,
    );
  }
  if (status >= 500 || transient.has(status)) {
    throw new ConnectorFailure(failureOf('destination_unreachable', `HTTP ${status}`, cause), askedMs);
  }
  if (status >= 400 && !misconfigured.has(status)) return 'refused';
  const detail = status < 400 ? `HTTP ${status} (redirects are not followed)` : `HTTP ${status}`;
  // Answering a write with 301, 302 or 303 is also a way to say that it was done; 307 and 308 ask for it elsewhere.
  const nothingApplied = status >= 307;
  throw new ConnectorFailure(
    failureOf('destination_misconfigured', detail, cause),
    undefined,
    nothingApplied,
  );
}

function withStatus(status: number, cause: string | null): string {
  return cause === null ? `HTTP ${status}` : `HTTP ${status}: ${cause}`;
}
