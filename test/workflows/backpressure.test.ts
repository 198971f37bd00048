// Source, journal and destination each slower than the others in turn: what the worker has taken in and not passed on
// stays bounded, and nothing gives up. Bytes are counted on the wire; no time is judged.
import { readFileSync } from 'node:fs';
import { Engine } from '../support/engine';
import { KillableWorker } from '../support/killable-worker';
import { MeteredGate } from '../support/metered-gate';

const rowCount = 40_000;
const rowBytes = 2_000;
const megabyte = 1024 * 1024;
const slow = 20 * megabyte;
// Two lanes, each with a batch of 4 MiB in work and one fetched; the rest is sockets and what is between two looks.
const lanes = 2;
const mostHeld = 32 * megabyte;

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
  const before = { source: gates.source.down, journal: gates.journal.up };
  let writing: { journal: number; destination: number } | null = null;
  const look = setInterval(() => {
    const { source, journal, destination } = gates;
    // The first bytes of rows to the destination come after the last of the journal was read to plan.
    if (destination.up > idle + megabyte) writing ??= { journal: journal.down, destination: destination.up };
    if (writing === null)
      most.reading = Math.max(most.reading, source.down - before.source - (journal.up - before.journal));
    else
      most.writing = Math.max(
        most.writing,
        journal.down - writing.journal - (destination.up - writing.destination),
      );
  }, 5);
  const idle = gates.destination.up;
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
    expect(reading).toBeLessThan(mostHeld);
    expect(writing).toBeLessThan(mostHeld);
    expect(peakMegabytes()).toBeLessThan(350);
  },
  90_000,
);

/** The worker's peak by the operating system; 0 where it does not tell. */
function peakMegabytes(): number {
  if (process.platform !== 'linux') return 0;
  const status = readFileSync(`/proc/${worker.pid}/status`, 'utf8');
  return Number(/VmHWM:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
