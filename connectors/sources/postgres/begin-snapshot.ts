// Owns the transaction a model is read in, and the settings that decide how its values read as text.
import type { Client } from 'pg';
import { longestTimeoutMs } from '../../postgres-client';

// Left on, a scan of a large table begins where another one happens to be: each pass would have its rows in another order,
// and with a LIMIT or with ties other rows. Models that are read once keep what it saves.
const sameOrderEachTime = 'SET LOCAL synchronize_seqscans = off;';

/**
 * One read-only snapshot with every setting pinned that changes how values read as text, so that no role, database or
 * server default can make an unchanged row look changed. All of them end with the transaction: behind a pooler the
 * session belongs to others afterwards. `passes`: how often rows are read in it.
 */
export async function beginSnapshot(client: Client, timeoutSeconds: number, passes = 1): Promise<void> {
  const timeoutMs = Math.min(Math.round(timeoutSeconds * 1000), longestTimeoutMs);
  await client.query(`
    BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;
    SET LOCAL statement_timeout = ${timeoutMs};
    SET LOCAL idle_in_transaction_session_timeout = '10min'; -- as long as a reader may be kept waiting by an outage of ours
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'postgres';
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL extra_float_digits = 3; -- exact on every version; from 12 on the same as 1
    SET LOCAL bytea_output = 'hex';
    SET LOCAL lc_monetary = 'C';
    ${passes > 1 ? sameOrderEachTime : ''}
  `);
}
