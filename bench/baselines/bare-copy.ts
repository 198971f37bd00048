// Owns the baseline C: the model's result by COPY … TO STDOUT, thrown away. Looks at no byte of it.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { Writable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client } from 'pg';
import { to } from 'pg-copy-streams';

/** Milliseconds of one COPY over an open connection, read by pg-copy-streams and dropped. */
export async function copyInNode(client: Client, model: string): Promise<number> {
  const startedMs = performance.now();
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done(), highWaterMark: 1024 * 1024 });
  await pipeline(client.query(to(`COPY (${model}) TO STDOUT`)), nowhere);
  return performance.now() - startedMs;
}

/** Whether there is a psql to compare with. */
export function hasPsql(): boolean {
  return spawnSync('psql', ['--version'], { stdio: 'ignore' }).status === 0;
}

/** Milliseconds of `psql -c 'COPY (model) TO STDOUT' > /dev/null`, its start included. */
export async function copyInPsql(url: string, model: string): Promise<number> {
  const startedMs = performance.now();
  const psql = spawn('psql', ['--no-psqlrc', '--quiet', '--command', `COPY (${model}) TO STDOUT`, url], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [code] = (await once(psql, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`psql ended with ${code}`);
  return performance.now() - startedMs;
}
