// Owns the demo inbox's process: environment in, ready message out, and an end when asked or when the parent is gone.
import { join } from 'node:path';
import { createInbox } from './create-inbox';

async function main(): Promise<void> {
  const port = Number(process.env['INBOX_PORT'] || 0);
  const secret = process.env['INBOX_WEBHOOK_SECRET'];
  const host = process.env['INBOX_HOST'] || '127.0.0.1';
  const dataDir = process.env['INBOX_DATA_DIR'] || join(process.env['DATA_DIR'] || '.data', 'inbox');
  const file = join(dataDir, 'messages.ndjson');
  const inbox = await createInbox({ file, port, host, secrets: secret ? [secret] : [] });
  const stop = (): void => void inbox.close().then(() => process.exit(0));
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
  // Only a child with an IPC channel gets this: its parent has died, however it died.
  process.once('disconnect', stop);
  process.send?.({ type: 'ready', url: inbox.url, slack_url: inbox.slackUrl, webhook_url: inbox.webhookUrl });
  if (!process.send) console.log(`Demo inbox at ${inbox.url}`);
}

main().catch((error: Error) => {
  console.error(`The demo inbox could not start: ${error.message}`);
  process.exit(1);
});
