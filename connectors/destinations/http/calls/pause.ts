// Owns waiting that an aborted signal ends.
import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves after `ms`; throws the signal's own reason when it is aborted before. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    signal.throwIfAborted();
    throw error;
  }
}
