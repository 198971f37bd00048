import { randomBytes } from 'node:crypto';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { snapshotParts } from '../../../db/snapshot/snapshot-parts';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { until } from '../../support/until';

describe('the chunks of a stored base', () => {
  const chunks = [24, 24 * 43_690, 24 * 700_000, 24, 0, 24 * 3].map((size) => randomBytes(size));
  let database: TestDatabase;
  let knex: Knex;
  let syncId: string;

  beforeAll(async () => {
    database = await createTestDatabase();
    // One connection: what is left behind in it is met by the next statement.
    knex = connect(database.url, { poolSize: 1 });
    const run = await aPlannedRun(knex);
    syncId = run.syncId;
    for (const [chunkNo, entries] of chunks.entries()) await addChunk(7, chunkNo, entries);
    await addChunk(8, 0, Buffer.from('another version'));
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  function addChunk(version: number, chunkNo: number, entries: Buffer): Promise<unknown> {
    return knex.raw(
      `INSERT INTO snapshot_chunks (sync_id, version, chunk_no, workspace_id, entries, row_keys)
       SELECT sync_id, ?, ?, workspace_id, ?, ? FROM snapshots WHERE sync_id = ?`,
      [version, chunkNo, entries, keysOf(chunkNo), syncId],
    );
  }

  const keysOf = (chunkNo: number): Buffer => Buffer.from(`key of ${chunkNo}\n`);

  /** The base alone, chunk by chunk. */
  async function* baseParts(version: number, sync = syncId, withKeys = false) {
    for await (const part of snapshotParts(knex, sync, { version, lastDelta: 0 }, withKeys)) {
      if (part.kind !== 'base') throw new Error(`a ${part.kind} part in a base`);
      yield part;
    }
  }

  async function all(version: number, sync = syncId): Promise<Buffer[]> {
    const read: Buffer[] = [];
    for await (const { entries, rowKeys } of baseParts(version, sync)) {
      expect(rowKeys).toBeNull();
      read.push(entries);
    }
    return read;
  }

  const expectUsable = async (): Promise<void> => {
    expect((await knex.raw<{ rows: unknown[] }>('SELECT 1 AS one')).rows).toEqual([{ one: 1 }]);
  };

  test('come chunk by chunk in order, byte for byte, and of this version alone', async () => {
    const read = await all(7);
    expect(read.map(({ length }) => length)).toEqual(chunks.map(({ length }) => length));
    expect(Buffer.concat(read).equals(Buffer.concat(chunks))).toBe(true);
    await expectUsable();
  });

  test('come with their keys when these are asked for', async () => {
    let chunkNo = 0;
    for await (const { entries, rowKeys } of baseParts(7, syncId, true)) {
      expect(entries.equals(chunks[chunkNo]!)).toBe(true);
      expect(rowKeys).toEqual(keysOf(chunkNo++));
    }
    expect(chunkNo).toBe(chunks.length);
  });

  test('are none where there is no base, and for a name that would end the statement', async () => {
    expect(await all(1)).toEqual([]);
    expect(await all(7, `x' OR 'a' = 'a`)).toEqual([]);
    await expectUsable();
  });

  test('can be left in the middle: the next statement gets a connection that waits for nothing', async () => {
    for await (const { entries } of baseParts(7)) {
      expect(entries.equals(chunks[0]!)).toBe(true);
      break;
    }
    await expectUsable();
    expect(await all(7)).toHaveLength(chunks.length);
  });

  test('fail when the connection is lost in the middle, and the next reading finds them again', async () => {
    const killer = connect(database.url, { poolSize: 2 });
    const lock = await killer.transaction();
    const waiting = `FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'
      AND query LIKE 'COPY%snapshot_chunks%'`;
    const isWaiting = async (): Promise<boolean> =>
      (await killer.raw<{ rows: unknown[] }>(`SELECT 1 ${waiting}`)).rows.length > 0;
    try {
      let read = 0;
      const reading = async (): Promise<void> => {
        for await (const { entries } of baseParts(7)) {
          expect(entries.equals(chunks[read++]!)).toBe(true);
          if (read === 1) await lock.raw('LOCK TABLE snapshot_chunks IN ACCESS EXCLUSIVE MODE');
        }
      };
      const failed = expect(reading()).rejects.toThrow();
      await until('the reading to wait', isWaiting);
      await killer.raw(`SELECT pg_terminate_backend(pid) ${waiting}`);
      await failed;
      expect(read).toBeGreaterThan(0);
      expect(read).toBeLessThan(chunks.length);
    } finally {
      await lock.rollback();
      await killer.destroy();
    }
    await expectUsable();
    expect(await all(7)).toHaveLength(chunks.length);
  });
});
