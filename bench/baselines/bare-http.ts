// Owns the baseline of HTTP delivery: the same batches, built beforehand, by as many bare undici loops.
import { Pool } from 'undici';
import type { Client } from 'pg';

/** The model's rows as request bodies of `batchRows` each. */
export async function requestBodies(warehouse: Client, model: string, batchRows: number): Promise<Buffer[]> {
  const { rows } = await warehouse.query<object>(model);
  const bodies: Buffer[] = [];
  for (let from = 0; from < rows.length; from += batchRows)
    bodies.push(Buffer.from(JSON.stringify(rows.slice(from, from + batchRows))));
  return bodies;
}

/** Sends every body once, `concurrency` at a time. */
export async function sendAll(url: string, bodies: readonly Buffer[], concurrency: number): Promise<void> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: concurrency, pipelining: 1 });
  let next = 0;
  const loop = async (): Promise<void> => {
    for (let body = bodies[next++]; body; body = bodies[next++]) {
      const answer = await pool.request({
        path: pathname,
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      });
      await answer.body.dump();
      if (answer.statusCode !== 200) throw new Error(`the sink answered ${answer.statusCode}`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, loop));
  await pool.close();
}
