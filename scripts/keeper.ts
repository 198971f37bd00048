// Owns the servers of one test run (PostgreSQL, Temporal, in a temporary folder) and ends with it: when the
// IPC channel to the test runner breaks, however that happened, it stops them and removes the folder. Not
// used outside tests.
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateLatest } from '../db/migrate';
import { ensureWorkflowBundle } from '../worker/build-bundle';
import { anyFreePort } from './launcher/free-port';
import { type PostgresServer, ensureDatabase, startPostgres } from './launcher/postgres/postgres-server';
import { reachableClusterFolder } from './launcher/postgres/postgres-install';
import { projectRoot } from './launcher/project-root';
import { ensureTemporalBinary } from './launcher/temporal/temporal-binary';
import { type TemporalServer, startTemporal } from './launcher/temporal/temporal-server';

/** What the tests get to know; an error stands for what could not be made, so that other tests still run. */
export interface KeeperReady {
  type: 'ready';
  adminUrl: string;
  templateDatabase: string;
  templateError: string | null;
  temporalAddress: string;
  bundlePath: string;
  bundleError: string | null;
  /** Everything the servers write; removed at the end. */
  folder: string;
}

const templateDatabase = 'signalsmith_template';
// Everything in it is thrown away; a test server that does not stop by then is killed.
const stopMs = 3000;

const folder = mkdtempSync(join(tmpdir(), 'signalsmith-test-'));
// PostgreSQL runs as another user when root starts it, and has to pass through.
chmodSync(folder, 0o711);
const clusterFolder = reachableClusterFolder(join(folder, 'postgres'));

let postgres: PostgresServer | undefined;
let temporal: TemporalServer | undefined;
let stopping: Promise<void> | undefined;

process.on('disconnect', () => void stop());
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => void stop());

start().then(
  (ready) => process.send?.(ready),
  (error: unknown) => {
    process.send?.(
      { type: 'failed', message: error instanceof Error ? error.message : String(error) },
      () => void stop(),
    );
  },
);

async function start(): Promise<KeeperReady> {
  mkdirSync(join(folder, 'temporal'));
  const [database, service, bundle] = await Promise.all([startDatabase(), startService(), buildBundle()]);
  return {
    type: 'ready',
    adminUrl: database.server.url('postgres'),
    templateDatabase,
    templateError: database.error,
    temporalAddress: service.address,
    folder,
    ...bundle,
  };
}

async function startDatabase(): Promise<{ server: PostgresServer; error: string | null }> {
  postgres = await startPostgres({
    clusterFolder,
    logFile: join(folder, 'postgres.log'),
    port: await anyFreePort('127.0.0.1'),
    password: null,
    // Nothing here outlives the run, so nothing has to reach the disk; suites run side by side, each with its pools.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  await ensureDatabase(postgres.url('postgres'), templateDatabase);
  const error = await errorOf(() => migrateLatest(postgres!.url(templateDatabase)));
  return { server: postgres, error };
}

async function startService(): Promise<TemporalServer> {
  const binary = await ensureTemporalBinary((text) =>
    process.send?.({ type: 'progress', text: `Temporal: ${text}` }),
  );
  temporal = await startTemporal({
    binary,
    folder: join(folder, 'temporal'),
    logFile: join(folder, 'temporal.log'),
    port: await anyFreePort('127.0.0.1'),
    uiPort: null,
    namespace: 'default',
  });
  return temporal;
}

async function buildBundle(): Promise<{ bundlePath: string; bundleError: string | null }> {
  let bundlePath = '';
  const bundleError = await errorOf(async () => {
    const cacheFolder = join(projectRoot, 'node_modules', '.cache', 'signalsmith');
    bundlePath = (await ensureWorkflowBundle(cacheFolder)).codePath;
  });
  return { bundlePath, bundleError };
}

async function errorOf(act: () => Promise<unknown>): Promise<string | null> {
  try {
    await act();
    return null;
  } catch (error) {
    return error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
}

function stop(): Promise<void> {
  stopping ??= (async () => {
    await Promise.all([temporal?.process.stop(stopMs), postgres?.process.stop(stopMs)]);
    rmSync(folder, { recursive: true, force: true });
    rmSync(clusterFolder, { recursive: true, force: true });
    process.exit(0);
  })();
  return stopping;
}
