// Gives a test of the engine a CRM of its own on loopback, and the configuration of a destination that writes to it.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Crm, createCrm } from '../../../demo/crm/create-crm';
import { crmResponse } from '../../../demo/demo-sync';
import type { SyncSketch } from './engine';

const apiKey = 'key-of-the-test';

/** Model columns of a contact: `id`, `email`, `last_name`. */
export const contactMapping = [
  { column: 'id', field: 'External_Id__c' },
  { column: 'email', field: 'Email' },
  { column: 'last_name', field: 'LastName' },
];

/** A CRM on a folder that goes with it; `crm.behaviour` and `crm.book` are at hand. */
export class TestCrm {
  private constructor(
    readonly crm: Crm,
    private readonly dataDir: string,
  ) {}

  static async start(): Promise<TestCrm> {
    const dataDir = mkdtempSync(join(tmpdir(), 'crm-'));
    return new TestCrm(await createCrm({ dataDir, apiKey }), dataDir);
  }

  async close(): Promise<void> {
    await this.crm.close();
    rmSync(this.dataDir, { recursive: true });
  }

  /** Puts it back to an empty CRM that behaves. */
  reset(): void {
    this.crm.behaviour.change({ latency_ms: 0, rate_limit: null, expire_key: false, hang: false });
    this.crm.book.clear();
  }

  /** The email of every contact by its id in the model. */
  emails(): Record<string, unknown> {
    return Object.fromEntries(
      this.crm.book.all().map(({ external_id, fields }) => [external_id, fields['Email']]),
    );
  }

  /** A destination of a sync; `overrides` are of the HTTP configuration. */
  destination(overrides: Record<string, unknown> = {}): NonNullable<SyncSketch['destination']> {
    return {
      kind: 'http',
      config: {
        url: `${this.crm.url}/api/contacts/batch`,
        delete_url: `${this.crm.url}/api/contacts/delete`,
        request: { rows_field: 'records' },
        response: crmResponse,
        ...overrides,
      },
      secrets: { headers: { Authorization: `Bearer ${apiKey}` } },
    };
  }
}
