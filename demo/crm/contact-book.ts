// Owns the contacts the demo CRM holds and the ledger of calls that made them so. Not HTTP, not keys, not limits.

import path from 'node:path';
import { type LineLog, openLineLog } from '../line-log';
import type { CallEntry } from './call-entry';
import { type Contact, type ContactFields, type RowResult, contactFaults, externalIdOf } from './contact';

/** What a call wants, and how the caller named it. */
export interface Call {
  readonly operation: 'upsert' | 'delete';
  readonly rows: readonly ContactFields[];
  readonly idempotencyKey: string | null;
  /** Digest of the body, to tell a repeated call from another one under the same key. */
  readonly bodySha256: string;
}

/** Totals since the start or the last clear. Rows of a repeated call count once. */
export interface CrmStats {
  readonly contacts: number;
  readonly created: number;
  readonly updated: number;
  readonly deleted: number;
  readonly failed: number;
  readonly calls: number;
}

/** Contacts and ledger of one data directory, whole in memory, on disk before any answer. */
export class ContactBook {
  private readonly contacts = new Map<string, Contact>();
  private readonly calls: CallEntry[] = [];
  private readonly callsByKey = new Map<string, CallEntry>();
  private readonly totals = { created: 0, updated: 0, deleted: 0, failed: 0 };
  private nextId = 1;
  private log: LineLog<CallEntry> | undefined;

  static async open(dataDir: string): Promise<ContactBook> {
    const book = new ContactBook();
    book.log = await openLineLog<CallEntry>(path.join(dataDir, 'calls.ndjson'), (entry) => book.take(entry));
    return book;
  }

  /** The earlier call under this key that was carried out, or undefined. */
  callByKey(idempotencyKey: string | null): CallEntry | undefined {
    return idempotencyKey === null ? undefined : this.callsByKey.get(idempotencyKey);
  }

  /** Carries the call out, row by row in its order; the answer is on disk when this returns. */
  carryOut(call: Call): readonly RowResult[] {
    const results: RowResult[] = [];
    // Contacts as this call leaves them, so that a row sees the rows before it; null is a deleted one.
    const changed = new Map<string, Contact | null>();
    for (const row of call.rows) {
      results.push(call.operation === 'upsert' ? this.upsert(row, changed) : this.remove(row, changed));
    }
    const stored = [...changed.values()].filter((contact) => contact !== null);
    this.write({ ...entryHead(call), http_status: 200, replay_of: null, results, stored });
    return results;
  }

  /** Notes a call that was answered without being carried out: refused, or a repetition of an earlier one. */
  note(call: Omit<Call, 'rows'>, httpStatus: number, replayOf: number | null = null): void {
    this.write({ ...entryHead(call), http_status: httpStatus, replay_of: replayOf, results: [], stored: [] });
  }

  clear(): void {
    this.log?.replace([]);
    this.contacts.clear();
    this.calls.length = 0;
    this.callsByKey.clear();
    Object.assign(this.totals, { created: 0, updated: 0, deleted: 0, failed: 0 });
    this.nextId = 1;
  }

  close(): void {
    this.log?.close();
    this.log = undefined;
  }

  stats(): CrmStats {
    return { contacts: this.contacts.size, ...this.totals, calls: this.calls.length };
  }

  find(externalId: string): Contact | undefined {
    return this.contacts.get(externalId);
  }

  /** All contacts in the order they were created. */
  all(): Contact[] {
    return [...this.contacts.values()];
  }

  /** Calls with a number above `afterN`, oldest first. */
  callsAfter(afterN: number, limit: number): CallEntry[] {
    return this.calls.slice(afterN, afterN + limit);
  }

  private upsert(row: ContactFields, changed: Map<string, Contact | null>): RowResult {
    const externalId = externalIdOf(row);
    const before = externalId === null ? undefined : this.current(externalId, changed);
    const fields = { ...before?.fields, ...row };
    const errors = contactFaults(fields);
    if (externalId === null || errors.length > 0) {
      return { external_id: externalId, status: 'failed', errors };
    }
    const now = new Date().toISOString();
    changed.set(externalId, {
      id: before?.id ?? `con_${String(this.nextId++).padStart(8, '0')}`,
      external_id: externalId,
      fields: { ...fields, External_Id__c: externalId },
      created_at: before?.created_at ?? now,
      updated_at: now,
    });
    return { external_id: externalId, status: before ? 'updated' : 'created', errors: [] };
  }

  private remove(row: ContactFields, changed: Map<string, Contact | null>): RowResult {
    const externalId = externalIdOf(row);
    if (externalId === null)
      return { external_id: null, status: 'failed', errors: contactFaults(row).slice(0, 1) };
    if (!this.current(externalId, changed))
      return { external_id: externalId, status: 'not_found', errors: [] };
    changed.set(externalId, null);
    return { external_id: externalId, status: 'deleted', errors: [] };
  }

  private current(externalId: string, changed: Map<string, Contact | null>): Contact | undefined {
    return changed.has(externalId) ? (changed.get(externalId) ?? undefined) : this.contacts.get(externalId);
  }

  private write(entry: Omit<CallEntry, 'n'>): void {
    const numbered = { n: this.calls.length + 1, ...entry };
    if (!this.log) throw new Error('the CRM is closed');
    // Disk first: what cannot be written must not be seen, or it would be gone after a restart.
    this.log.append(numbered);
    this.take(numbered);
  }

  // The only place that changes what is held; also how the file is read back, so both give the same contacts.
  private take(entry: CallEntry): void {
    // Without the contacts, or every version of each would stay in memory.
    const kept = { ...entry, stored: [] };
    this.calls.push(kept);
    if (entry.http_status !== 200 || entry.replay_of !== null) return;
    if (entry.idempotency_key !== null) this.callsByKey.set(entry.idempotency_key, kept);
    for (const result of entry.results) {
      if (result.status === 'deleted' && result.external_id !== null)
        this.contacts.delete(result.external_id);
      if (result.status !== 'not_found') this.totals[result.status]++;
    }
    for (const contact of entry.stored) {
      this.contacts.set(contact.external_id, contact);
      this.nextId = Math.max(this.nextId, Number(contact.id.slice('con_'.length)) + 1);
    }
  }
}

function entryHead(call: Omit<Call, 'rows'>) {
  return {
    at: new Date().toISOString(),
    operation: call.operation,
    idempotency_key: call.idempotencyKey,
    body_sha256: call.bodySha256,
  };
}
