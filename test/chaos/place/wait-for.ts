// Owns waiting for facts in a scenario: with a limit of its own, for outages make things slow. Judges nothing.
import { setTimeout as sleep } from 'node:timers/promises';

// Often enough for limits of seconds; asking more often would be a load of its own.
const pollMs = 200;

/** Asks until there is something to return. Throws, naming what was waited for. */
export async function waitFor<Found>(
  what: string,
  withinMs: number,
  ask: () => Promise<Found | null> | Found | null,
): Promise<Found> {
  for (const endsAt = performance.now() + withinMs; ; await sleep(pollMs)) {
    const found = await ask();
    if (found !== null) return found;
    if (performance.now() > endsAt) throw new Error(`waited ${withinMs} ms for ${what}`);
  }
}
