// Owns the reading of a Retry-After header.

// An hour: longer than any patience, so a larger figure (a date in the far future, 1e9) means the same to us.
const longestWaitMs = 3_600_000;

/**
 * Milliseconds to wait, 0 to an hour; undefined when the header is absent or makes no sense. A date is counted from
 * the answer's own `date` header where it has one, so that a wrong clock on either side does no harm.
 */
export function retryAfterMs(
  header: string | undefined,
  nowMs: number,
  answerDate?: string,
): number | undefined {
  if (header === undefined) return undefined;
  const text = header.trim();
  if (/^\d+(\.\d+)?$/.test(text)) return Math.min(longestWaitMs, Number(text) * 1000);
  // Date.parse takes "-5" for a year: an HTTP date begins with the name of a day.
  const dateMs = /^[a-z]{3}/i.test(text) ? parsedDate(text) : NaN;
  if (Number.isNaN(dateMs)) return undefined;
  const answeredMs = answerDate === undefined ? NaN : parsedDate(answerDate);
  const sinceMs = Number.isNaN(answeredMs) ? nowMs : answeredMs;
  return Math.min(longestWaitMs, Math.max(0, dateMs - sinceMs));
}

/** Of the three forms that HTTP knows, that of C's asctime names no zone: it means Greenwich, and Date.parse ours. */
function parsedDate(text: string): number {
  return Date.parse(/\d{4}$/.test(text) ? `${text} GMT` : text);
}
