// Deletes are counted first and named while their batches are taken.
import type { Knex } from 'knex';
import type { ActivityDeps } from '../../../activities/deps';
import { planDeletes, type PlannedDeletes } from '../../../activities/detection/plan-deletes';
import type { PinnedConfig } from '../../../db/configuration/pinned-config';
import { connect } from '../../../db/connect';
import type { PublishedJournal } from '../../../db/ledger/journal-store';
import { createHasher, type Hasher } from '../../../diff/hasher';
import { isInRange, keyRanges } from '../../../diff/keys/key-range';
import { addMark, emptyMarks, markSame } from '../../../diff/snapshot/marks';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const rows = 6_000;
const chunkRows = 1_000;
const batchRows = 50;

interface StoredRow {
  readonly key: string;
  readonly entry: Uint32Array<ArrayBuffer>;
}

describe('the deletes of a plan', () => {
  let database: TestDatabase;
  let knex: Knex;
  let hasher: Hasher;
  let syncId: string;
  /** In the order of the base, and so of the ordinals. */
  let base: StoredRow[];
  const never = new AbortController().signal;

  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 3 });
    hasher = await createHasher();
    ({ syncId } = await aPlannedRun(knex));
    base = Array.from({ length: rows }, (_, n) => rowOf(`u${n}`)).toSorted(
      (one, other) => one.entry[0]! - other.entry[0]!,
    );
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });
  beforeEach(async () => {
    await knex('snapshot_chunks').delete();
    for (let at = 0; at < rows; at += chunkRows) {
      const chunk = base.slice(at, at + chunkRows);
      await knex.raw(
        `INSERT INTO snapshot_chunks (sync_id, version, chunk_no, workspace_id, entries, row_keys)
         SELECT sync_id, 1, ?, workspace_id, ?, ? FROM snapshots WHERE sync_id = ?`,
        [
          at / chunkRows,
          Buffer.concat(chunk.map(({ entry }) => Buffer.from(entry.buffer))),
          keysOf(chunk),
          syncId,
        ],
      );
    }
  });

  function rowOf(key: string): StoredRow {
    const entry = new Uint32Array(6).fill(100);
    hasher.keyHash(Buffer.from(key), 0, key.length, entry, 0);
    return { key, entry };
  }

  const keysOf = (of: readonly StoredRow[]): Buffer => Buffer.from(of.map(({ key }) => `${key}\n`).join(''));

  const setKeys = (chunkNo: number, keys: Buffer) =>
    knex('snapshot_chunks').where({ sync_id: syncId, chunk_no: chunkNo }).update({ row_keys: keys });

  /** The deletes of a run in so many passes that saw all but these rows of the base. */
  function planned(vanished: readonly number[], passes = 1, allowDeletes = true): Promise<PlannedDeletes> {
    const gone = new Set(vanished);
    const marks = keyRanges(passes).map((range) => {
      const ordinals = [...base.keys()].filter((row) => isInRange(base[row]!.entry[0]!, range));
      const ofPass = emptyMarks(ordinals.length);
      ordinals.forEach((row, ordinal) => {
        if (!gone.has(row)) addMark(ofPass, ordinal, markSame);
      });
      return ofPass;
    });
    const config = { syncId, allowDeletes, sync: { settings: { keyMatch: 'exact' } } } as PinnedConfig;
    const snapshot = { snapshotVersion: 1, snapshotDelta: 0, snapshotRows: rows };
    const journal = { ...snapshot, marks: Buffer.concat(marks), passes, linesRead: rows } as PublishedJournal;
    return planDeletes({ knex, hasher } as ActivityDeps, config, journal, null, batchRows, 7, never);
  }

  /** Keys of the batches as far as they come. */
  async function taken(deletes: PlannedDeletes) {
    const keys: string[] = [];
    const batches: number[] = [];
    let error: unknown = null;
    try {
      for await (const batch of deletes.batches()) {
        batches.push(batch.batchNo);
        const lines = batch.rowKeys!.toString().split('\n').slice(0, -1);
        expect([batch.deletes, batch.operations.length]).toEqual([lines.length, lines.length]);
        const hashes = lines.map((key) => [...rowOf(key).entry.subarray(0, 4), 0, 0]);
        expect([...new Uint32Array(new Uint8Array(batch.entries!).buffer)]).toEqual(hashes.flat());
        keys.push(...lines);
      }
    } catch (thrown) {
      error = thrown;
    } finally {
      deletes.release();
    }
    return { keys, batches, error };
  }

  const named = (of: readonly number[]): string[] => of.map((row) => base[row]!.key);
  const everyTenth = Array.from({ length: rows / 10 }, (_, n) => n * 10);

  test.each([1, 4])('are the vanished rows, whole batches and a rest, in %i passes', async (passes) => {
    const vanished = [...everyTenth, 5, 15];
    const deletes = await planned(vanished, passes);
    expect(deletes).toMatchObject({ planned: 602, deletes: 602, outOfScope: 0 });
    const { keys, batches } = await taken(deletes);
    expect(keys.toSorted()).toEqual(named(vanished).toSorted());
    expect(batches).toEqual(Array.from({ length: 13 }, (_, at) => 7 + at));
    expect(deletes.notices(602)).toEqual([]);
  });

  test('have their keys read while their batches are taken', async () => {
    await setKeys(5, Buffer.from('torn\n'));
    const deletes = await planned(everyTenth);
    const { keys, error } = await taken(deletes);
    expect(String(error)).toContain('fewer stored keys');
    // All that the chunks before the torn one fill.
    expect(keys).toEqual(named(everyTenth.slice(0, 500)));
  });

  test.each([1, 4])('have no keys read past the last of them, in %i passes', async (passes) => {
    await setKeys(5, Buffer.from('torn\n'));
    const early = [3, 1_999, 2_700, 3_500];
    const { keys, error } = await taken(await planned(early, passes));
    expect([keys, error]).toEqual([named(early), null]);
  });

  test('whose stored key is not theirs are kept, and the run says so', async () => {
    await setKeys(2, keysOf(base.slice(2_000, 3_000).with(10, rowOf('another'))));
    const deletes = await planned([2_000, 2_010, 2_020]);
    const { keys } = await taken(deletes);
    expect(keys).toEqual(named([2_000, 2_020]));
    expect(deletes.notices(2)).toEqual([
      { type: 'vanished_rows_kept', detail: { rows: 1, reason: 'key_unknown' } },
    ]);
  });

  test('are held from a fifth of the snapshot on: counted, and in no batch', async () => {
    const fifth = Array.from({ length: rows / 5 }, (_, n) => n);
    const most = await planned(fifth, 1, false);
    expect(most).toMatchObject({ planned: 1_200, deletes: 1_200 });
    most.release();
    const tooMany = await planned([...fifth, rows - 1], 1, false);
    expect(tooMany).toMatchObject({ planned: 1_201, deletes: 0 });
    expect(tooMany.notices(0)).toEqual([
      { type: 'deletes_held', detail: { rows: 1_201, snapshot_rows: rows } },
    ]);
    expect(await taken(tooMany)).toMatchObject({ keys: [], batches: [], error: null });
  });
});
