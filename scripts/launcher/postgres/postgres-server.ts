// Runs one embedded PostgreSQL on loopback and makes databases in it. Knows nothing of our tables.
import { setTimeout as sleep } from 'node:timers/promises';
import { join } from 'node:path';
import { Client, escapeIdentifier } from 'pg';
import { LaunchError } from '../launch-error';
import { ensureCluster, superuser } from './postgres-cluster';
import { preparePostgres } from './postgres-install';
import { type ServerProcess, spawnServer } from '../processes/spawn-server';

export interface PostgresOptions {
  /** The data directory proper; made when missing. */
  clusterFolder: string;
  logFile: string;
  port: number;
  /** Null: everyone on loopback may connect (tests). */
  password: string | null;
  /** Settings beside the ones every embedded server gets. */
  settings?: Readonly<Record<string, string>>;
  /** Lets the caller end a server that is still starting. */
  onSpawn?: (server: ServerProcess) => void;
}

/** A running PostgreSQL. */
export interface PostgresServer {
  port: number;
  version: string;
  process: ServerProcess;
  /** Connection URL of a database in it. */
  url(database: string): string;
}

// Recovery after kill -9 replays at most max_wal_size; a minute is ample for 4 GB on a slow disk.
const startTimeoutMs = 60_000;

/** Starts PostgreSQL and waits until it answers. Throws LaunchError with the server's own words. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const install = preparePostgres(options.clusterFolder);
  await ensureCluster(options.clusterFolder, install, options.password);
  const settings = {
    port: String(options.port),
    listen_addresses: '127.0.0.1',
    // No socket in /tmp: two data directories with one port number in their past would fight over its lock file.
    unix_socket_directories: '',
    timezone: 'UTC',
    ...options.settings,
  };
  const server = spawnServer({
    name: 'PostgreSQL',
    command: join(install.binFolder, 'postgres'),
    args: [
      '-D',
      options.clusterFolder,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    logFile: options.logFile,
    runAs: install.runAs,
    env: withoutPostgresVariables(process.env),
    cwd: '/',
  });
  const access =
    options.password === null ? superuser : `${superuser}:${encodeURIComponent(options.password)}`;
  const url = (database: string) => `postgres://${access}@127.0.0.1:${options.port}/${database}`;
  options.onSpawn?.(server);
  try {
    await untilItAnswers(server, url('postgres'), options.clusterFolder);
  } catch (error) {
    server.kill();
    throw error;
  }
  return { port: options.port, version: install.version, process: server, url };
}

/** Makes a database unless it is there, through a connection to another one. Returns whether it was made. */
export async function ensureDatabase(adminUrl: string, name: string): Promise<boolean> {
  const client = new Client({ connectionString: adminUrl });
  await client.connect();
  try {
    const found = await client.query('select 1 from pg_database where datname = $1', [name]);
    if (found.rowCount !== 0) return false;
    await client.query(`create database ${escapeIdentifier(name)}`);
    return true;
  } finally {
    await client.end();
  }
}

// Ours ends as soon as it cannot have the port; this is longer than that takes on a busy machine.
const strangerMs = 5_000;

async function untilItAnswers(server: ServerProcess, url: string, clusterFolder: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  let lastError = '';
  while (Date.now() < deadline) {
    if (server.hasEnded()) throw new LaunchError(`PostgreSQL did not start: ${complaint(server.output())}`);
    const client = new Client({ connectionString: url, connectionTimeoutMillis: 2000 });
    try {
      await client.connect();
      if (await serves(client, clusterFolder)) return;
      lastError = 'another server has the port';
    } catch (error) {
      lastError = (error as Error).message;
      // 28P01: the password file and the cluster do not belong together, and waiting does not help. Or somebody else's
      // server has taken the port since it was looked at: then ours is about to end, and says so.
      if ((error as { code?: string }).code === '28P01') {
        await Promise.race([server.ended, sleep(strangerMs)]);
        if (server.hasEnded()) continue;
        throw new LaunchError(
          'PostgreSQL refuses the password kept in the data directory. Restore it, or start afresh with `npm run reset`.',
        );
      }
    }
    await sleep(25);
  }
  throw new LaunchError(`PostgreSQL did not answer within ${startTimeoutMs / 1000} s: ${lastError}`);
}

/** Whether the server at the other end has this data directory. Ends the connection. */
async function serves(client: Client, clusterFolder: string): Promise<boolean> {
  try {
    const { rows } = await client.query<{ data_directory: string }>('SHOW data_directory');
    return rows[0]?.data_directory === clusterFolder;
  } finally {
    await client.end();
  }
}

function complaint(output: string): string {
  const lines = output.split('\n').filter((line) => /FATAL|PANIC|ERROR|HINT|could not|cannot/.test(line));
  return (lines.length > 0 ? lines : output.trim().split('\n')).slice(-4).join('\n  ') || 'it said nothing';
}

/** PGDATA, PGPORT and the like would override what we pass. */
function withoutPostgresVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !/^PG[A-Z]+$/.test(name)));
}
