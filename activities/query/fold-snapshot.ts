// Owns folding a snapshot's deltas into a new base, so that loading it follows the rows it has and not its history.
import type { Fence } from '../../db/runs/lease';
import { clearFold, switchBase, writeChunk } from '../../db/snapshot/fold-store';
import { snapshotParts, type StoredSnapshotPart } from '../../db/snapshot/snapshot-parts';
import type { SnapshotPin } from '../../db/snapshot/snapshot-store';
import type { SnapshotChange } from '../../diff/snapshot/delta-rows';
import { foldSnapshot } from '../../diff/snapshot/fold';
import type { StoredKeys } from '../../diff/snapshot/key-matcher';
import { withSieveMemory } from '../memory/with-sieve-memory';
import type { ActivityDeps } from '../deps';
import { foldNeed } from '../memory/memory-needs';
import { untilAborted } from '../attempt/until-aborted';

/** The pinned snapshot as a base alone, when folding is due; else the pin as it is. Called under the lease only. */
export async function foldWhenDue(
  deps: ActivityDeps,
  fence: Fence,
  pin: SnapshotPin,
  signal: AbortSignal,
): Promise<SnapshotPin> {
  if (!pin.foldDue) return pin;
  const { ranges, bytes } = foldNeed(pin.deltaRows, pin.deltaKeyBytes, deps.sieveMemory.limitBytes);
  return withSieveMemory(deps, fence, bytes, signal, () => fold(deps, fence, pin, ranges, signal));
}

async function fold(
  { knex }: ActivityDeps,
  fence: Fence,
  pin: SnapshotPin,
  ranges: number,
  signal: AbortSignal,
): Promise<SnapshotPin> {
  await clearFold(knex, fence, pin);
  const parts = (version: number): AsyncGenerator<StoredSnapshotPart> =>
    untilAborted(snapshotParts(knex, fence.syncId, { ...pin, version }, true), signal);
  let chunkNo = 0;
  let rows = 0;
  const chunks = foldSnapshot({
    base: basesOf(parts(pin.version)),
    changes: () => changesOf(parts(noVersion)),
    ranges,
  });
  // What is written of the new base when the attempt stops is cleared by the next fold.
  for await (const chunk of untilAborted(chunks, signal)) {
    await writeChunk(knex, fence, pin, chunkNo, chunk);
    chunkNo += 1;
    rows += chunk.rows;
  }
  return switchBase(knex, fence, pin, rows);
}

// Versions begin at 1: under this one there is no base, so only the deltas are read.
const noVersion = 0;

async function* basesOf(parts: AsyncIterable<StoredSnapshotPart>): AsyncGenerator<StoredKeys> {
  for await (const part of parts) {
    if (part.kind !== 'base') return;
    yield { entries: part.entries, keys: keysOf(part.rowKeys) };
  }
}

async function* changesOf(parts: AsyncIterable<StoredSnapshotPart>): AsyncGenerator<SnapshotChange> {
  for await (const part of parts) {
    if (part.kind === 'all_unsure') yield part;
    else if (part.kind === 'delta') yield { ...part, keys: keysOf(part.rowKeys) };
  }
}

function keysOf(rowKeys: Buffer | null): Buffer {
  if (!rowKeys) throw new Error('a snapshot part carries no row keys');
  return rowKeys;
}
