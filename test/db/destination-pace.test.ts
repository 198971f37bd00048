// The pace of one destination as several workers share it: limits hold over all of them, and so do holds.
import type { Knex } from 'knex';
import type { Destination } from '../../connectors/destination';
import { httpDestination } from '../../connectors/destinations/http/http-destination';
import { connect } from '../../db/connect';
import { DestinationPace } from '../../db/destination-pace';
import { aBatch } from '../connectors/outgoing-batch';
import { failureOfPromise, never, someRows, target } from '../connectors/destinations/http/http-fixture';
import { aSync } from '../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { answerJson, type HttpStub, httpStub } from '../support/outside/http-stub';
import { loopbackGuard } from '../support/outside/loopback';

let database: TestDatabase;
let stub: HttpStub;
let atMs: number[];
/** Two workers: each with its own connections, nothing in common but the database. */
let workers: [Knex, Knex];
let sync: { workspaceId: string; destinationId: string };
const opened: Destination[] = [];

beforeAll(async () => {
  database = await createTestDatabase();
  workers = [connect(database.url, { poolSize: 3 }), connect(database.url, { poolSize: 3 })];
});
afterAll(async () => {
  await Promise.all(workers.map((knex) => knex.destroy()));
  await database.drop();
});
beforeEach(async () => {
  atMs = [];
  stub = await httpStub((_call, response) => {
    atMs.push(performance.now());
    answerJson(response, 200, {});
  });
  const { id, workspaceId } = await aSync(workers[0]);
  const row = await workers[0]('syncs').where({ id }).first('destination_id');
  sync = { workspaceId, destinationId: row.destination_id };
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((destination) => destination.close()));
  await stub.close();
});

const paceOf = (knex: Knex) => new DestinationPace(knex, sync.workspaceId, sync.destinationId);
const open = (knex: Knex, config: object): Destination => {
  const connection = { kind: 'http', config: { url: stub.url, ...config }, secrets: {} };
  const destination = httpDestination(connection, paceOf(knex), { guard: loopbackGuard });
  opened.push(destination);
  return destination;
};
const writeSome = async (destination: Destination, batches: number, rows: number): Promise<void> => {
  const lane = await destination.openLane(target, never);
  for (let batch = 0; batch < batches; batch += 1) await lane.write(aBatch(someRows(rows)), never);
};

test.each([
  ['calls', { requests_per_second: 20 }, 1],
  ['rows', { rows_per_second: 200 }, 10],
])('a limit on %s holds over two workers of three lanes each', async (_what, limit, rows) => {
  const destinations = workers.map((knex) => open(knex, limit));
  await Promise.all(
    destinations.flatMap((destination) => [0, 1, 2].map(() => writeSome(destination, 5, rows))),
  );
  expect(atMs).toHaveLength(30);
  // Twenty a second: 15 within the first 700 ms, and some that a busy machine has let pile up. Unshared it is 28.
  const first = atMs[0] as number;
  expect(atMs.filter((at) => at < first + 700).length).toBeLessThanOrEqual(20);
});

test('a reserved time begins where the last one ends, and after a hold', async () => {
  const [one, other] = workers.map(paceOf) as [DestinationPace, DestinationPace];
  expect((await one.reserve(60_000)).startInMs).toBe(0);
  const second = await other.reserve(1_000);
  expect(second).toMatchObject({ hold: null });
  expect(second.startInMs).toBeGreaterThan(50_000);
  expect(second.startInMs).toBeLessThanOrEqual(60_000);
  await one.hold({ code: 'rate_limit_exceeded', forMs: 600_000 });
  await other.hold({ code: 'destination_unreachable', forMs: 5_000 });
  const third = await other.reserve(1_000);
  expect(third.startInMs).toBeGreaterThan(590_000);
  expect(third.hold?.code).toBe('rate_limit_exceeded');
  expect(await one.held()).toMatchObject({ code: 'rate_limit_exceeded' });
});

test('a hold that has ended is none', async () => {
  const pace = paceOf(workers[0]);
  expect(await pace.held()).toBeNull();
  await pace.hold({ code: 'rate_limit_exceeded', forMs: 0 });
  expect(await pace.held()).toBeNull();
  expect((await pace.reserve(10)).hold).toBeNull();
});

test('what one worker is told to wait, a run on another one waits too, without a call', async () => {
  stub.respond((_call, response) => answerJson(response, 429, {}, { 'retry-after': '30' }));
  await failureOfPromise(writeSome(open(workers[0], {}), 1, 1));
  while ((await paceOf(workers[1]).held()) === null) await new Promise((resolve) => setTimeout(resolve, 5));
  const failure = await failureOfPromise(writeSome(open(workers[1], {}), 1, 1));
  expect(failure).toMatchObject({ failure: { code: 'rate_limit_exceeded' }, nothingApplied: true });
  expect(failure.retryAfterMs).toBeGreaterThan(10_000);
  expect(stub.calls).toHaveLength(1);
});

test('a turn that is further off than a write may wait leaves the batch unsent, to go later', async () => {
  await paceOf(workers[0]).reserve(60_000);
  await expect(writeSome(open(workers[1], { requests_per_second: 20 }), 1, 1)).rejects.toMatchObject({
    name: 'CallWithheld',
  });
  expect(stub.calls).toHaveLength(0);
});

test('without a limit a lane asks once for holds and its calls ask for nothing', async () => {
  const statements: string[] = [];
  const note = ({ sql }: { sql: string }): void => void statements.push(sql);
  workers[0].on('query', note);
  const destination = open(workers[0], {});
  await Promise.all([0, 1, 2].map(() => writeSome(destination, 5, 1)));
  workers[0].off('query', note);
  expect(statements).toEqual([expect.stringMatching(/^SELECT held_code/)]);
});
