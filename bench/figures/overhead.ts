// Owns the figure of overhead: a small run without a change, against a workflow of as many empty activities.
import { startEmptyWorker, timeEmptyRuns } from '../baselines/empty-run';
import { activitiesOfARun } from '../baselines/empty-workflow';
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { needTables, smallTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { bounded, ratio } from '../verdicts';

// A round is a tenth of a second, so many are cheap; the first ones warm caches, pools and compilers of both sides.
const warmUps = 20;
const rounds = 51;

export const overheadFigure: Figure = {
  name: 'overhead',
  title: '10,000 rows x 11 columns without a change: the whole run',
  method:
    'E is a workflow of five empty activities, as many as such a run has, one after the other on the same Temporal server with a worker process of its own; ' +
    'the product is the time from the trigger to the result of the workflow. In turn, after 20 warm-ups of each. ' +
    "Activities are those the history of each run has scheduled: start, query, detection and close are the run's own, one is the queue's.",
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, smallTable);
  const sync = await storeSync(place, smallTable.name, 'overhead_target');
  const workers = [await place.startWorker(), await startEmptyWorker(place)];
  say('first load');
  await sync.run();
  say(`${warmUps} warm-ups and ${rounds} rounds`);
  const taken = await inTurn(
    {
      E: () => timeEmptyRuns(place),
      'whole run': async () => {
        const { counts, wholeMs } = await sync.run();
        if (counts.unchanged !== smallTable.rows) throw new Error('a run without a change found one');
        return wholeMs;
      },
    },
    { rounds, warmUps, say },
  );
  await Promise.all(workers.map((worker) => worker.stop(10_000)));
  const activities = await activitiesOf(place, sync.id);
  return {
    verdicts: [
      ratio('run / E', taken['whole run'], taken.E, { must: 2.5, aim: 1.3 }),
      // E has as many, so that its time is no excuse for more.
      bounded('activities of a run', 'activities', activities, { must: activitiesOfARun }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

/** Activities that were scheduled in each of the measured runs. */
async function activitiesOf({ knex, temporal }: BenchPlace, syncId: string): Promise<number[]> {
  const last = knex('runs').where({ sync_id: syncId }).orderBy('queue_no', 'desc').limit(rounds);
  const scheduled: number[] = [];
  for (const workflowId of (await last.pluck('workflow_id')) as string[]) {
    const { events } = await temporal.workflow.getHandle(workflowId).fetchHistory();
    const activities = events?.filter((event) => event.activityTaskScheduledEventAttributes);
    scheduled.push(activities?.length ?? Number.NaN);
  }
  return scheduled;
}
