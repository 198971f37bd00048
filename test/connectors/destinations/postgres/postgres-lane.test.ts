// Transactions of a lane: their fate, their visibility, and trouble in the middle of them.
import type { DeliveryTarget, Lane } from '../../../../connectors/destination';
import { words } from '../../destination-harness';
import { aBatch } from '../../outgoing-batch';
import { type TablePlace, tablePlace } from './postgres-table';
import { until } from '../../../support/until';

const never = new AbortController().signal;
let place: TablePlace;
let target: DeliveryTarget;
let lane: Lane;

beforeEach(async () => {
  place = await tablePlace('CREATE TABLE things (id int PRIMARY KEY, name text)');
  target = place.target(['id', 'name'], { mode: 'mirror' });
  lane = await place.destination.openLane(target, never);
});

afterEach(async () => {
  await lane.close();
  await place.drop();
});

const begun = async (): Promise<string> => {
  const id = await lane.begin(never);
  if (id === null) throw new Error('a transaction without an id');
  return id;
};

test('the fate of a transaction is in progress, then committed or aborted', async () => {
  const kept = await begun();
  await lane.write(aBatch([['1', 'a']]), never);
  expect(await place.destination.fateOf(kept, never)).toBe('in_progress');
  await lane.commit(never);
  expect(await place.destination.fateOf(kept, never)).toBe('committed');
  const left = await begun();
  await lane.write(aBatch([['2', 'b']]), never);
  await lane.rollback();
  expect(await place.destination.fateOf(left, never)).toBe('aborted');
  expect(await place.destination.fateOf(`${BigInt(left) + 1_000_000n}`, never)).toBe('unknown');
});

test('a transaction whose connection is gone ends as aborted', async () => {
  const id = await begun();
  await lane.write(aBatch([['1', 'a']]), never);
  await lane.close();
  await until('its fate to be known', async () => (await place.destination.fateOf(id, never)) === 'aborted');
  expect(await place.run('SELECT * FROM things')).toEqual([]);
});

test('many batches, deletes and refusals make one transaction, seen all at once', async () => {
  await place.run(`INSERT INTO things VALUES (100, 'goes')`);
  await begun();
  for (let batch = 0; batch < 5; batch += 1) {
    const rows = [
      [`${batch * 2}`, 'x'],
      ['bad', 'y'],
      [`${batch * 2 + 1}`, 'z'],
    ];
    expect(words(await lane.write(aBatch(rows), never))).toEqual(['created', 'failed', 'created']);
  }
  expect(words(await lane.write(aBatch([['100'], ['0']], 'delete'), never))).toEqual(['deleted', 'deleted']);
  expect(await place.run('SELECT id FROM things')).toEqual([{ id: 100 }]);
  await lane.commit(never);
  const ids = await place.run('SELECT id FROM things ORDER BY id');
  expect(ids.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test('a lane takes one transaction after the other', async () => {
  const ids = new Set<string>();
  for (const id of ['1', '2', '3']) {
    ids.add(await begun());
    await lane.write(aBatch([[id, 'x']]), never);
    await lane.commit(never);
  }
  expect(ids.size).toBe(3);
  expect(await place.run('SELECT count(*)::int FROM things')).toEqual([{ count: 3 }]);
});

test('rows that another session wrote in between are updated and said to be', async () => {
  await begun();
  await lane.write(aBatch([['1', 'ours']]), never);
  await place.run(`INSERT INTO things VALUES (2, 'theirs')`);
  const answer = await lane.write(aBatch([['2', 'ours']]), never);
  expect(words(answer)).toEqual(['updated']);
  await lane.commit(never);
  expect(await place.run('SELECT name FROM things')).toEqual([{ name: 'ours' }, { name: 'ours' }]);
});

test('an abort cancels the statement in the server and throws its reason', async () => {
  await place.run('BEGIN; LOCK TABLE things IN SHARE MODE');
  await begun();
  const abort = new AbortController();
  const writing = lane.write(aBatch([['1', 'a']]), abort.signal);
  const waiting = `SELECT FROM pg_stat_activity
    WHERE datname = current_database() AND application_name = 'signalsmith' AND wait_event_type = 'Lock'`;
  await until('its statement to be seen', async () => (await place.run(waiting)).length > 0);
  const reason = new Error('cancelled by a person');
  abort.abort(reason);
  await expect(writing).rejects.toBe(reason);
  await until('its statement to be gone', async () => (await place.run(waiting)).length === 0);
  await lane.rollback();
  await place.run('COMMIT');
  // The lane is of use again after its rollback.
  await begun();
  expect(words(await lane.write(aBatch([['1', 'a']]), never))).toEqual(['created']);
  await lane.commit(never);
});

test('a lost connection is destination_unreachable, and rolling back after it is no trouble', async () => {
  await begun();
  await lane.write(aBatch([['1', 'a']]), never);
  await place.run(
    `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'signalsmith'`,
  );
  await expect(lane.write(aBatch([['2', 'b']]), never)).rejects.toMatchObject({
    failure: { code: 'destination_unreachable' },
    retryable: true,
  });
  await expect(lane.commit(never)).rejects.toMatchObject({ failure: { code: 'destination_unreachable' } });
  await lane.rollback();
  expect(await place.run('SELECT * FROM things')).toEqual([]);
});

test('committing a transaction that has failed is an error, not a success', async () => {
  const id = await begun();
  await lane.write(aBatch([['1', 'a']]), never);
  await place.run('BEGIN; LOCK TABLE things IN ROW EXCLUSIVE MODE; INSERT INTO things VALUES (2)');
  const abort = new AbortController();
  const writing = lane.write(aBatch([['2', 'b']]), abort.signal);
  setTimeout(() => abort.abort(new Error('enough')), 100);
  await expect(writing).rejects.toThrow('enough');
  await place.run('ROLLBACK');
  await expect(lane.commit(never)).rejects.toMatchObject({ failure: { code: 'destination_unreachable' } });
  expect(await place.run('SELECT * FROM things')).toEqual([]);
  expect(await place.destination.fateOf(id, never)).toBe('aborted');
});

test('a table that vanishes midway fails the run', async () => {
  await begun();
  await place.run('DROP TABLE things');
  await expect(lane.write(aBatch([['1', 'a']]), never)).rejects.toMatchObject({
    failure: { code: 'destination_misconfigured' },
  });
});

test('of two lanes that lock each other’s rows one gets through, and waiting may help the other', async () => {
  await place.run(`INSERT INTO things SELECT n, 'old' FROM generate_series(1, 2) AS n`);
  const other = await place.destination.openLane(target, never);
  try {
    await begun();
    await other.begin(never);
    await lane.write(aBatch([['1', 'one']], 'update'), never);
    await other.write(aBatch([['2', 'two']], 'update'), never);
    // Each now waits for the other: the server ends one of them.
    const orRollback = async (from: Lane, rows: [string, string][]): Promise<void> => {
      try {
        await from.write(aBatch(rows, 'update'), never);
      } catch (error) {
        await from.rollback();
        throw error;
      }
    };
    const results = await Promise.allSettled([
      orRollback(lane, [['2', 'one']]),
      orRollback(other, [['1', 'two']]),
    ]);
    expect(results.some(({ status }) => status === 'fulfilled')).toBe(true);
    for (const result of results) {
      if (result.status === 'rejected') {
        expect(result.reason).toMatchObject({
          failure: { code: 'destination_unreachable' },
          retryable: true,
        });
      }
    }
  } finally {
    await other.close();
  }
});
