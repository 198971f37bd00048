// Owns how times look on the wire: RFC 3339 in UTC.

/** To the second: `2025-01-15T09:00:00Z`. */
export function wireTime(time: Date): string {
  return time.toISOString().replace(/\.\d{3}Z$/, 'Z');
}

export function wireTimeOrNull(time: Date | null): string | null {
  return time && wireTime(time);
}

/** To the millisecond, where seconds are too coarse: phases and events. */
export function preciseWireTime(time: Date): string {
  return time.toISOString();
}
