// Owns the demo CRM's process: environment in, ready message out, and an end when asked or when the parent is gone.

import fs from 'node:fs';
import path from 'node:path';
import { crmApiKey, crmDataDir } from './api-key';
import { type Crm, type CrmOptions, createCrm } from './create-crm';

async function main(): Promise<void> {
  const dataDir = crmDataDir(process.env);
  const host = process.env['CRM_HOST'] || '127.0.0.1';
  const options = { dataDir, host, apiKey: crmApiKey(process.env) };
  const crm = await startOnPort(options, portFrom(process.env['CRM_PORT']));

  let isStopping = false;
  const stop = (): void => {
    if (isStopping) return;
    isStopping = true;
    void crm.close().then(() => process.exit(0));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);
  // Only a child with an IPC channel gets this: its parent has died, however it died.
  process.on('disconnect', stop);
  process.send?.({ type: 'ready', url: crm.url });
  if (!process.send) console.log(`Demo CRM at ${crm.url}`);
}

function portFrom(text: string | undefined): number {
  const port = Number(text || 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(`CRM_PORT must be a port number or 0 for a free one, not "${text}"`);
  }
  return port;
}

// A destination stores this server's address, so a free port, once taken, is taken again at the next start.
async function startOnPort(options: CrmOptions, port: number): Promise<Crm> {
  const portFile = path.join(options.dataDir, 'port');
  const lastPort = fs.existsSync(portFile) ? Number(fs.readFileSync(portFile, 'utf8')) : 0;
  const crm = await createCrm({ ...options, port: port || lastPort }).catch(
    (error: NodeJS.ErrnoException) => {
      if (port === 0 && lastPort !== 0 && error.code === 'EADDRINUSE') return createCrm(options);
      throw error;
    },
  );
  fs.writeFileSync(portFile, String(crm.port));
  return crm;
}

main().catch((error: Error) => {
  console.error(`The demo CRM could not start: ${error.message}`);
  process.exit(1);
});
