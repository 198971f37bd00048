// Owns how slow a destination may be asked to be called. Waits for nothing.

/** Least rows or calls a second: one in 100 s. With less a run is no slow one, it stands still. */
export const leastPerSecond = 0.01;

/** Seconds that a batch may keep the next one waiting: longer, and nobody could tell a slow run from one that hangs. */
export const longestBatchSeconds = 600;

/** Seconds that a full batch takes up of the pace, when they are too many; null when it is well, or there is no limit. */
export function tooSlowSeconds(batchRows: number, rowsPerSecond: number | null): number | null {
  const seconds = rowsPerSecond === null ? 0 : batchRows / rowsPerSecond;
  return seconds > longestBatchSeconds ? Math.round(seconds) : null;
}
