// Brings up our own programs on the services: migrations, API, worker, demo. Owns their environment, not their work.
import { join } from 'node:path';
import { apiBaseUrl } from './ready-block';
import type { DemoIds } from './ready-block';
import { LaunchError } from './launch-error';
import { keepRunning } from './processes/keep-running';
import { runProgram } from './processes/node-child';
import { workerProgram } from './processes/worker-program';
import { type DatabaseService, type Launch, type TemporalService } from './start-services';

/** Everything the programs are told. */
export interface Surroundings {
  /** Of the API; found free. */
  port: number;
  database: DatabaseService;
  temporal: TemporalService;
  bundlePath: string;
  apiToken: string;
  secretKey: string;
}

export interface RunningPrograms {
  apiUrl: string;
  /** Null when there is no demo, or it did not succeed. */
  demo: DemoIds | null;
  crmUrl: string | null;
  /** Where the demo's alerts can be read. */
  inboxUrl: string | null;
}

const firstCrmPort = 8090;
const firstInboxPort = 8095;

/**
 * Runs the migrations, then starts API and worker, then the demo. A program that dies is started again; onEnd hears of
 * one that cannot be kept up.
 */
export async function startPrograms(
  launch: Launch,
  surroundings: Surroundings,
  onEnd: (words: string) => void,
): Promise<RunningPrograms> {
  const { port } = surroundings;
  const env = programEnv(launch, surroundings);
  await migrate(launch, env);
  const [apiUrl] = await Promise.all([startApi(launch, env, port, onEnd), startWorker(launch, env, onEnd)]);
  const { warehouseUrl } = surroundings.database;
  if (warehouseUrl === null) return { apiUrl, demo: null, crmUrl: null, inboxUrl: null };
  const [crmUrl, inboxUrl] = await Promise.all([
    startCrm(launch, env, onEnd),
    startInbox(launch, env, onEnd),
  ]);
  const demo = await tellDemo(launch, {
    ...env,
    API_URL: apiUrl,
    WAREHOUSE_URL: warehouseUrl,
    CRM_URL: crmUrl,
    INBOX_URL: inboxUrl,
  });
  return { apiUrl, demo, crmUrl, inboxUrl };
}

function programEnv(launch: Launch, given: Surroundings): NodeJS.ProcessEnv {
  const { config, dataDir } = launch;
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    PORT: String(given.port),
    HOST: config.host,
    DATABASE_URL: given.database.databaseUrl,
    TEMPORAL_ADDRESS: given.temporal.address,
    TEMPORAL_NAMESPACE: config.temporalNamespace,
    TEMPORAL_UI_URL: given.temporal.uiUrl ?? '',
    PUBLIC_URL: config.publicUrl ?? apiBaseUrl(config.host, given.port),
    DATA_DIR: dataDir.path,
    API_TOKEN: given.apiToken,
    SECRET_KEY: given.secretKey,
    WORKFLOW_BUNDLE: given.bundlePath,
    LOG_LEVEL: config.logLevel,
    CRM_DATA_DIR: dataDir.folder('crm'),
    INBOX_DATA_DIR: dataDir.folder('inbox'),
    // Signs what the demo's webhook is sent; the form is Standard Webhooks'.
    INBOX_WEBHOOK_SECRET: `whsec_${dataDir.secret('inbox-secret', 'base64')}`,
  };
  // The demo's CRM, and whatever somebody who tries this out has on his own machine. With a database from elsewhere this is no
  // trial any more, and nothing inside may be called unless it is allowed.
  if (config.allowedInsideAddresses === null && (config.demo || config.databaseUrl === null))
    env['ALLOWED_INSIDE_ADDRESSES'] = '127.0.0.0/8,::1';
  if (config.temporalAddress === null) {
    // The user's own Temporal profile (TLS, API key) is for another service than our dev server.
    for (const name of Object.keys(env))
      if (/^TEMPORAL_(TLS|API_KEY|PROFILE|GRPC_META|CLIENT_)/.test(name)) delete env[name];
    // A file that is not there: envconfig 1.24 reads that as no profiles, and throws on an empty one.
    env['TEMPORAL_CONFIG_FILE'] = join(dataDir.path, 'no-temporal-profiles.toml');
  }
  return env;
}

function migrate({ dataDir, progress, parts }: Launch, env: NodeJS.ProcessEnv): Promise<void> {
  return progress.step('migrations', 'waiting for the migrations', async () => {
    const logFile = dataDir.logFile('migrations');
    await runProgram({ name: 'The migrations', script: 'scripts/migrate.js', env, logFile }, (child) =>
      parts.add('step', child),
    );
    return { text: 'up to date', value: undefined };
  });
}

function startApi(
  launch: Launch,
  env: NodeJS.ProcessEnv,
  port: number,
  onEnd: (words: string) => void,
): Promise<string> {
  return launch.progress.step('API', 'waiting for the API to listen', async () => {
    const program = { name: 'The API', script: 'api/main.js', env, logFile: launch.dataDir.logFile('api') };
    const { url } = await keepRunning(launch, 'api', program, onEnd);
    const apiUrl = typeof url === 'string' ? url : apiBaseUrl(launch.config.host, port);
    return { text: apiUrl, value: apiUrl };
  });
}

function startWorker(launch: Launch, env: NodeJS.ProcessEnv, onEnd: (words: string) => void): Promise<void> {
  return launch.progress.step('worker', 'waiting for the worker to poll', async () => {
    const program = workerProgram(env, launch.dataDir.logFile('worker'));
    await keepRunning(launch, 'worker', program, onEnd);
    return { text: 'polling', value: undefined };
  });
}

function startCrm(launch: Launch, env: NodeJS.ProcessEnv, onEnd: (words: string) => void): Promise<string> {
  const part: DemoServer = {
    name: 'demo CRM',
    kind: 'crm',
    script: 'demo/crm/main.js',
    firstPort: firstCrmPort,
  };
  return startDemoServer(launch, part, env, onEnd);
}

function startInbox(launch: Launch, env: NodeJS.ProcessEnv, onEnd: (words: string) => void): Promise<string> {
  const part: DemoServer = {
    name: 'demo inbox',
    kind: 'inbox',
    script: 'demo/inbox/main.js',
    firstPort: firstInboxPort,
  };
  return startDemoServer(launch, part, env, onEnd);
}

interface DemoServer {
  name: string;
  kind: 'crm' | 'inbox';
  script: string;
  firstPort: number;
}

/** Listens where it did last time: what the demo has made in the product sends there. */
function startDemoServer(
  launch: Launch,
  { name, kind, script, firstPort }: DemoServer,
  env: NodeJS.ProcessEnv,
  onEnd: (words: string) => void,
): Promise<string> {
  const { dataDir, progress } = launch;
  return progress.step(name, `waiting for the ${name} to listen`, async () => {
    const port = await dataDir.rememberedPort(kind, firstPort, (from, to) =>
      progress.note(name, `port ${from} is taken now, moved to ${to}; the demo still sends to the old one`),
    );
    const prefix = kind.toUpperCase();
    const program = {
      name: `The ${name}`,
      script,
      env: { ...env, [`${prefix}_PORT`]: String(port), [`${prefix}_HOST`]: '127.0.0.1' },
      logFile: dataDir.logFile(kind),
    };
    const ready = await keepRunning(launch, kind, program, onEnd);
    const url = String(ready['url']);
    return { text: url, value: url };
  });
}

/** The demo shows the product; when it fails the product still runs, so the failure is told and not fatal. */
async function tellDemo(launch: Launch, env: NodeJS.ProcessEnv): Promise<DemoIds | null> {
  const { dataDir, parts, progress } = launch;
  const program = { name: 'The demo', script: 'demo/main.js', env, logFile: dataDir.logFile('demo') };
  try {
    return await progress.step('demo', 'waiting for the demo runs', async (say) => {
      const ready = await runProgram({ ...program, say }, (child) => parts.add('demo', child));
      const ids = { syncId: ready['sync_id'], runId: ready['run_id'], contacts: ready['crm_contacts'] };
      if (typeof ids.syncId !== 'string' || typeof ids.runId !== 'string')
        throw new LaunchError('The demo ended without ids.');
      const contacts = typeof ids.contacts === 'number' ? ids.contacts : null;
      return { text: `sync ${ids.syncId}`, value: { syncId: ids.syncId, runId: ids.runId, contacts } };
    });
  } catch (error) {
    if (!(error instanceof LaunchError)) throw error;
    progress.note('demo', error.message);
    return null;
  }
}
