// What is looked up of single rows agrees with what a whole snapshot in memory says of them.
import { snapshotStateOf, type SnapshotState } from '../../../db/views/row-story/snapshot-row';
import { keyHashes } from '../../../db/views/row-story/story-runs';
import { snapshotParts } from '../../../db/snapshot/snapshot-parts';
import { PackedSnapshot } from '../../../diff/snapshot/packed-snapshot';
import { rowState } from '../../../domain/row-state';
import { Engine } from '../../support/engine/engine';

const words: Record<number, SnapshotState> = {
  [rowState.known]: 'acknowledged',
  [rowState.unsure]: 'unsure',
  [rowState.unsureNew]: 'unsure_new',
  [rowState.missing]: 'missing',
  [rowState.dead]: 'absent',
};

test('a folded base, deltas upon it and a full resync that was not finished', async () => {
  const engine = await Engine.start();
  try {
    await engine.warehouse.raw(
      `CREATE TABLE users AS SELECT 'u' || n AS id, md5(n::text) AS email FROM generate_series(1, 12000) n`,
    );
    await engine.target.raw(`CREATE TABLE contacts (id text PRIMARY KEY, email text)`);
    const mapping = ['id', 'email'].map((column) => ({ column, field: column }));
    const sync = await engine.sync({
      sql: 'SELECT * FROM users',
      mapping,
      mode: 'mirror',
      object: { table: 'contacts' },
    });
    await engine.run(sync);
    // The second run folds what the first one brought, and changes some of it.
    await engine.warehouse.raw(`UPDATE users SET email = 'x' WHERE id LIKE 'u11%'`);
    await engine.warehouse.raw(`DELETE FROM users WHERE id LIKE 'u55%'`);
    await engine.warehouse.raw(`INSERT INTO users VALUES ('new', 'x')`);
    expect(await engine.run(sync)).toMatchObject({ outcome: 'clean', rows_created: 1 });
    const { version } = await engine.knex('snapshots').where({ sync_id: sync }).first();
    expect(version).toBe(2);
    const keys = ['u1', 'u11', 'u110', 'u55', 'u5512', 'u12000', 'new', 'nobody', ...keysOf(200)];
    await expectAlike(engine, sync, keys);

    const last = await engine.knex('snapshots').where({ sync_id: sync }).first();
    await engine.knex('snapshot_deltas').insert({
      sync_id: sync,
      delta_no: last.last_delta + 1,
      workspace_id: engine.workspaceId,
      run_id: 'run_of_a_resync',
      kind: 'all_unsure',
    });
    await engine
      .knex('snapshots')
      .where({ sync_id: sync })
      .update({ last_delta: last.last_delta + 1 });
    const states = await expectAlike(engine, sync, keys);
    expect(states.filter((state) => state === 'unsure').length).toBeGreaterThan(100);
  } finally {
    await engine.close();
  }
});

function keysOf(count: number): string[] {
  return Array.from({ length: count }, (_, n) => `u${(n * 7_919) % 12_500}`);
}

async function expectAlike(engine: Engine, sync: string, keys: readonly string[]): Promise<SnapshotState[]> {
  const { version, last_delta: lastDelta } = await engine.knex('snapshots').where({ sync_id: sync }).first();
  const snapshot = await PackedSnapshot.from(snapshotParts(engine.knex, sync, { version, lastDelta }, false));
  const states: SnapshotState[] = [];
  for (const key of keys) {
    const [hash] = keyHashes(key, 1, 'exact');
    const word = (at: number): number => hash?.readUInt32LE(4 * at) ?? 0;
    const ordinal = snapshot.find(word(0), word(1), word(2), word(3));
    const expected = ordinal < 0 ? 'absent' : words[snapshot.stateOf(ordinal)];
    const state = await engine.knex.transaction((trx) => snapshotStateOf(trx, sync, key));
    expect([key, state]).toEqual([key, expected]);
    states.push(state);
  }
  return states;
}
