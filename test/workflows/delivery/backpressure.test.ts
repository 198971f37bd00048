// Source, journal and destination each slower than the others in turn: what the worker has taken in and not passed on
// stays bounded, and nothing gives up. Bytes are counted on the wire; no time is judged.
import { readFileSync } from 'node:fs';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import { Engine } from '../../support/engine/engine';
import { KillableWorker } from '../../support/processes/killable-worker';
import { MeteredGate } from '../../support/outside/metered-gate';
import { until } from '../../support/until';

const rowCount = 40_000;
const rowBytes = 2_000;
const megabyte = 1024 * 1024;
const slow = 20 * megabyte;
const lanes = 2;
const mostRead = 32 * megabyte;
// Two batches of 4 MiB for each lane, sockets, and what else comes from our database: 37 to 47 MB were seen. With
// nothing to hold the lanes back it is all 80 MB of the rows and more.
const mostWritten = 60 * megabyte;

let engine: Engine;
let worker: KillableWorker;
const gates: Record<'source' | 'journal' | 'destination', MeteredGate> = {} as never;
let sync: string;

beforeAll(async () => {
  engine = await Engine.start({ withWorker: false });
  const { ours, warehouse, target } = engine.databases;
  gates.source = await MeteredGate.openTo(warehouse.url);
  gates.journal = await MeteredGate.openTo(ours.url);
  gates.destination = await MeteredGate.openTo(target.url);
  worker = await KillableWorker.start(engine, { databaseUrl: gates.journal.url });
  await engine.warehouse.raw(`CREATE TABLE users AS SELECT n AS id, repeat('x', ${rowBytes}) AS body
    FROM generate_series(1, ${rowCount}) n`);
  await engine.target.raw('CREATE TABLE users (id int PRIMARY KEY, body text)');
  sync = await engine.sync({
    sql: 'SELECT * FROM users',
    mapping: ['id', 'body'].map((column) => ({ column, field: column })),
    object: { table: 'users' },
    sourceUrl: gates.source.url,
    destination: {
      kind: 'postgres',
      config: { atomic_rows: 0, lanes },
      secrets: { url: gates.destination.url },
    },
  });
}, 60_000);

afterAll(async () => {
  await worker.shutDown();
  await Promise.all(Object.values(gates).map((gate) => gate.close()));
  await engine.close();
});

/** The most the worker held of what it took from the source, and then of what it took from the journal. */
async function watched(runId: string): Promise<{ reading: number; writing: number }> {
  const most = { reading: 0, writing: 0 };
  const { source, journal, destination } = gates;
  const before = {
    reading: source.down - journal.up,
    // Before the writes little comes back from the journal: indexes, no rows.
    writing: journal.down - destination.up,
  };
  const look = setInterval(() => {
    most.reading = Math.max(most.reading, source.down - journal.up - before.reading);
    most.writing = Math.max(most.writing, journal.down - destination.up - before.writing);
  }, 5);
  try {
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_processed: rowCount,
      rows_failed: 0,
      counter_mismatch: 0,
    });
  } finally {
    clearInterval(look);
  }
  return most;
}

test.each(['source', 'journal', 'destination'] as const)(
  'a slow %s: the others wait',
  async (slowOne) => {
    await engine.warehouse.raw(`UPDATE users SET body = repeat('${slowOne.charAt(0)}', ${rowBytes})`);
    for (const gate of Object.values(gates)) gate.limit(Number.POSITIVE_INFINITY);
    gates[slowOne].limit(slowOne === 'destination' ? slow / lanes : slow);
    const passed = { source: gates.source.down, destination: gates.destination.up };
    const { reading, writing } = await watched(await engine.trigger(sync));
    // All of it went through the worker, several times what it may hold.
    expect(gates.source.down - passed.source).toBeGreaterThan(rowCount * rowBytes);
    expect(gates.destination.up - passed.destination).toBeGreaterThan(rowCount * rowBytes);
    expect(reading).toBeLessThan(mostRead);
    expect(writing).toBeLessThan(mostWritten);
    expect(peakMegabytes()).toBeLessThan(350);
  },
  90_000,
);

describe('a slow HTTP destination with calls of many lanes', () => {
  // Rows twice as wide: all of them are more than may be held many times over.
  const wide = 2 * rowBytes;
  // Sixteen calls and eight lanes ahead share 16 MiB, and as much is fetched ahead; each batch comes with the whole of the
  // journal batches (1 MiB) it begins and ends in, and three were answered to open all lanes: 71 MiB were seen. Batches of
  // 4 MiB come to 195, all of the rows.
  const mostFetched = 100 * megabyte;
  const concurrency = 16;
  let far: http.Server;
  let held: http.ServerResponse[];
  let isHolding = true;
  let calls: { key: string; bytes: number }[];

  beforeAll(async () => {
    [held, calls] = [[], []];
    far = http.createServer((request, response) => {
      let bytes = 0;
      request.on('data', (chunk: Buffer) => (bytes += chunk.length));
      request.on('end', () => {
        if (request.method === 'HEAD') return void response.writeHead(405).end();
        calls.push({ key: String(request.headers['idempotency-key']), bytes });
        // The first answers open all lanes.
        if (calls.length <= 3) return void response.end('{}');
        if (isHolding) return void held.push(response);
        return void setTimeout(() => response.end('{}'), 200);
      });
    });
    await new Promise<void>((resolve) => far.listen(0, '127.0.0.1', resolve));
  });
  afterAll(() => {
    far.closeAllConnections();
    far.close();
  });

  test('what is fetched for them stays bounded, and nothing gives up', async () => {
    for (const gate of Object.values(gates)) gate.limit(Number.POSITIVE_INFINITY);
    await engine.warehouse.raw(`UPDATE users SET body = repeat('h', ${wide})`);
    const url = `http://127.0.0.1:${(far.address() as AddressInfo).port}/`;
    const intoFar = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping: ['id', 'body'].map((column) => ({ column, field: column })),
      sourceUrl: gates.source.url,
      destination: {
        kind: 'http',
        config: { url, concurrency, batch_rows: 10_000, response: null },
        secrets: {},
      },
    });
    // Before the writes little comes back from the journal: indexes, no rows.
    const before = gates.journal.down;
    const runId = await engine.trigger(intoFar);
    await until('the writes to begin', () => calls.length > 0);
    let seen = -1;
    await until('all calls to be open, and nothing more to be fetched', async () => {
      seen = gates.journal.down;
      await new Promise((resolve) => setTimeout(resolve, 500));
      // A sign of life is less than a batch.
      return held.length === concurrency && gates.journal.down - seen < 100_000;
    });
    const fetched = gates.journal.down - before;
    isHolding = false;
    for (const response of held) response.end('{}');
    expect(await engine.ended(runId)).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_processed: rowCount,
      rows_created: rowCount,
      counter_mismatch: 0,
    });
    // Each batch in one call: none timed out, and none was made twice.
    expect(new Set(calls.map(({ key }) => key)).size).toBe(calls.length);
    expect(await engine.knex('batches').where({ run_id: runId })).toHaveLength(calls.length);
    expect(Math.max(...calls.map(({ bytes }) => bytes))).toBeLessThan(megabyte);
    expect(fetched).toBeLessThan(mostFetched);
    expect(peakMegabytes()).toBeLessThan(350);
  }, 90_000);
});

/** The worker's peak by the operating system; 0 where it does not tell. */
function peakMegabytes(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
