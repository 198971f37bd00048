// Owns the demo's process: environment in, the story told through the API, one ready message with the ids out.

import { Client } from 'pg';
import { ApiClient } from './api-client';
import { crmApiKey } from './crm/api-key';
import { contactsBatchUrl, demoSyncName, findOrMakeDemoSync } from './demo-sync';
import { Story } from './story';
import { makeChannels, tellAlertStory } from './alert-story';
import { finished, tellStory } from './tell-story';
import { ensureTables } from './warehouse';

async function main(): Promise<void> {
  const env = process.env;
  const crmUrl = needed(env, 'CRM_URL').replace(/\/$/, '');
  const api = new ApiClient(needed(env, 'API_URL').replace(/\/$/, ''), needed(env, 'API_TOKEN'));
  const places = { warehouseUrl: needed(env, 'WAREHOUSE_URL'), crmUrl, crmApiKey: crmApiKey(env) };

  const client = new Client({ connectionString: places.warehouseUrl });
  await client.connect();
  try {
    // A model is tried against its source when it is created, so the tables have to be there first.
    await ensureTables(client);
    const { syncId, sourceId, destinationUrl } = await findOrMakeDemoSync(api, places);
    progress(`sync "${demoSyncName}" is ${syncId}`);
    if (destinationUrl !== null && destinationUrl !== contactsBatchUrl(crmUrl)) {
      progress(`its destination sends to ${destinationUrl}, but the CRM now listens at ${crmUrl}`);
    }

    const story = await Story.open(client, syncId);
    // Once it is told, channels and alerts are up to whoever tries them out.
    const isNew = !story.hasToldAlerts;
    if (isNew) {
      await makeChannels(api, {
        url: needed(env, 'INBOX_URL').replace(/\/$/, ''),
        secret: needed(env, 'INBOX_WEBHOOK_SECRET'),
      });
    }
    const told = await tellStory({ api, story, syncId, ...places, progress });
    for (const difference of told.differences) progress(`numbers do not agree: ${difference}`);
    if (isNew) {
      await tellAlertStory({
        api,
        client,
        progress,
        sourceId,
        warehouseUrl: places.warehouseUrl,
        finished: (sync, run) => finished(api, sync, run),
      });
      await story.noteAlertsTold();
    }
    const [, second] = told.runs;
    await reportReady({
      sync_id: syncId,
      run_id: second?.id,
      crm_url: crmUrl,
      crm_contacts: told.crmContacts,
      runs: told.runs,
      differences: told.differences,
    });
  } finally {
    await client.end();
  }
}

function needed(env: NodeJS.ProcessEnv, name: string): string {
  const value = env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

function progress(text: string): void {
  if (process.send) process.send({ type: 'progress', text });
  else console.log(text);
}

// Resolves when the message is out: the process ends right after.
function reportReady(ready: object): Promise<void> {
  return new Promise((resolve) => {
    if (process.send) process.send({ type: 'ready', ...ready }, undefined, undefined, () => resolve());
    else resolve(console.log(JSON.stringify(ready, null, 2)));
  });
}

// What fetch throws says only "fetch failed"; why is in its cause, and of several addresses tried in their own errors.
function inWords(error: Error & { readonly errors?: readonly Error[] }): string {
  const cause = error.cause ?? error.errors?.[0];
  const why = cause instanceof Error ? inWords(cause) : '';
  return [error.message, why].filter((part) => part !== '').join(': ');
}

function end(): void {
  // An open IPC channel would keep the process alive.
  process.removeAllListeners('disconnect');
  if (process.connected) process.disconnect();
}

// A parent that is gone has nobody to tell the story to; the next start carries on.
process.on('disconnect', () => process.exit(1));

main()
  .catch((error: Error) => {
    console.error(`The demo could not be told: ${inWords(error)}`);
    process.exitCode = 1;
  })
  .finally(end);
