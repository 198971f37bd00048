// The way of a model's lines past the snapshot, on a real database and from streams made by hand.
import type { Knex } from 'knex';
import type { Attempt } from '../../../activities/attempt/attempt';
import { SieveMemory } from '../../../activities/memory/sieve-memory';
import { withSieveMemory } from '../../../activities/memory/with-sieve-memory';
import type { ActivityDeps } from '../../../activities/deps';
import { type Sifted, siftModel, type Sifting } from '../../../activities/query/sift-model';
import type { ModelStream } from '../../../connectors/source';
import { loadPinnedConfig } from '../../../db/configuration/pinned-config';
import { connect } from '../../../db/connect';
import { openJournal } from '../../../db/ledger/journal-store';
import { beginPhase } from '../../../db/runs/run-phases';
import { startRun } from '../../../db/runs/start-run';
import { createHasher } from '../../../diff/hasher';
import { aQueuedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

const passes = 4;
const lines = Array.from({ length: 40 }, (_, n) => `u${n}\te${n}\tname`);
const never = new AbortController().signal;
const quiet = async (): Promise<void> => undefined;

let database: TestDatabase;
let knex: Knex;
let deps: ActivityDeps;
beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 5 });
  deps = { knex, hasher: await createHasher() } as ActivityDeps;
});
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** A run of a sync without a snapshot, about to read its model. */
async function aSifting(): Promise<Sifting> {
  const { runId } = await aQueuedRun(knex);
  await startRun(knex, runId);
  const fence = await knex.transaction(async (trx) => {
    const reader = await beginPhase(trx, runId, 'query', { retried: false });
    await openJournal(trx, reader);
    return reader;
  });
  const pin = {
    version: 1,
    lastDelta: 0,
    rows: 0,
    deltaRows: 0,
    deltaKeyBytes: 0,
    missingDue: false,
    foldDue: false,
  };
  return { fence, config: await loadPinnedConfig(knex, runId), pin, passes };
}

const anAttempt = (signal = never): Attempt => ({
  signal,
  retried: false,
  mistakes: 0,
  executionRunId: 'e',
  progress: {},
});

/** Gives one list of lines after the other, each line in a chunk of its own; `told` is called before each. */
function streamOf(lists: readonly string[][], told = (): void => undefined): ModelStream {
  let rows = 0;
  const rest = lists.values();
  async function* chunksOf(list: readonly string[]): AsyncGenerator<Buffer> {
    for (const line of list) {
      told();
      yield Buffer.from(`${line}\n`);
    }
  }
  const nextPass = (): AsyncGenerator<Buffer> => {
    const list: readonly string[] = rest.next().value ?? [];
    rows = list.length;
    return chunksOf(list);
  };
  return { columns: [], chunks: nextPass(), nextPass, rowCount: () => rows };
}

const siftAll = async (stream: ModelStream, attempt = anAttempt()): Promise<Sifted> =>
  siftModel(deps, await aSifting(), Promise.resolve(stream), attempt);

const turned = lines.toReversed();

test('the same lines in another order in each pass are one model', async () => {
  const sifted = await siftAll(streamOf([lines, turned, lines, turned]));
  expect(sifted).toMatchObject({ linesRead: 40, journalled: 40, unchanged: 0 });
});

test.each([
  ['has another key', [...lines.slice(1), 'other\te\tname']],
  ['lacks its key', [...lines.slice(1), '\\N\te\tname']],
  ['comes twice, in the place of another', [...lines.slice(1), lines[1]!]],
  ['is one too many', [...lines, 'other\te\tname']],
  ['is gone', lines.slice(1)],
])('a line that %s in one of the passes fails the run', async (_, other) => {
  for (const at of [0, 1, 3]) {
    const lists = Array.from({ length: passes }, (_list, pass) => (pass === at ? other : lines));
    await expect(siftAll(streamOf(lists))).rejects.toMatchObject({
      retryable: false,
      failure: { code: 'model_query_failed', message: expect.stringMatching(/other rows.*SIEVE_MEMORY/) },
    });
  }
});

test('values that differ from pass to pass are the model of their pass: a key is read in one', async () => {
  const lists = Array.from({ length: passes }, (_, pass) => lines.map((line) => `${line}${pass}`));
  expect(await siftAll(streamOf(lists))).toMatchObject({ linesRead: 40, journalled: 40 });
});

test('the rows that are read grow from pass to pass, up to those of the model', async () => {
  const attempt = anAttempt();
  const seen: number[] = [];
  const told = (): void => void seen.push(Number(attempt.progress.rows_read ?? 0));
  await siftAll(streamOf([lines, lines, lines, lines], told), attempt);
  expect(seen).toEqual(seen.toSorted((one, other) => one - other));
  expect(seen).toHaveLength(passes * lines.length);
  expect(attempt.progress).toEqual({ rows_read: lines.length });
});

test('an attempt that is to stop takes no further chunk', async () => {
  const stop = new AbortController();
  const reason = new Error('cancelled by the test');
  let given = 0;
  const told = (): void => {
    given += 1;
    if (given === 3) stop.abort(reason);
  };
  const attempt = anAttempt(stop.signal);
  await expect(siftAll(streamOf([lines, lines, lines, lines], told), attempt)).rejects.toBe(reason);
  expect(given).toBe(3);
});

test('a source that refuses at once gives no memory away while the snapshot is still being loaded', async () => {
  const lock = await knex.transaction();
  await lock.raw('LOCK TABLE snapshot_chunks IN ACCESS EXCLUSIVE MODE');
  const memory = new SieveMemory(100);
  const sifting = await aSifting();
  const refused = new Error('refused by the test');
  const order: string[] = [];
  const reading = withSieveMemory({ knex, sieveMemory: memory }, sifting.fence, 100, never, () =>
    siftModel(deps, sifting, Promise.reject(refused), anAttempt()),
  );
  const ended = expect(reading).rejects.toBe(refused);
  const next = memory.reserve(100, never, quiet).then(() => order.push('given to the next'));
  await until('the load to wait', async () => {
    const { rows } = await knex.raw(
      `SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'snapshot_chunks'::regclass
         AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    return rows.length > 0;
  });
  order.push('may be loaded');
  await lock.rollback();
  await Promise.all([ended, next]);
  expect(order).toEqual(['may be loaded', 'given to the next']);
});
