// Owns the figure of what alerts cost the end of a run: closing many with the judge at work beside, against without.
import { setTimeout as sleep } from 'node:timers/promises';
import type { Knex } from 'knex';
import { connect } from '../../db/connect';
import { newId } from '../../db/new-id';
import { closeRun } from '../../db/runs/close-run';
import { failureOf } from '../../domain/failure';
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { closableRuns, manySyncs } from '../data/closable-runs';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { bounded, ratio } from '../verdicts';

const syncs = 200;
// Two weeks of hourly runs are judged by their trends.
const runsOfEach = 336;
// Every tenth run fails: its alert is opened or repeated, and told on two channels.
const failing = 20;
// Three times as many as "1,000 within a minute".
const perSecond = 50;
const rounds = 11;

export const closeRunAlertsFigure: Figure = {
  name: 'close-run-alerts',
  title: `the close of a run with alerts against without, ${perSecond} a second`,
  method:
    `${syncs} runs of as many syncs, each with ${runsOfEach} runs before it, are closed ${perSecond} a second; every tenth has failed. ` +
    'With: each leaves its mark to be judged, and a worker judges beside, with trends, alerts and the messages of two channels. Without: a trigger drops the mark, and there is nothing to judge. ' +
    'A time is the mean of the closes of a round. In turn, after one warm-up of each; a side begins when the judge has nothing left.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const { knex, databaseUrl, workspaceId } = place;
  await needTables(place, tinyTable);
  const { id } = await storeSync(place, tinyTable.name, 'close_run_alerts_target');
  say('filling the tables');
  await manySyncs(knex, id, { syncs, runsOfEach });
  for (const channel of ['first', 'second'])
    await knex('alert_channels').insert({
      id: newId('channel'),
      workspace_id: workspaceId,
      name: channel,
      kind: 'webhook',
      config: '{"url":"https://hooks.invalid/"}',
    });
  await knex.raw(
    `CREATE FUNCTION drop_mark() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$`,
  );
  await knex.raw(
    `CREATE TRIGGER drop_mark BEFORE INSERT ON judgements_due FOR EACH ROW
     WHEN (current_setting('bench.without', true) = 'yes') EXECUTE FUNCTION drop_mark()`,
  );
  // One connection each, so that its setting stays.
  const sides = {
    with: connect(databaseUrl, { poolSize: 1 }),
    without: connect(databaseUrl, { poolSize: 1 }),
  };
  await sides.without.raw(`SET bench.without = 'yes'`);
  const worker = await place.startWorker();
  const judgedMs: number[] = [];
  const taken = await inTurn(
    {
      without: () => closeAll(knex, sides.without),
      with: async () => {
        const ms = await closeAll(knex, sides.with);
        const endedMs = performance.now();
        await untilJudged(knex);
        judgedMs.push(performance.now() - endedMs);
        return ms;
      },
    },
    { rounds, warmUps: 1, say },
  );
  await worker.stop(10_000);
  await Promise.all(Object.values(sides).map((side) => side.destroy()));
  return {
    verdicts: [
      ratio('close with alerts / without', taken.with, taken.without, { must: 1.1, aim: 1.05 }),
      bounded('from the last close until all are judged', 'ms', judgedMs, { must: 2_000, aim: 1_000 }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

/** Mean time of a close, milliseconds. */
async function closeAll(knex: Knex, side: Knex): Promise<number> {
  const runs = await closableRuns(knex, { failing });
  const begunMs = performance.now();
  let total = 0;
  for (const [at, runId] of runs.entries()) {
    await sleep(Math.max(0, begunMs + (at * 1_000) / perSecond - performance.now()));
    const fromMs = performance.now();
    await closeRun(side, runId, { kind: 'failed', failure: failureOf('destination_auth_expired') });
    total += performance.now() - fromMs;
  }
  return total / runs.length;
}

async function untilJudged(knex: Knex): Promise<void> {
  while ((await knex('judgements_due').first('no')) !== undefined) await sleep(5);
}
