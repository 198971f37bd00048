// Owns the figures of what a small run writes: a hundred rows changed among very many, in bytes of the server's log.
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { type BenchSync, storeSync } from '../data/bench-sync';
import { bigTable, largeTable, needTables, show, showChanged, type UsersTable } from '../data/tables';
import { userColumns } from '../data/users-model';
import type { Figure, FigureResult } from '../figure';
import { bounded } from '../verdicts';

const changes = 100;
const rounds = 5;

const method =
  "pg_current_wal_insert_lsn() of the one server that has everything, before and after the run; then the same for one UPDATE that sets the same hundred rows of the target, which lie far from each other, to what they are. The difference is what the run writes beside the rows of its destination: record, journal, plan, ledger, the snapshot's delta. " +
  'The model is a view, so that the source is not written. The fold of the snapshot into a new base, which is due after 64 such runs, is not in it. After a first fold, with autovacuum off, everything vacuumed, and a checkpoint before a round that is not counted: it takes the full pages a first change after a checkpoint logs, and no further checkpoint comes within the rounds.';

export const writtenFigure: Figure = {
  name: 'written',
  title: '1,000,000 rows, 100 of them changed: what the run writes',
  method,
  measure: (place, say) => measure(place, say, bigTable),
};

export const largeWrittenFigure: Figure = {
  name: 'large-written',
  title: '10,000,000 rows, 100 of them changed: what the run writes',
  method,
  isLarge: true,
  measure: (place, say) => measure(place, say, largeTable),
};

async function measure(
  place: BenchPlace,
  say: (text: string) => void,
  table: UsersTable,
): Promise<FigureResult> {
  await needTables(place, table);
  const view = `${table.name}_written`;
  const target = `${view}_target`;
  const step = table.rows / changes;
  await showChanged(place, view, table, step);
  const sync = await storeSync(place, view, target);
  const worker = await place.startWorker();
  say('first load');
  await sync.run();
  // Folds what the load has left into the snapshot's base.
  await sync.run();
  const taken = await inCalm(place, () => flips(place, say, table, { view, target, step, sync }));
  await worker.stop(10_000);
  const beside = taken.whole.map((bytes, round) => bytes - (taken.byHand[round] ?? Number.NaN));
  return {
    verdicts: [
      bounded('log of a run beside the 100 rows', 'kB', beside, { must: 500, aim: 250 }),
      // A key hash, a fingerprint, the key itself, what was done and what became of it: some 40 bytes a row.
      bounded("the snapshot's delta", 'kB', taken.delta, { must: 8, aim: 4 }),
    ],
    series: [
      { name: 'log of the run', unit: 'kB', values: taken.whole },
      { name: 'log of one UPDATE of the 100 rows', unit: 'kB', values: taken.byHand },
    ],
  };
}

/** Kilobytes, round by round. */
interface Written {
  readonly whole: number[];
  readonly byHand: number[];
  readonly delta: number[];
}

async function flips(
  place: BenchPlace,
  say: (text: string) => void,
  table: UsersTable,
  { view, target, step, sync }: { view: string; target: string; step: number; sync: BenchSync },
): Promise<Written> {
  const taken: Written = { whole: [], byHand: [], delta: [] };
  const sameAgain = userColumns.map(({ name }) => `${name} = ${name}`).join(', ');
  for (let round = 0; round <= rounds; round += 1) {
    // Every row as it is, and the hundred changed again, in turn.
    await (round % 2 === 0 ? show(place, view, table) : showChanged(place, view, table, step));
    const whole = await logged(place, async () => {
      const { counts } = await sync.run();
      if (counts.updated !== changes) throw new Error(`${counts.updated} rows were updated, not ${changes}`);
    });
    const byHand = await withClient(place.targetUrl, (client) =>
      logged(place, () => client.query(`UPDATE ${target} SET ${sameAgain} WHERE id % ${step} = 0`)),
    );
    const delta = await deltaBytes(place, sync.id);
    say(
      `${round === 0 ? 'warm-up' : `round ${round}`}: run ${kilo(whole)} kB, by hand ${kilo(byHand)} kB, delta ${delta} bytes`,
    );
    if (round === 0) continue;
    taken.whole.push(whole / 1_000);
    taken.byHand.push(byHand / 1_000);
    taken.delta.push(delta / 1_000);
  }
  return taken;
}

function kilo(bytes: number): string {
  return (bytes / 1_000).toFixed(0);
}

/** Bytes the server has logged for all its databases while `work` was done. */
async function logged({ knex }: BenchPlace, work: () => Promise<unknown>): Promise<number> {
  const read = async (since: string): Promise<{ at: string; bytes: number }> => {
    const { rows } = await knex.raw<{ rows: { at: string; bytes: number }[] }>(
      `SELECT pg_current_wal_insert_lsn()::text AS at, pg_wal_lsn_diff(pg_current_wal_insert_lsn(), ?::pg_lsn)::float8 AS bytes`,
      [since],
    );
    return rows[0] ?? { at: since, bytes: Number.NaN };
  };
  const { at } = await read('0/0');
  await work();
  return (await read(at)).bytes;
}

/** What the newest delta of the sync's snapshot takes as stored. */
async function deltaBytes({ knex }: BenchPlace, syncId: string): Promise<number> {
  const { rows } = await knex.raw<{ rows: { bytes: number }[] }>(
    `SELECT pg_column_size(entries) + pg_column_size(row_keys) + pg_column_size(operations) + pg_column_size(outcomes) AS bytes
     FROM snapshot_deltas WHERE sync_id = ? ORDER BY delta_no DESC LIMIT 1`,
    [syncId],
  );
  return rows[0]?.bytes ?? Number.NaN;
}

/** Does `work` while nobody else writes to the server, from a checkpoint on. */
async function inCalm<Result>({ knex, targetUrl }: BenchPlace, work: () => Promise<Result>): Promise<Result> {
  await knex.raw('ALTER SYSTEM SET autovacuum = off');
  await knex.raw('SELECT pg_reload_conf()');
  try {
    await knex.raw('VACUUM');
    await withClient(targetUrl, (client) => client.query('VACUUM'));
    await knex.raw('CHECKPOINT');
    return await work();
  } finally {
    await knex.raw('ALTER SYSTEM RESET autovacuum');
    await knex.raw('SELECT pg_reload_conf()');
  }
}
