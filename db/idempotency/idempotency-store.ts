// Owns the table idempotency_keys: which keyed requests were answered, and with what. Does not do what they ask for.
import type { Knex } from 'knex';
import { openSecrets, type SealOwner, sealSecrets, type SecretKey } from '../seal';

/** A request under a key. */
export interface KeyedRequest {
  readonly workspaceId: string;
  /** 32 bytes that stand for workspace, method, path and key. */
  readonly id: Buffer;
  /** 32 bytes that stand for who asks and what the request says. */
  readonly requestHash: Buffer;
}

/** An answer as it is sent: `body` is its text, null for none. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/**
 * What a key is found to be: `free` (taken by this transaction, until its end), `in_flight` (another transaction has it),
 * `reused` (it was used for another request), or `answered`.
 */
export type KeyState =
  { readonly is: 'free' | 'in_flight' | 'reused' } | { readonly is: 'answered'; readonly answer: KeptAnswer };

// As long as other services keep them: a job that is repeated the next morning is meant anew.
const kept = `interval '24 hours'`;

/**
 * Takes the key for the transaction, and never waits for it. Throws SealBrokenError when its answer cannot be opened: the
 * request must not be done a second time because of that.
 */
export async function takeKey(
  trx: Knex.Transaction,
  secretKey: SecretKey,
  { workspaceId, id, requestHash }: KeyedRequest,
): Promise<KeyState> {
  const { rows: locks } = await trx.raw<{ rows: { held: boolean }[] }>(
    `SELECT pg_try_advisory_xact_lock(?::bigint) AS held`,
    [lockOf(id)],
  );
  if (!locks[0]?.held) return { is: 'in_flight' };
  // A statement of its own, after the lock: it sees what the last holder has committed.
  const { rows } = await trx.raw<{ rows: { request_hash: Buffer; answer_sealed: Buffer }[] }>(
    `SELECT request_hash, answer_sealed FROM idempotency_keys
     WHERE id = ? AND workspace_id = ? AND created_at > statement_timestamp() - ${kept}`,
    [id, workspaceId],
  );
  const [found] = rows;
  if (!found) return { is: 'free' };
  if (!found.request_hash.equals(requestHash)) return { is: 'reused' };
  const answer = openSecrets(secretKey, answerOwner(workspaceId, id), found.answer_sealed);
  return { is: 'answered', answer: answer as unknown as KeptAnswer };
}

/** Keeps the answer, in the transaction of what it answers for; an outdated one of the same key gives way. */
export async function keepAnswer(
  trx: Knex.Transaction,
  secretKey: SecretKey,
  { workspaceId, id, requestHash }: KeyedRequest,
  answer: KeptAnswer,
): Promise<void> {
  const sealed = sealSecrets(secretKey, answerOwner(workspaceId, id), answer);
  const { rows } = await trx.raw<{ rows: unknown[] }>(
    `INSERT INTO idempotency_keys (id, workspace_id, request_hash, answer_sealed) VALUES (?, ?, ?, ?)
     ON CONFLICT (id) DO UPDATE SET request_hash = excluded.request_hash, answer_sealed = excluded.answer_sealed,
       created_at = excluded.created_at
     WHERE idempotency_keys.created_at <= statement_timestamp() - ${kept}
     RETURNING 1`,
    [id, workspaceId, requestHash, sealed],
  );
  // Whoever holds the lock is alone with its key; were it not so, what was done is undone.
  if (rows.length === 0) throw new Error('an idempotency key was answered by two requests at once');
}

/** Removes one chunk of the keys that are not answered for any more; returns how many. */
export async function removeOldKeys(knex: Knex, most: number): Promise<number> {
  const { rows } = await knex.raw<{ rows: { removed: number }[] }>(
    `WITH gone AS (
       DELETE FROM idempotency_keys WHERE id = ANY (ARRAY(
         SELECT id FROM idempotency_keys WHERE created_at <= statement_timestamp() - ${kept}
         ORDER BY created_at LIMIT ? FOR UPDATE SKIP LOCKED))
       RETURNING 1)
     SELECT count(*) AS removed FROM gone`,
    [most],
  );
  return rows[0]?.removed ?? 0;
}

/** Whose sealed answer that is. */
export function answerOwner(workspaceId: string, id: Buffer): SealOwner {
  return { workspaceId, objectId: `idempotency_key/${id.toString('hex')}` };
}

// The lock's number is 64 bits of the key's 256: two keys that share it would only be told "in flight" without cause.
function lockOf(id: Buffer): string {
  return id.readBigInt64BE(0).toString();
}
