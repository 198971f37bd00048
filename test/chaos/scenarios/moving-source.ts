// Owns the scenario of a source that changes while it is read, and whose reader is killed midway (D15): one snapshot.
import { setTimeout as sleep } from 'node:timers/promises';
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { waitFor } from '../place/wait-for';

const forms = { short: { rows: 2_000, kills: 0 }, full: { rows: 20_000, kills: 2 } };

/**
 * Two tables whose rows change together, read through a function that looks for itself: under READ COMMITTED each of its
 * looks would see a later state than the statement around it.
 */
export const movingSource: Scenario = {
  ids: ['D15'],
  async run({ place, ledgers, form, random, say }) {
    const { rows, kills } = forms[form];
    await place.askOutside('warehouse', 'CREATE TABLE twins (id bigint PRIMARY KEY, amount bigint)');
    await place.askOutside('warehouse', `INSERT INTO twins SELECT n, 0 FROM generate_series(1, $1::int) n`, [
      rows,
    ]);
    await place.askOutside(
      'warehouse',
      `CREATE FUNCTION twin_of(bigint) RETURNS bigint LANGUAGE plpgsql VOLATILE AS
       $$ BEGIN PERFORM pg_sleep(0.0005); RETURN (SELECT amount FROM twins WHERE id = $1); END $$`,
    );
    const ledger = ledgers.add('moving', 'upsert');
    const sync = await ChaosSync.make(place, {
      name: 'moving',
      rows,
      ledger,
      sql: `SELECT m.id, m.email, twin_of(m.id)::text AS note FROM moving m`,
    });
    await place.askOutside('warehouse', `UPDATE moving SET email = '0'`);
    const stopping = new AbortController();
    let rounds = 0;
    const moving = (async () => {
      for (; !stopping.signal.aborted; await sleep(60)) {
        rounds += 1;
        await place.askOutside(
          'warehouse',
          `WITH moved AS (UPDATE twins SET amount = amount + 1 RETURNING id, amount)
           UPDATE moving SET email = moved.amount::text FROM moved WHERE moved.id = moving.id`,
        );
      }
    })();
    const runId = await sync.trigger();
    for (let killed = 0; killed < kills; killed += 1) {
      await waitFor('a read that has begun', 60_000, async () => {
        const [reading] = await place.askOutside<{ n: number }>(
          'warehouse',
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE query LIKE '%twin_of(m.id)%' AND state = 'active'
             AND pid <> pg_backend_pid()`,
        );
        return reading?.n === 1 ? true : null;
      });
      await sleep(random.between(200, 2_000));
      await place.programs.killWorker();
      await place.programs.startWorker();
      say(`the reader was killed after ${rounds} changes of every row`);
    }
    const run = await sync.ended(runId, 120_000);
    stopping.abort();
    await moving;
    const arrived = [...ledger.rows.values()].map(({ values }) => values);
    const torn = arrived.filter(({ email, note }) => email !== note).length;
    const states = new Set(arrived.map(({ email }) => email)).size;
    return [
      resultOf(
        {
          id: 'D15',
          fault: `${rounds} changes of every row while it is read, reader killed ${kills} times`,
          expected: 'one REPEATABLE READ snapshot',
        },
        [
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${arrived.length} rows arrived`, holds: arrived.length === rows },
          { text: `${torn} torn between two states`, holds: torn === 0 },
          { text: `${states} state of the source`, holds: states === 1 },
          { text: `${rounds} changes meanwhile`, holds: rounds > 3 },
        ],
      ),
    ];
  },
};
