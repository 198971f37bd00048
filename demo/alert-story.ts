// Owns the demo's second story: a sync that works, fails three times, and works again, so that its alerts can be read in the
// inbox. Not what the messages look like.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from 'pg';
import type { ApiClient, Run } from './api-client';

export interface AlertStoryInput {
  readonly api: ApiClient;
  readonly client: Client;
  /** The warehouse, which the sync writes to as well. */
  readonly warehouseUrl: string;
  readonly sourceId: string;
  /** One line about what is happening, for a person. */
  readonly progress: (text: string) => void;
  /** Waits for the end of a run. */
  readonly finished: (syncId: string, runId: string) => Promise<Run>;
}

/** Where the demo's channels send to. */
export interface InboxPlace {
  /** Without a slash at its end. */
  readonly url: string;
  /** What its webhook's messages are signed with: `whsec_…`. */
  readonly secret: string;
}

const alertSyncName = 'Accounts to a table';
const brokenRuns = 3;

// Judged within a second of its end; a machine that is busy starting everything may take some more.
const overWithinMs = 30_000;
const pollMs = 200;

/** From its beginning to its end, whatever an earlier start has told of it. */
export async function tellAlertStory(input: AlertStoryInput): Promise<void> {
  const { api, client, progress } = input;
  await makeTable(client);
  const sync = await makeSync(input);
  progress('a second sync works, then a column it needs is renamed in the warehouse');
  await run(input, sync.id, 'completed');
  await rename(client, 'plan', 'plan_name');
  for (let count = 1; count <= brokenRuns; count += 1) await run(input, sync.id, 'failed');
  progress('  it has failed three times: one alert that counts, and one more because it goes on');
  await rename(client, 'plan_name', 'plan');
  await run(input, sync.id, 'completed');
  const end = (await areOver(api, sync.id)) ? 'the alerts are over' : 'the alerts will be over soon';
  progress(`  the column has its name again, and ${end}; the inbox shows what was told`);
}

/** Has everything of the workspace told in the inbox. */
export async function makeChannels(api: ApiClient, inbox: InboxPlace): Promise<void> {
  await api.findOrMake('/alert-channels', 'Demo Slack', {
    kind: 'slack',
    secrets: { url: `${inbox.url}/services/T00000000/B00000000/demo` },
  });
  await api.findOrMake('/alert-channels', 'Demo webhook', {
    kind: 'webhook',
    url: `${inbox.url}/webhook`,
    secret: inbox.secret,
  });
}

async function makeTable(client: Client): Promise<void> {
  await client.query(`
    create schema if not exists demo;
    create table if not exists demo.account_plans (id integer primary key, name text not null, plan text);
    create table if not exists demo.accounts_copy (id integer primary key, name text, plan text)`);
  // A start that was stopped in the middle may have left the other name.
  const { rows } = await client.query(
    `select 1 from information_schema.columns
     where table_schema = 'demo' and table_name = 'account_plans' and column_name = 'plan_name'`,
  );
  if (rows.length > 0) await rename(client, 'plan_name', 'plan');
  await client.query(
    'insert into demo.account_plans select id, name, plan from public.accounts on conflict (id) do nothing',
  );
}

async function rename(client: Client, from: 'plan' | 'plan_name', to: 'plan' | 'plan_name'): Promise<void> {
  await client.query(`alter table demo.account_plans rename column ${from} to ${to}`);
}

async function makeSync({ api, warehouseUrl, sourceId }: AlertStoryInput): Promise<{ readonly id: string }> {
  const model = await api.findOrMake('/models', 'Accounts', {
    source_id: sourceId,
    sql: 'select id, name, plan from demo.account_plans',
    row_key: ['id'],
  });
  const destination = await api.findOrMake('/destinations', 'Demo tables', {
    kind: 'postgres',
    config: { url: warehouseUrl },
  });
  return api.findOrMake('/syncs', alertSyncName, {
    model_id: model.id,
    destination_id: destination.id,
    object: { schema: 'demo', table: 'accounts_copy' },
    mode: 'upsert',
    mapping: ['id', 'name', 'plan'].map((name) => ({ column: name, field: name })),
  });
}

async function run({ api, finished }: AlertStoryInput, syncId: string, status: Run['status']): Promise<void> {
  const begun = await api.post<Run>(`/syncs/${syncId}/trigger`);
  const ended = await finished(syncId, begun.id);
  if (ended.status !== status)
    throw new Error(`run ${ended.id} of "${alertSyncName}" ended ${ended.status}, not ${status}`);
}

/** Whether its alerts are over; false when that takes too long. */
async function areOver(api: ApiClient, syncId: string): Promise<boolean> {
  for (const deadline = Date.now() + overWithinMs; Date.now() < deadline; await sleep(pollMs)) {
    const { data } = await api.get<{ data: readonly { state: string }[] }>(`/alerts?sync_id=${syncId}`);
    if (data.length > 0 && data.every(({ state }) => state === 'resolved')) return true;
  }
  return false;
}
