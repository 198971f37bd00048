import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { FencedError, raiseEpoch } from '../../../db/runs/lease';
import { clearFold, switchBase, writeChunk } from '../../../db/snapshot/fold-store';
import { pinSnapshot, type SnapshotIdentity, type SnapshotPin } from '../../../db/snapshot/snapshot-store';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

/** What aPlannedRun pins. */
const identity: SnapshotIdentity = {
  hash: 'h',
  keyColumns: ['id'],
  keyTypes: ['text'],
  keyMatch: 'exact',
  destinationId: 'd',
  object: {},
};
const otherKeys = { ...identity, keyColumns: ['email'] };

describe('the stored snapshot of a sync', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 5 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  /** A sync whose first run sent ten rows and is closed; its second run holds the lease. */
  async function aSecondRun(batches = 1) {
    const first = await aPlannedRun(knex, { batches });
    for (let batchNo = 1; batchNo <= batches; batchNo += 1) {
      await send(knex, first, batchNo);
      await acknowledge(knex, first, batchNo, rowOutcome.created);
    }
    await closeRun(knex, first.runId, { kind: 'finished', failure: null });
    const { runId } = await aQueuedRun(knex, { id: first.syncId, workspaceId: first.workspaceId });
    return knex.transaction((trx) => raiseEpoch(trx, runId));
  }

  test('an overtaken attempt at folding cannot take away the base its successor switched to', async () => {
    const older = await aSecondRun();
    const pin: SnapshotPin = {
      version: 1,
      lastDelta: 1,
      rows: 10,
      deltaRows: 0,
      deltaKeyBytes: 0,
      missingDue: false,
      foldDue: true,
    };
    const newer = await knex.transaction((trx) => raiseEpoch(trx, older.runId));
    await writeChunk(knex, newer, pin, 0, {
      rows: 1,
      entries: Buffer.alloc(24),
      keys: Buffer.from('key\n'),
    });
    await switchBase(knex, newer, pin, 1);
    await expect(clearFold(knex, older, pin)).rejects.toThrow(FencedError);
    expect(await knex('snapshot_chunks').where({ sync_id: older.syncId }).pluck('version')).toEqual([2]);
  });

  test('a dry run under another identity compares with nothing and leaves the snapshot as it is', async () => {
    const fence = await aSecondRun();
    const dry = await knex.transaction((trx) => pinSnapshot(trx, fence, otherKeys, false, true));
    expect(dry).toMatchObject({ rows: 0, lastDelta: 0 });
    const kept = await knex.transaction((trx) => pinSnapshot(trx, fence, identity, false));
    expect(kept).toMatchObject({ version: 1, lastDelta: 1, rows: 10 });
    const events = await knex('run_events').where({ run_id: fence.runId }).pluck('type');
    expect(events).not.toContain('snapshot_rebaselined');
  });

  /** One delta of each of so many runs, beside a base of so many rows. */
  async function foldIsDue(runs: number, baseRows: number): Promise<boolean> {
    const fence = await aSecondRun();
    await knex('snapshots').where({ sync_id: fence.syncId }).update({ base_rows: baseRows });
    await knex.raw(
      `INSERT INTO snapshot_deltas (sync_id, delta_no, workspace_id, run_id, kind)
       SELECT sync_id, 100 + n, workspace_id, 'run' || n, 'all_unsure' FROM snapshots, generate_series(1, ?::int - 1) n
       WHERE sync_id = ?`,
      [runs, fence.syncId],
    );
    const pin = await knex.transaction((trx) => pinSnapshot(trx, fence, identity, false));
    return pin.foldDue;
  }

  test.each([
    [63, 0, false],
    [64, 0, true],
    [64, 100_000, true],
    [64, 10_000_000, false],
    [639, 10_000_000, false],
    [640, 10_000_000, true],
    [999, 1_000_000_000, false],
    [1_000, 1_000_000_000, true],
  ])(
    'small deltas of %i runs beside a base of %i rows make a fold due: %s',
    async (runs, baseRows, isDue) => {
      expect(await foldIsDue(runs, baseRows)).toBe(isDue);
    },
  );

  test('the key values of the deltas are measured when a fold is due, and not before', async () => {
    const fence = await aSecondRun(2);
    const pinned = () => knex.transaction((trx) => pinSnapshot(trx, fence, identity, false));
    expect(await pinned()).toMatchObject({ foldDue: false, deltaRows: 20, deltaKeyBytes: 0 });
    await knex('snapshots').where({ sync_id: fence.syncId }).update({ delta_rows: 20_000 });
    // Twenty times `key` with its newline.
    expect(await pinned()).toMatchObject({ foldDue: true, deltaRows: 20_000, deltaKeyBytes: 80 });
  });

  test('one run of many small batches makes no fold due', async () => {
    const fence = await aSecondRun(70);
    const pin = await knex.transaction((trx) => pinSnapshot(trx, fence, identity, false));
    expect(pin).toMatchObject({ lastDelta: 70, foldDue: false });
  });
});
