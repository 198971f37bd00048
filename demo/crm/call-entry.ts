// Owns the form of one line of the demo CRM's file. Not what a call means.
import type { Contact, RowResult } from './contact';

/** One call as it happened, with everything it changed. The file of these is all the CRM stores. */
export interface CallEntry {
  /** 1 for the first call ever. */
  readonly n: number;
  readonly at: string;
  readonly operation: 'upsert' | 'delete';
  /** Status the call was answered with; the lists below are empty unless it is 200. */
  readonly http_status: number;
  readonly idempotency_key: string | null;
  readonly body_sha256: string | null;
  /** Number of the earlier call whose answer was given again because the key was the same; else null. */
  readonly replay_of: number | null;
  /** One for each row of the call, in its order. */
  readonly results: readonly RowResult[];
  /** Contacts as they were stored, after the change. */
  readonly stored: readonly Contact[];
}
