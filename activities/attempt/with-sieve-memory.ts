// Owns doing work that needs much memory once the worker has room for it, and telling in the meantime that the run waits.
import type { Fence } from '../../db/runs/lease';
import { endWaiting, tellWaiting } from '../../db/runs/run-phases';
import type { ActivityDeps } from '../deps';

/** Runs `work` with `bytes` reserved. Throws the signal's reason while it waits. */
export async function withSieveMemory<Result>(
  { knex, sieveMemory }: Pick<ActivityDeps, 'knex' | 'sieveMemory'>,
  place: Fence,
  bytes: number,
  signal: AbortSignal,
  work: () => Promise<Result>,
): Promise<Result> {
  let hasWaited = false;
  const release = await sieveMemory.reserve(bytes, signal, async () => {
    hasWaited = true;
    await tellWaiting(knex, place, {
      code: 'worker_memory',
      reason: 'Other runs of the worker hold the memory it has for snapshots (SIEVE_MEMORY)',
      forMs: null,
      askedMs: null,
    });
  });
  try {
    if (hasWaited) await endWaiting(knex, place);
    return await work();
  } finally {
    release();
  }
}
