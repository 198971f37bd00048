// A server that hangs, connections open and not a byte coming back: whatever is asked of it ends with the signal.
import type { Destination, Lane } from '../../../../connectors/destination';
import { CallWithheld } from '../../../../connectors/call-withheld';
import { postgresDestination } from '../../../../connectors/destinations/postgres/postgres-destination';
import { PostgresGate } from '../../../support/outside/postgres-gate';
import { aBatch } from '../../outgoing-batch';
import { type TablePlace, tablePlace } from './postgres-table';
import { until } from '../../../support/until';

const never = new AbortController().signal;
const reason = new Error('cancelled by a person');
const batch = aBatch([['1', 'a']]);
let place: TablePlace;
let gate: PostgresGate;
let destination: Destination;
let lanes: Lane[];

beforeEach(async () => {
  place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY, name text)');
  gate = await PostgresGate.openTo(String(place.connection.secrets['url']));
  destination = postgresDestination({ ...place.connection, secrets: { url: gate.url } });
  lanes = [];
});
afterEach(async () => {
  await Promise.all(lanes.map((lane) => lane.close()));
  await destination.close();
  await gate.shut();
  await place.drop();
});

const target = () => place.target(['id', 'name']);
const openLane = async (): Promise<Lane> => {
  const lane = await destination.openLane(target(), never);
  lanes.push(lane);
  return lane;
};

/** Asks, waits until the server hangs over it, and aborts; what was asked has to end with the abort's reason. */
async function abortedAt(text: string, ask: (signal: AbortSignal) => Promise<unknown>): Promise<void> {
  gate.hangAt(text);
  const abort = new AbortController();
  const asked = ask(abort.signal).catch((error: unknown) => error);
  await until('the gate to hang', async () => gate.isHanging);
  abort.abort(reason);
  expect(await asked).toBe(reason);
}

// Each would otherwise hang for half a minute or for two: far beyond the time a test has here.
test('the preparation of a target', async () => {
  await abortedAt('EXPLAIN', (signal) => destination.prepare(target(), signal));
});

test('the opening of a lane, also while it connects', async () => {
  await abortedAt('to_regclass', (signal) => destination.openLane(target(), signal));
  // It hangs still: who connects now gets no answer at all.
  const abort = new AbortController();
  const opening = destination.openLane(target(), abort.signal).catch((error: unknown) => error);
  setTimeout(() => abort.abort(reason), 100);
  expect(await opening).toBe(reason);
});

test('the question for the fate of a transaction', async () => {
  await abortedAt('pg_xact_status', (signal) => destination.fateOf('3', signal));
});

test('the beginning of a transaction', async () => {
  const lane = await openLane();
  await abortedAt('BEGIN', (signal) => lane.begin(signal));
});

test.each([
  ['COPY "public"', 'create'],
  ['RELEASE SAVEPOINT', 'create'],
  ['TABLE pg_temp', 'update'],
  ['COPY pg_temp', 'update'],
  ['INSERT INTO', 'update'],
  ['RELEASE SAVEPOINT', 'update'],
] as const)('a write that hangs at %s in a batch of %ss; nothing of it stays', async (text, operation) => {
  const lane = await openLane();
  await lane.begin(never);
  await abortedAt(text, (signal) => lane.write(aBatch([['1', 'a']], operation), signal));
  await lane.rollback();
  expect(await place.run('SELECT * FROM things')).toEqual([]);
});

test('a rollback, without any signal', async () => {
  const lane = await openLane();
  await lane.begin(never);
  await lane.write(batch, never);
  gate.hangAt('ROLLBACK');
  await lane.rollback();
  await lane.close();
  await until('the locks to be given back', async () => (await heldLocks()) === 0);
  expect(await place.run('SELECT * FROM things')).toEqual([]);
});

test.each([
  ['got', true, 'committed'],
  ['never got', false, 'aborted'],
] as const)('a commit the server %s: its fate is asked for afterwards', async (_what, delivered, fate) => {
  const lane = await openLane();
  const id = await lane.begin(never);
  await lane.write(batch, never);
  gate.hangAt('COMMIT\0', { delivered });
  const abort = new AbortController();
  const committing = lane.commit(abort.signal).catch((error: unknown) => error);
  await until('the gate to hang', async () => gate.isHanging);
  abort.abort(reason);
  expect(await committing).toBe(reason);
  gate.stopHanging();
  await until('its fate to be known', async () => (await destination.fateOf(id ?? '', never)) === fate);
  expect(await place.run('SELECT id FROM things')).toHaveLength(delivered ? 1 : 0);
});

test('a commit that was stopped beforehand is not sent, and says so', async () => {
  const lane = await openLane();
  const id = await lane.begin(never);
  await lane.write(batch, never);
  await expect(lane.commit(AbortSignal.abort(reason))).rejects.toBeInstanceOf(CallWithheld);
  await lane.rollback();
  expect(await destination.fateOf(id ?? '', never)).toBe('aborted');
});

test('a commit the server refuses for its rows has certainly applied nothing', async () => {
  await place.run(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN RAISE EXCEPTION 'not these'; END $$;
    CREATE FUNCTION defer() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN SET CONSTRAINTS refuse DEFERRED; RETURN NULL; END $$;
    CREATE TRIGGER defer BEFORE INSERT ON things FOR EACH STATEMENT EXECUTE FUNCTION defer();
    CREATE CONSTRAINT TRIGGER refuse AFTER INSERT ON things DEFERRABLE FOR EACH ROW EXECUTE FUNCTION refuse()`);
  const lane = await openLane();
  await lane.begin(never);
  await lane.write(batch, never);
  await expect(lane.commit(never)).rejects.toMatchObject({
    failure: { code: 'destination_misconfigured' },
    nothingApplied: true,
  });
  expect(await place.run('SELECT * FROM things')).toEqual([]);
});

async function heldLocks(): Promise<number> {
  const rows = await place.run(
    `SELECT FROM pg_locks WHERE relation = 'things'::regclass AND pid <> pg_backend_pid()`,
  );
  return rows.length;
}
