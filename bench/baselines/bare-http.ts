// Owns the baseline of HTTP delivery: the same batches, built beforehand, by as many bare undici loops.
import { Pool } from 'undici';
import type { Client } from 'pg';

/** The model's rows as request bodies of `batchRows` each. Read page by page: as objects all of them take a gigabyte. */
export async function requestBodies(warehouse: Client, model: string, batchRows: number): Promise<Buffer[]> {
  const bodies: Buffer[] = [];
  await warehouse.query(`BEGIN; DECLARE model CURSOR FOR ${model}`);
  for (;;) {
    const { rows } = await warehouse.query<object>(`FETCH ${batchRows} FROM model`);
    if (rows.length === 0) break;
    bodies.push(Buffer.from(JSON.stringify(rows)));
  }
  await warehouse.query('COMMIT');
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
