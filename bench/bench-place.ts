// Owns the surroundings of a benchmark: PostgreSQL, Temporal and our database, in a temporary folder of their own.
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Knex } from 'knex';
import { connect } from '../db/connect';
import { migrateLatest } from '../db/migrate';
import { seedWorkspace } from '../db/seed-workspace';
import { anyFreePort } from '../scripts/launcher/free-port';
import {
  type NodeProgram,
  type RunningProgram,
  runProgram,
  startProgram,
} from '../scripts/launcher/processes/node-child';
import { reachableClusterFolder } from '../scripts/launcher/postgres/postgres-install';
import {
  ensureDatabase,
  type PostgresServer,
  startPostgres,
} from '../scripts/launcher/postgres/postgres-server';
import { projectRoot } from '../scripts/launcher/project-root';
import { launcherSettings } from '../scripts/launcher/start-services';
import { ensureTemporalBinary } from '../scripts/launcher/temporal/temporal-binary';
import { startTemporal } from '../scripts/launcher/temporal/temporal-server';
import { workerProgram } from '../scripts/launcher/processes/worker-program';
import { ensureWorkflowBundle } from '../worker/build-bundle';

/** Servers as `npm start` runs them, with nothing else on them. Source and destination are databases beside ours. */
export interface BenchPlace {
  readonly knex: Knex;
  readonly temporal: Client;
  readonly secretKey: Buffer;
  readonly workspaceId: string;
  /** The API's base, `http://…/api/v1`, and a token for it. */
  readonly api: { readonly url: string; readonly token: string };
  readonly databaseUrl: string;
  readonly warehouseUrl: string;
  readonly targetUrl: string;
  /** File PostgreSQL logs to. */
  readonly postgresLog: string;
  /** Versions of what is measured on. */
  readonly versions: { readonly postgres: string; readonly temporal: string };
  /** Starts a worker as `npm start` does; `env` comes to its environment. */
  startWorker(env?: NodeJS.ProcessEnv): Promise<RunningProgram>;
  /** Starts another program of dist/ in the same environment; `env` comes to it. */
  startProgram(name: string, script: string, env?: NodeJS.ProcessEnv): Promise<RunningProgram>;
  /** Runs a program of dist/ to its end and returns what it said with its ready message. */
  runProgram(
    name: string,
    script: string,
    args: readonly string[],
  ): Promise<Readonly<Record<string, unknown>>>;
  /** Ends what startWorker and startProgram have started and nobody has stopped. */
  endPrograms(): Promise<void>;
  /** Ends everything and removes the folder. */
  close(): Promise<void>;
}

// Everything in it is thrown away; a server that does not stop by then is killed.
const stopMs = 5000;

/** Starts everything; `say` hears what is waited for. */
export async function openBenchPlace(say: (text: string) => void): Promise<BenchPlace> {
  const folder = mkdtempSync(join(tmpdir(), 'signalsmith-bench-'));
  // PostgreSQL runs as another user when root starts it, and has to pass through.
  chmodSync(folder, 0o711);
  const clusterFolder = reachableClusterFolder(join(folder, 'postgres'));
  const stops: (() => Promise<unknown>)[] = [];
  const close = async (): Promise<void> => {
    for (const stop of stops.splice(0).toReversed()) await stop();
    for (const made of [folder, clusterFolder]) rmSync(made, { recursive: true, force: true });
  };
  try {
    const postgres = await openPostgres(folder, clusterFolder, stops);
    const temporal = await openTemporal(folder, say, stops);
    const connection = await Connection.connect({ address: temporal.address });
    stops.push(() => connection.close());
    await migrateLatest(postgres.url('signalsmith'));
    const knex = connect(postgres.url('signalsmith'), { poolSize: 5 });
    stops.push(() => knex.destroy());
    const token = randomBytes(24).toString('hex');
    const { workspaceId } = await seedWorkspace(knex, { workspaceName: 'Bench', apiToken: token });
    const secretKey = randomBytes(32);
    const { codePath } = await ensureWorkflowBundle(
      join(projectRoot, 'node_modules', '.cache', 'signalsmith'),
    );
    const env = {
      ...process.env,
      DATABASE_URL: postgres.url('signalsmith'),
      TEMPORAL_ADDRESS: temporal.address,
      // A file that is not there: no profile of the user's own gets in.
      TEMPORAL_CONFIG_FILE: join(folder, 'no-temporal-profiles.toml'),
      SECRET_KEY: secretKey.toString('base64'),
      WORKFLOW_BUNDLE: codePath,
      ALLOWED_INSIDE_ADDRESSES: '127.0.0.1',
      LOG_LEVEL: 'warn',
      // Five hundred triggers at once, again and again, are what is measured.
      RATE_LIMIT_READS: '0',
      RATE_LIMIT_WRITES: '0',
      RATE_LIMIT_TRIGGERS: '0',
      // Histories of the figures are years long, and every row of them is asked for.
      RUN_RETENTION_DAYS: '0',
      ROW_ERROR_RETENTION_DAYS: '0',
      PORT: String(await anyFreePort('127.0.0.1')),
    };
    const start = (program: NodeProgram): Promise<RunningProgram> =>
      startProgram(program, (child) => stops.push(() => child.stop(stopMs)));
    const api = await start({
      name: 'The API',
      script: 'api/main.js',
      env,
      logFile: join(folder, 'api.log'),
    });
    const programs: RunningProgram[] = [];
    const startOne = async (program: NodeProgram): Promise<RunningProgram> => {
      const running = await start(program);
      programs.push(running);
      return running;
    };
    return {
      knex,
      api: { url: `${String(api.ready['url'])}/api/v1`, token },
      temporal: new Client({ connection }),
      secretKey,
      workspaceId,
      databaseUrl: postgres.url('signalsmith'),
      warehouseUrl: postgres.url('warehouse'),
      targetUrl: postgres.url('target'),
      postgresLog: join(folder, 'postgres.log'),
      versions: { postgres: postgres.version, temporal: temporal.version },
      startWorker: (more = {}) => startOne(workerProgram({ ...env, ...more }, join(folder, 'worker.log'))),
      startProgram: (name, script, more = {}) =>
        startOne({ name, script, env: { ...env, ...more }, logFile: join(folder, `${name}.log`) }),
      runProgram: (name, script, args) =>
        runProgram({ name, script, args: [...args], env, logFile: join(folder, `${name}.log`) }, (child) =>
          stops.push(() => child.stop(stopMs)),
        ),
      endPrograms: async () => {
        await Promise.all(programs.splice(0).map((program) => program.stop(stopMs)));
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

async function openPostgres(
  folder: string,
  clusterFolder: string,
  stops: (() => Promise<unknown>)[],
): Promise<PostgresServer> {
  const postgres = await startPostgres({
    clusterFolder,
    logFile: join(folder, 'postgres.log'),
    port: await anyFreePort('127.0.0.1'),
    password: null,
    settings: launcherSettings,
    onSpawn: (server) => stops.push(() => server.stop(stopMs)),
  });
  for (const name of ['signalsmith', 'warehouse', 'target'])
    await ensureDatabase(postgres.url('postgres'), name);
  return postgres;
}

async function openTemporal(
  folder: string,
  say: (text: string) => void,
  stops: (() => Promise<unknown>)[],
): Promise<{ address: string; version: string }> {
  const binary = await ensureTemporalBinary(say);
  mkdirSync(join(folder, 'temporal'));
  const { address } = await startTemporal({
    binary,
    folder: join(folder, 'temporal'),
    logFile: join(folder, 'temporal.log'),
    port: await anyFreePort('127.0.0.1'),
    uiPort: null,
    namespace: 'default',
    onSpawn: (server) => stops.push(() => server.stop(stopMs)),
  });
  return { address, version: binary.serverVersion };
}
