// Runs one Temporal dev server on loopback, as temporal-dev.yml says. Does not find the binary.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, type ConnectionOptions } from '@temporalio/client';
import { parse } from 'yaml';
import { z } from 'zod';
import { LaunchError } from '../launch-error';
import { projectRoot } from '../project-root';
import { type ServerProcess, spawnServer } from '../processes/spawn-server';
import type { TemporalBinary } from './temporal-binary';

export interface TemporalOptions {
  binary: TemporalBinary;
  /** Folder of the database file; null keeps everything in memory. */
  folder: string | null;
  logFile: string;
  port: number;
  /** Null: no Web UI. */
  uiPort: number | null;
  namespace: string;
  /** Lets the caller end a server that is still starting. */
  onSpawn?: (server: ServerProcess) => void;
}

export interface TemporalServer {
  address: string;
  /** Null when the server runs without the Web UI. */
  uiUrl: string | null;
  process: ServerProcess;
}

/** The search attributes every run carries; temporal-dev.yml registers them. */
export const searchAttributes = ['SyncId', 'Trigger', 'RunStatus', 'WorkspaceId'] as const;

// Healthy after 0.2 s; a cold disk or a write-ahead log to replay takes longer.
const startTimeoutMs = 60_000;

const composeFile = z.object({
  services: z.object({ temporal: z.object({ command: z.array(z.string()) }) }),
});

/** The command of temporal-dev.yml without the flags that only fit the container. */
export function devCommand(): string[] {
  const text = readFileSync(join(projectRoot, 'temporal-dev.yml'), 'utf8');
  const { command } = composeFile.parse(parse(text)).services.temporal;
  return command.filter((argument) => !/^--(ip|port|ui-port|db-filename)=/.test(argument));
}

/** Starts Temporal and waits until its namespace and search attributes are there. Throws LaunchError. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const database =
    options.folder === null ? null : join(options.folder, `temporal-${options.binary.serverVersion}.db`);
  // Pragmas are for files; in memory the server refuses them.
  const command = devCommand().filter(
    (argument) => database !== null || !argument.startsWith('--sqlite-pragma='),
  );
  const address = `127.0.0.1:${options.port}`;
  const server = spawnServer({
    name: 'Temporal',
    command: options.binary.path,
    args: [
      ...command,
      '--ip=127.0.0.1',
      `--port=${options.port}`,
      ...(options.uiPort === null ? ['--headless'] : [`--ui-port=${options.uiPort}`]),
      ...(database === null ? [] : [`--db-filename=${database}`]),
      ...(options.namespace === 'default' ? [] : [`--namespace=${options.namespace}`]),
    ],
    logFile: options.logFile,
    env: withoutTemporalVariables(process.env),
  });
  options.onSpawn?.(server);
  try {
    await untilItAnswers(server, address, options.namespace);
  } catch (error) {
    server.kill();
    throw error;
  }
  return {
    address,
    uiUrl: options.uiPort === null ? null : `http://127.0.0.1:${options.uiPort}`,
    process: server,
  };
}

async function untilItAnswers(server: ServerProcess, address: string, namespace: string): Promise<void> {
  const deadline = Date.now() + startTimeoutMs;
  let lastError = '';
  while (Date.now() < deadline) {
    if (server.hasEnded()) {
      throw new LaunchError(
        `Temporal did not start: ${server.output().trim().split('\n').slice(-4).join('\n  ') || 'it said nothing'}`,
      );
    }
    try {
      const missing = await missingSearchAttributes({ address }, namespace);
      if (missing.length === 0) return;
      lastError = `search attributes ${missing.join(', ')} are missing`;
    } catch (error) {
      lastError = (error as Error).message;
    }
    await sleep(50);
  }
  throw new LaunchError(`Temporal did not become ready within ${startTimeoutMs / 1000} s: ${lastError}`);
}

/** The search attributes of ours that a namespace lacks. Rejects when the service is not reached. */
export async function missingSearchAttributes(
  options: ConnectionOptions,
  namespace: string,
): Promise<string[]> {
  // Two seconds: a service that is up answers at once, and the caller asks again.
  const connection = await Connection.connect({ ...options, connectTimeout: '2s' });
  try {
    const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
    return searchAttributes.filter((name) => customAttributes?.[name] === undefined);
  } finally {
    await connection.close();
  }
}

/** TEMPORAL_ADDRESS, TEMPORAL_TLS and the like are for clients of other services, not for this server. */
function withoutTemporalVariables(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('TEMPORAL_')));
}
