// Owns the figure of a full minute: many small syncs due at once, against as many workflows of empty activities.
import { setTimeout as sleep } from 'node:timers/promises';
import { applySchedule } from '../../db/configuration/apply-schedule';
import { putSchedule, removeSchedule } from '../../db/configuration/schedule-store';
import { scheduleIdOf, temporalSchedules } from '../../temporal/schedules';
import { startEmptyWorker, timeEmptyRuns } from '../baselines/empty-run';
import type { BenchPlace } from '../bench-place';
import { type BenchSync, storeSync } from '../data/bench-sync';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn, timed } from '../in-turn';
import { ratio } from '../verdicts';

const syncs = 500;
// A round takes up to a minute, and as long again until all are due anew.
const rounds = 5;
// Connections and Temporal calls a person's laptop can have open at once.
const storedAtOnce = 10;
// Against a round of half a minute nothing; the asking is one short statement.
const pollMs = 100;
// Many times what the slowest round has taken: runs that are not there by then never come.
const longestMs = 600_000;

export const burstFigure: Figure = {
  name: 'burst',
  title: '500 syncs of 100 rows each, all due at once: until the last run has closed',
  method:
    'B is 500 workflows of five empty activities started at once on the same Temporal server, with two worker processes; ' +
    'the product has two workers as npm start runs them. Due by schedule: 500 Temporal Schedules with one interval, from the instant they all fire at until the last workflow has its result. ' +
    'Triggered: 500 triggers of the API at once, until the same. In turn, after the first load and one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, tinyTable);
  const stored: BenchSync[] = [];
  await inTens(syncs, async (at) => {
    stored.push(await storeSync(place, tinyTable.name, `burst_${at}`));
  });
  const programs = [
    await place.startWorker(),
    await place.startWorker(),
    await startEmptyWorker(place),
    await startEmptyWorker(place),
  ];
  say('first loads');
  const firstMs = await timed(() => Promise.all(stored.map((sync) => sync.run())));
  // The three sides of a round take up to 2.5 first loads together; the rest of an interval is waited for.
  const intervalMs = 30_000 * Math.ceil((3.5 * firstMs) / 30_000);
  say(`schedules, every ${intervalMs / 1_000} s`);
  await inTens(syncs, (at) => schedule(place, stored[at] as BenchSync, intervalMs / 1_000));
  const due = instants(intervalMs);
  const taken = await inTurn(
    {
      'by schedule': () => timeDueRuns(place, stored, due()),
      B: () => timeEmptyRuns(place, syncs),
      triggered: () => timed(() => Promise.all(stored.map(runUnchanged))),
    },
    { rounds, warmUps: 1, say },
  );
  await inTens(syncs, (at) => unschedule(place, stored[at] as BenchSync));
  await Promise.all(programs.map((program) => program.stop(10_000)));
  const targets = { must: 2.5, aim: 1.3 };
  return {
    verdicts: [
      ratio('all runs due by schedule / B', taken['by schedule'], taken.B, targets),
      ratio('all runs triggered / B', taken.triggered, taken.B, targets),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

/** Does `work` for 0, 1, 2 … side by side, a few at a time. */
async function inTens(count: number, work: (at: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < count; at = next++) await work(at);
  };
  await Promise.all(Array.from({ length: storedAtOnce }, lane));
}

async function schedule(place: BenchPlace, { id: syncId }: BenchSync, seconds: number): Promise<void> {
  const { knex, workspaceId, temporal } = place;
  const rest = { cron: null, timeZone: 'UTC', jitterSeconds: 0, catchUpSeconds: 600 };
  const put = { schedule: { intervalSeconds: seconds, ...rest }, by: null };
  await putSchedule(knex, { workspaceId, syncId }, put);
  await applySchedule(knex, temporalSchedules(temporal), syncId);
}

async function unschedule(place: BenchPlace, { id: syncId }: BenchSync): Promise<void> {
  const { knex, workspaceId, temporal } = place;
  await removeSchedule(knex, { workspaceId, syncId }, null);
  await applySchedule(knex, temporalSchedules(temporal), syncId);
}

/** The next instant at which all schedules fire, intervals being counted from 1970; each has to be asked for. */
function instants(intervalMs: number): () => Date {
  let last: number | null = null;
  return () => {
    const next = Math.ceil(Date.now() / intervalMs) * intervalMs;
    // What was measured meanwhile had the runs of that instant beside it.
    if (last !== null && next > last + intervalMs) throw new Error('a round takes longer than an interval');
    last = next;
    return new Date(next);
  };
}

/** From the instant until the last of its workflows has its result. */
async function timeDueRuns(place: BenchPlace, stored: readonly BenchSync[], dueAt: Date): Promise<number> {
  await sleep(dueAt.getTime() - Date.now());
  const closed = (): Promise<number> => unchangedRuns(place, stored, dueAt);
  while ((await closed()) < stored.length) {
    if (Date.now() > dueAt.getTime() + longestMs)
      throw new Error(`of ${stored.length} runs due at once ${await closed()} have ended without a change`);
    await sleep(pollMs);
  }
  const slot = dueAt.toISOString().replace('.000Z', 'Z');
  await Promise.all(
    stored.map(({ id }) => place.temporal.workflow.getHandle(`${scheduleIdOf(id)}-${slot}`).result()),
  );
  return Date.now() - dueAt.getTime();
}

async function unchangedRuns(
  { knex }: BenchPlace,
  stored: readonly BenchSync[],
  slotAt: Date,
): Promise<number> {
  const { rows } = await knex.raw<{ rows: { runs: number }[] }>(
    `SELECT count(*) AS runs FROM runs WHERE sync_id = ANY (?) AND slot_at = ? AND status = 'completed' AND rows_unchanged = ?`,
    [stored.map(({ id }) => id), slotAt, tinyTable.rows],
  );
  return rows[0]?.runs ?? 0;
}

async function runUnchanged(sync: BenchSync): Promise<void> {
  const { counts } = await sync.run();
  if (counts.unchanged !== tinyTable.rows) throw new Error('a run without a change found one');
}
