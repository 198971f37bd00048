// Owns bringing the keys a retry is about into memory; which rows of the retried run they are is the ledger's.
import type { PinnedConfig } from '../../db/configuration/pinned-config';
import type { Database } from '../../db/connect';
import { lostScope, RetryScopeLostError } from '../../db/ledger/lost-scope';
import { findScope, type ScopeSource, scopeParts } from '../../db/ledger/retry-scope';
import { JournalIndex } from '../../diff/journal-batch';
import { KeySet } from '../../diff/keys/key-set';
import { entryBytes } from '../../diff/bytes/packed-words';

/** Where the keys stand that a run may send, delete or refuse; null: all. */
export async function scopeOf(knex: Database, { retry }: PinnedConfig): Promise<ScopeSource | null> {
  return !retry || retry.scope === 'all' ? null : findScope(knex, retry.of, retry.scope);
}

/** How many keys are in memory while a scope is loaded: those of the scopes it lies within are beside its own. */
export function scopeKeys(source: ScopeSource | null): number {
  return source ? source.rows + scopeKeys(source.within) : 0;
}

/**
 * The keys themselves; null: all. Throws RetryScopeLostError when they cannot be told: the configuration may have changed
 * while the run waited in the queue.
 */
export async function loadScope(
  knex: Database,
  config: PinnedConfig,
  source: ScopeSource | null,
  signal: AbortSignal,
): Promise<KeySet | null> {
  if (!source) return null;
  const loss = await lostScope(knex, source, config);
  if (loss) throw new RetryScopeLostError(loss);
  return keysOf(knex, source, signal);
}

async function keysOf(knex: Database, source: ScopeSource, signal: AbortSignal): Promise<KeySet> {
  const within = source.within && (await keysOf(knex, source.within, signal));
  const keys = new KeySet(within ? Math.min(within.size, source.rows) : source.rows);
  const key = new Uint32Array(4);
  for await (const { kind, bytes, picked } of scopeParts(knex, source)) {
    signal.throwIfAborted();
    const index = kind === 'index' ? new JournalIndex(bytes) : null;
    const rows = picked ?? places(index ? index.lines : bytes.length / entryBytes);
    for (const row of rows) {
      for (let word = 0; word < 4; word += 1) {
        key[word] = index ? index.word(row, word) : bytes.readUInt32LE(row * entryBytes + word * 4);
      }
      if (!within || within.has(key, 0)) keys.add(key, 0);
    }
  }
  return keys;
}

function* places(count: number): Generator<number> {
  for (let place = 0; place < count; place += 1) yield place;
}
