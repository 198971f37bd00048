// Brings up PostgreSQL, Temporal and the workflow bundle, or checks the services the configuration names. Not our programs.
import type { Config, PortVariable } from '../../config';
import type { DataDir } from './data-dir';
import { checkDatabase, checkTemporal, lackingSearchAttributes } from './external-services';
import { isPortFree, nextFreePort } from './free-port';
import { keepUp, type OnGivenUp } from './processes/keep-running';
import { LaunchError } from './launch-error';
import { runProgram } from './processes/node-child';
import { ensureDatabase, startPostgres } from './postgres/postgres-server';
import type { Progress } from './progress';
import type { RunningParts } from './processes/running-parts';
import { ensureTemporalBinary } from './temporal/temporal-binary';
import { startTemporal } from './temporal/temporal-server';

/** What every step of the start gets. */
export interface Launch {
  config: Config;
  dataDir: DataDir;
  progress: Progress;
  parts: RunningParts;
}

export interface DatabaseService {
  databaseUrl: string;
  /** The demo's warehouse; null when there is no demo. */
  warehouseUrl: string | null;
}

export interface TemporalService {
  address: string;
  uiUrl: string | null;
}

// Below the range from which systems hand out ports to outgoing connections, so that it stays free for the next start.
const firstPostgresPort = 15432;

/** On a server that is not ours the demo keeps to a database whose name nobody else uses. */
const foreignWarehouse = 'signalsmith_demo_warehouse';

/** A page cache the size of a small warehouse, and checkpoints rare enough not to slow a big run's writes. */
export const launcherSettings = { shared_buffers: '256MB', max_wal_size: '4GB', max_connections: '200' };

/** An embedded server that dies is started again; `onGivenUp` hears of one that cannot be kept up. */
export function startDatabase(launch: Launch, onGivenUp: OnGivenUp): Promise<DatabaseService> {
  const { config, progress } = launch;
  const { databaseUrl } = config;
  return databaseUrl === null
    ? progress.step('PostgreSQL', 'waiting for the embedded server to answer', () =>
        embeddedDatabase(launch, onGivenUp),
      )
    : progress.step('PostgreSQL', 'waiting for the server of DATABASE_URL', async () => {
        const { version, place } = await checkDatabase(databaseUrl);
        return { text: `${version} at ${place}`, value: await foreignDatabase(databaseUrl, config.demo) };
      });
}

async function embeddedDatabase(
  launch: Launch,
  onGivenUp: OnGivenUp,
): Promise<{ text: string; value: DatabaseService }> {
  const { config, dataDir, progress, parts } = launch;
  const port = await dataDir.rememberedPort('postgres', firstPostgresPort, (from, to) =>
    progress.note(
      'PostgreSQL',
      `port ${from} is taken now, moved to ${to}; sources that name the old port need the new one`,
    ),
  );
  const start = async () => {
    const server = await startPostgres({
      clusterFolder: dataDir.clusterFolder,
      logFile: dataDir.logFile('postgres'),
      port,
      password: dataDir.secret('postgres-password', 'base64url'),
      settings: launcherSettings,
      onSpawn: (process) => parts.add('postgres', process),
    });
    return { ...server, ended: server.process.ended };
  };
  const server = await keepUp(launch, { name: 'PostgreSQL', start }, onGivenUp);
  await ensureDatabase(server.url('postgres'), 'signalsmith');
  if (config.demo) await ensureDatabase(server.url('postgres'), 'warehouse');
  return {
    text: `${server.version} on 127.0.0.1:${port}, data in ${dataDir.clusterFolder}`,
    value: {
      databaseUrl: server.url('signalsmith'),
      warehouseUrl: config.demo ? server.url('warehouse') : null,
    },
  };
}

async function foreignDatabase(databaseUrl: string, demo: boolean): Promise<DatabaseService> {
  if (!demo) return { databaseUrl, warehouseUrl: null };
  try {
    await ensureDatabase(databaseUrl, foreignWarehouse);
  } catch (error) {
    throw new LaunchError(
      `DEMO=1 needs the database ${foreignWarehouse} beside the one of DATABASE_URL, and it cannot be made: ${(error as Error).message}. ` +
        'Create it by hand, or set DEMO=0.',
    );
  }
  const warehouse = new URL(databaseUrl);
  warehouse.pathname = `/${foreignWarehouse}`;
  return { databaseUrl, warehouseUrl: warehouse.href };
}

/** A dev server that dies is started again; `onGivenUp` hears of one that cannot be kept up. */
export function startTemporalService(launch: Launch, onGivenUp: OnGivenUp): Promise<TemporalService> {
  const { config, progress } = launch;
  const { temporalAddress, temporalNamespace } = config;
  return temporalAddress === null
    ? progress.step('Temporal', 'waiting for the dev server to become healthy', (say) =>
        devTemporal(launch, say, onGivenUp),
      )
    : progress.step('Temporal', 'waiting for the service of TEMPORAL_ADDRESS', async () => {
        await checkTemporal(temporalAddress, temporalNamespace);
        const lacking = await lackingSearchAttributes(temporalAddress, temporalNamespace);
        if (lacking !== null && lacking.length > 0)
          throw new LaunchError(searchAttributeHelp(lacking, config));
        return {
          text: `${temporalAddress}, namespace ${temporalNamespace}`,
          value: { address: temporalAddress, uiUrl: config.temporalUiUrl },
        };
      });
}

async function devTemporal(
  launch: Launch,
  say: (text: string) => void,
  onGivenUp: OnGivenUp,
): Promise<{ text: string; value: TemporalService }> {
  const { config, dataDir, parts } = launch;
  const binary = await ensureTemporalBinary(say);
  const port = await usablePort(launch, 'TEMPORAL_PORT', config.temporalPort, '127.0.0.1');
  const uiPort = await usablePort(launch, 'TEMPORAL_UI_PORT', config.temporalUiPort, '127.0.0.1', [port]);
  const start = async () => {
    const server = await startTemporal({
      binary,
      folder: dataDir.folder('temporal'),
      logFile: dataDir.logFile('temporal'),
      port,
      uiPort,
      namespace: config.temporalNamespace,
      onSpawn: (process) => parts.add('temporal', process),
    });
    return { ...server, ended: server.process.ended };
  };
  const server = await keepUp(launch, { name: 'Temporal', start }, onGivenUp);
  return {
    text: `dev server ${binary.serverVersion} (${binary.origin}) on ${server.address}`,
    value: { address: server.address, uiUrl: server.uiUrl },
  };
}

function searchAttributeHelp(lacking: readonly string[], config: Config): string {
  const names = lacking.map((name) => `--name ${name} --type Keyword`).join(' ');
  return (
    `Temporal namespace "${config.temporalNamespace}" lacks the search attributes ${lacking.join(', ')}. Add them once with\n` +
    `  temporal operator search-attribute create --address ${config.temporalAddress} --namespace ${config.temporalNamespace} ${names}`
  );
}

/** The configured port. When it is taken: an error if set by hand, else the next free one, said. */
export async function usablePort(
  { config, progress }: Pick<Launch, 'config' | 'progress'>,
  variable: PortVariable,
  wanted: number,
  host: string,
  taken: readonly number[] = [],
): Promise<number> {
  if (!taken.includes(wanted) && (await isPortFree(wanted, host))) return wanted;
  if (config.portsSetByHand.has(variable)) {
    throw new LaunchError(
      `Port ${wanted} (${variable}) is taken by another program. Stop that one, or set ${variable} to a free port.`,
    );
  }
  const port = await nextFreePort(wanted + 1, host, taken);
  progress.note('port', `${wanted} is taken, using ${port} (${variable} sets it)`);
  return port;
}

/** Builds the bundle unless it is in the cache; returns its path. */
export function prepareBundle({ dataDir, progress, parts }: Launch): Promise<string> {
  return progress.step('workflow bundle', 'waiting for the bundler', async () => {
    const { codePath, built } = await runProgram(
      {
        name: 'The workflow bundler',
        script: 'scripts/build-bundle.js',
        args: [dataDir.folder('cache')],
        env: process.env,
        logFile: dataDir.logFile('bundle'),
      },
      (child) => parts.add('step', child),
    );
    if (typeof codePath !== 'string') throw new LaunchError('The workflow bundle was not named.');
    return { text: built === true ? 'built' : 'unchanged', value: codePath };
  });
}
