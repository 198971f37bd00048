// Gives a test a CRM of its own on loopback, with the calls tests make to it. Checks nothing by itself.

import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { type Crm, createCrm } from '../../../demo/crm/create-crm';

const apiKey = 'key-of-the-test';

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** Parsed when it is JSON, else empty; a test reads the parts its path answers with. */
  readonly body: {
    readonly results: readonly {
      readonly status: string;
      readonly errors: readonly { readonly field: string }[];
    }[];
    readonly data: readonly Record<string, unknown>[];
    readonly calls: readonly unknown[];
    readonly [part: string]: unknown;
  };
}

type Headings = Record<string, string>;

/** A CRM on a folder that goes with it. */
export class RunningCrm {
  private constructor(
    readonly dataDir: string,
    public crm: Crm,
  ) {}

  static async start(): Promise<RunningCrm> {
    const dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-'));
    return new RunningCrm(dataDir, await createCrm({ dataDir, apiKey }));
  }

  /** Stops it, does something to its folder, and starts it on the same folder again. */
  async restart(between: () => void = () => undefined): Promise<void> {
    await this.crm.close();
    between();
    this.crm = await createCrm({ dataDir: this.dataDir, apiKey });
  }

  async end(): Promise<void> {
    await this.crm.close();
    fs.rmSync(this.dataDir, { recursive: true });
  }

  async call(
    method: string,
    at: string,
    body?: unknown,
    headers: Headings = {},
    limitMs = 10_000,
  ): Promise<Answer> {
    const response = await fetch(this.crm.url + at, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json', ...headers },
      signal: AbortSignal.timeout(limitMs),
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json');
    const parsed = JSON.parse(isJson && text !== '' ? text : '{}') as Answer['body'];
    return { status: response.status, headers: response.headers, text, body: parsed };
  }

  get(at: string): Promise<Answer> {
    return this.call('GET', at);
  }

  upsert(records: unknown, headers?: Headings, limitMs?: number): Promise<Answer> {
    return this.call('POST', '/api/contacts/batch', { records }, headers, limitMs);
  }

  remove(ids: readonly string[]): Promise<Answer> {
    return this.call('POST', '/api/contacts/delete', { records: ids.map((id) => ({ External_Id__c: id })) });
  }

  behave(behaviour: object): Promise<Answer> {
    return this.call('POST', '/admin/behaviour', behaviour);
  }

  async stats(): Promise<Answer['body']> {
    return (await this.get('/api/stats')).body;
  }

  async ledger(): Promise<readonly unknown[]> {
    return (await this.get('/admin/ledger')).body.calls;
  }
}

/** A contact that is accepted unless the fields say otherwise. */
export function contact(id: string, fields: object = {}): object {
  return { External_Id__c: id, LastName: 'Diaz', ...fields };
}

/** The status of each row of a batch's answer, in order. */
export function statuses(answer: Answer): string[] {
  return answer.body.results.map((result) => result.status);
}
