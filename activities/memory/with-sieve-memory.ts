// Owns doing work that needs much memory once the worker has room for it, and telling in the meantime that the run waits.
import type { Fence } from '../../db/runs/lease';
import { endWaiting, keepWaiting } from '../../db/runs/run-phases';
import { type Setback, setbackForRoom, type Stretch } from '../../domain/setback';
import type { ActivityDeps } from '../deps';
import { LineFullError, type Release } from './sieve-memory';

const reason = 'Other runs of the worker hold the memory it has for snapshots (SIEVE_MEMORY)';

// Memory that was given back lies idle no longer than this, and each time is eleven events in the run's history.
const comeAgainMs = 5_000;

/**
 * Runs `work` with `bytes` reserved; `work` may give some back before it ends. Throws the signal's reason while it waits, and
 * LineFullError when too many runs do.
 */
export async function withSieveMemory<Result>(
  { knex, sieveMemory }: Pick<ActivityDeps, 'knex' | 'sieveMemory'>,
  place: Fence,
  bytes: number,
  signal: AbortSignal,
  work: (release: Release) => Promise<Result>,
): Promise<Result> {
  let hasWaited = false;
  const release = await sieveMemory.reserve(bytes, signal, async () => {
    hasWaited = true;
    await keepWaiting(knex, place, { code: 'worker_memory', reason, forMs: null, askedMs: null });
  });
  try {
    if (hasWaited) await endWaiting(knex, place);
    return await work(release);
  } finally {
    release();
  }
}

/**
 * What `work` gives, or a setback when too many runs wait for memory already: this one leaves its slot to others, whose
 * work needs little, and comes again.
 */
export async function orComeAgain<Result>(
  stretch: Stretch,
  work: () => Promise<Result>,
): Promise<Result | { setback: Setback }> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof LineFullError) return { setback: setbackForRoom(reason, comeAgainMs, stretch) };
    throw error;
  }
}
