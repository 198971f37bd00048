// Owns where the demo CRM's API key comes from: the environment, else a file beside its data. Not how it is checked.

import crypto from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';

/** Folder of the demo CRM's data by the environment: CRM_DATA_DIR, else `crm` in DATA_DIR. */
export function crmDataDir(env: NodeJS.ProcessEnv): string {
  return env['CRM_DATA_DIR'] || path.join(env['DATA_DIR'] || '.data', 'crm');
}

/** CRM_API_KEY, else the key kept in the data folder, made there the first time. */
export function crmApiKey(env: NodeJS.ProcessEnv): string {
  if (env['CRM_API_KEY']) return env['CRM_API_KEY'];
  const file = path.join(crmDataDir(env), 'api-key');
  if (!fs.existsSync(file)) {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(file, `crm_${crypto.randomBytes(24).toString('base64url')}\n`, {
      mode: 0o600,
      flag: 'wx',
    });
  }
  return fs.readFileSync(file, 'utf8').trim();
}
