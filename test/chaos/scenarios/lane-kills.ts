// Owns the scenario of a worker that is killed while several of its lanes write to PostgreSQL, again and again (D1).
import { setTimeout as sleep } from 'node:timers/promises';
import { isTimely, resultOf, type Scenario } from '../chaos-result';
import { TableSync } from '../place/table-sync';
import { waitFor } from '../place/wait-for';

const forms = {
  // Three seconds of writing, so that the kill comes before their end.
  short: { kills: 1, rows: 22_000, mostAliveMs: 700 },
  // A worker lives a batch and a quarter at most: half of the lives end within their first batches, some around a commit,
  // and twenty of them come to about half of the rows.
  full: { kills: 20, rows: 100_000, mostAliveMs: 1_500 },
};
const lanes = 4;
// A batch of some 2,700 rows takes 1.2 s.
const rowMs = 0.45;
// As for any other destination, see worker-kills.
const resumeLimitMs = 12_000;
const longestResumeMs = 90_000;
// Once nobody is killed any more the table takes its rows as fast as it can.
const longestEndMs = 120_000;

export const laneKills: Scenario = {
  ids: ['D1'],
  async run({ place, form, random, say }) {
    const { kills, rows, mostAliveMs } = forms[form];
    const sync = await TableSync.make(place, { name: 'laned', rows, lanes, rowMs });
    const runId = await sync.trigger();
    let since = new Date(0).toISOString();
    const lanesAtWork = (): Promise<number> =>
      waitFor('lanes that write', longestResumeMs, async () => {
        const writing = await sync.writingSince(since);
        return writing > 1 || (await sync.hasEnded(runId)) ? writing : null;
      });

    const resumes: number[] = [];
    const atWork = [await lanesAtWork()];
    let hits = 0;
    for (let killed = 1; killed <= kills; killed += 1) {
      await sleep(random.between(0, mostAliveMs));
      if (!(await sync.hasEnded(runId))) hits += 1;
      const killedAtMs = performance.now();
      await place.programs.killWorker();
      since = await sync.now();
      await place.programs.startWorker();
      atWork.push(await lanesAtWork());
      resumes.push(performance.now() - killedAtMs);
      const { created, updated } = await sync.effects();
      say(
        `kill ${killed}: ${atWork.at(-1)} lanes at work after ${Math.round(resumes.at(-1) ?? 0)} ms, ${created + updated} rows there`,
      );
    }
    await sync.setPace(0);
    const run = await sync.ended(runId, longestEndMs);
    const { created, updated, twice } = await sync.effects();
    const lost = (await sync.differences()).length;
    const longest = Math.max(...resumes);
    return [
      resultOf(
        {
          id: 'D1',
          fault: `worker SIGKILLed ${kills} times while ${lanes} lanes write ${rows} rows to PostgreSQL`,
          expected: '0 lost, 0 applied twice, counters = what the table noted, completed, resume <= 12 s',
        },
        [
          { text: `${run.status} ${run.failure?.message ?? ''}`.trim(), holds: run.status === 'completed' },
          { text: `${hits} kills before its end`, holds: hits === kills },
          { text: `up to ${Math.max(...atWork)} lanes at work`, holds: Math.max(...atWork) > 1 },
          { text: `${lost} lost or wrong`, holds: lost === 0 },
          { text: `${twice} applied twice`, holds: twice === 0 },
          {
            text: `counters ${run.rows_created}/${run.rows_updated}, table ${created}/${updated}`,
            holds: run.rows_created === created && run.rows_updated === updated && created + updated === rows,
          },
          { text: `mismatch ${run.summary.counter_mismatch}`, holds: run.summary.counter_mismatch === 0 },
          {
            text: `longest resume ${(longest / 1000).toFixed(1)} s`,
            holds: isTimely(form, longest, resumeLimitMs),
          },
        ],
      ),
    ];
  },
};
