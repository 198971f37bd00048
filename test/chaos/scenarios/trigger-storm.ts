// Owns the scenario of many triggers at once on one sync: a run each, one after another, in the order they came (D7).
import { resultOf, type Scenario } from '../chaos-result';
import { ChaosSync } from '../place/chaos-sync';
import { waitFor } from '../place/wait-for';

const forms = { short: { triggers: 6 }, full: { triggers: 100 } };
// A run of a handful of rows takes half a second.
const mostMsEach = 5_000;

interface StormRow {
  id: string;
  status: string;
  queue_no: number;
  queued_at: Date;
  started_at: Date;
  completed_at: Date;
  counter_mismatch: number;
}

export const triggerStorm: Scenario = {
  ids: ['D7'],
  workers: 2,
  async run({ place, ledgers, form }) {
    const { triggers } = forms[form];
    const sync = await ChaosSync.make(place, {
      name: 'stormed',
      rows: 20,
      ledger: ledgers.add('stormed', 'upsert'),
    });
    const startedMs = performance.now();
    const accepted = await Promise.all(Array.from({ length: triggers }, () => sync.trigger()));
    await waitFor('the end of all runs', triggers * mostMsEach, async () => {
      const [left] = await place.ask<{ n: number }>(
        'SELECT count(*)::int AS n FROM runs WHERE completed_at IS NULL',
      );
      return left?.n === 0 ? true : null;
    });
    const tookS = (performance.now() - startedMs) / 1000;
    const runs = await place.ask<StormRow>(
      `SELECT id, status, queue_no::int, queued_at, started_at, completed_at, counter_mismatch::int
       FROM runs WHERE sync_id = $1 ORDER BY queue_no`,
      [sync.id],
    );
    const pairs = runs.slice(1).map((run, at) => [runs[at] as StormRow, run] as const);
    const overlapping = pairs.filter(([before, run]) => run.started_at < before.completed_at).length;
    const overtaken = pairs.filter(([before, run]) => run.queued_at < before.queued_at).length;
    const unfinished = runs.filter(({ status }) => status !== 'completed').length;
    const starts = await place.ask<{ n: number }>(
      `SELECT count(*)::int AS n FROM run_events WHERE type = 'run_started' AND run_id = ANY($1) GROUP BY run_id`,
      [accepted],
    );
    return [
      resultOf(
        {
          id: 'D7',
          fault: `${triggers} triggers at once on one sync`,
          expected: 'as many runs, one after another in order of arrival, never two running',
        },
        [
          {
            text: `${accepted.length} accepted, ${runs.length} runs in ${tookS.toFixed(1)} s`,
            holds: runs.length === triggers && new Set(accepted).size === triggers,
          },
          { text: `${unfinished} not completed`, holds: unfinished === 0 },
          { text: `${overlapping} began before the one before had ended`, holds: overlapping === 0 },
          { text: `${overtaken} out of order of arrival`, holds: overtaken === 0 },
          {
            text: `${starts.filter(({ n }) => n > 1).length} started twice`,
            holds: starts.length === triggers && starts.every(({ n }) => n === 1),
          },
        ],
      ),
    ];
  },
};
