// Owns how long a message waits for its next try, and what a channel is given up for. Knows no clock.

/** Milliseconds; other figures than these are a test's, which has no day to spare. */
export interface DeliveryPace {
  /** Before the second try, the third, and so on; the last one is for all that follow. */
  readonly waitsMs: readonly number[];
  /** The longest wait that a channel may ask for. */
  readonly mostAskedMs: number;
  /** How long a workflow that has said when it comes back may be late before another one takes over. */
  readonly leaseMs: number;
  /** A channel that has taken nothing for so long is switched off when a message is given up. */
  readonly failingMs: number;
}

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
const hourMs = 60 * minuteMs;

/**
 * Five seconds and half a minute get past a restart or a deploy, two minutes past most trouble; ten minutes after that are
 * 140 tries a day, which no receiver minds, and its return is noticed soon.
 */
export const deliveryPace: DeliveryPace = {
  waitsMs: [5 * secondMs, 30 * secondMs, 2 * minuteMs, 10 * minuteMs],
  // An hour: a figure beyond it (1e9) would be a way to switch a channel off.
  mostAskedMs: hourMs,
  // A minute: a worker that dies is noticed in seconds, and Temporal starts what it did anew by itself.
  leaseMs: minuteMs,
  // Three days: a weekend, and the day on which somebody looks.
  failingMs: 72 * hourMs,
};

/**
 * Tries of a message that the channel refuses as such: three minutes. Some refuse while they are being deployed, so once is
 * not enough; but those behind it wait.
 */
export const triesWhenRefused = 4;

/** Milliseconds from the `tries`-th try, counted from 1, to the next. `random`: 0 to 1, which spreads them by a tenth. */
export function waitAfter(
  tries: number,
  askedMs: number | undefined,
  random: number,
  { waitsMs, mostAskedMs }: DeliveryPace = deliveryPace,
): number {
  const waitMs = waitsMs[Math.min(tries, waitsMs.length) - 1] ?? 0;
  const spread = Math.round(waitMs * (0.9 + 0.2 * random));
  // Never sooner than we were asked to.
  return Math.max(spread, Math.min(askedMs ?? 0, mostAskedMs));
}
