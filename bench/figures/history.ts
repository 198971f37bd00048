// Owns the figure of history: what is listed and read of 1,000,000 runs and 10,000,000 row errors, and by which plans.
import { beginRemovals } from '../../db/runs/begin-removals';
import { continueRemovals } from '../../db/runs/continue-removals';
import { type ErrorRun, findErrorRun } from '../../db/views/row-errors/error-run';
import type { RowErrorFilter } from '../../db/views/row-errors/row-error-filter';
import { errorsOnPage } from '../../db/views/row-errors/row-errors-view';
import { runDetail } from '../../db/views/run-detail-view';
import { runsOnPage } from '../../db/views/run-history-view';
import type { RunFilter } from '../../db/views/run-list/run-filter';
import { newestFirst } from '../../db/views/run-list/run-order';
import type { BenchPlace } from '../bench-place';
import { withClient } from '../data/bench-client';
import { storeSync } from '../data/bench-sync';
import { fillHistory, type History } from '../data/history';
import { planOf, readsWhole, sentBy } from '../data/plans';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult, Verdict } from '../figure';
import { inTurn, timed } from '../in-turn';
import { bounded, ratio } from '../verdicts';

const size = { runs: 1_000_000, rowErrors: 10_000_000, syncs: 2_000 };
const warmUps = 2;
const rounds = 9;

export const historyFigure: Figure = {
  name: 'history',
  title: '1,000,000 runs of 2,000 syncs and 10,000,000 row errors',
  method:
    'K is one run read by its key; R and E are counts of all runs and of all row errors without an index: one process that reads the table from end to end. Each side is a question of the product as its API asks it, page and total together: of a sync with 400 runs and of one with 200,000, of a run with 180 row errors and of one with 1,000,000. ' +
    'Then an hour of retention: marking 200 old runs, and removing them. In turn, on one connection pool. Every statement of every question is then explained.',
  isLarge: true,
  measure,
};

/** A question, and what its time is held to. */
interface Question {
  readonly ask: () => Promise<unknown>;
  readonly against: keyof Baselines;
  readonly must: number;
  readonly aim: number;
}

interface Baselines {
  readonly K: () => Promise<unknown>;
  readonly R: () => Promise<unknown>;
  readonly E: () => Promise<unknown>;
}

// Two to five statements, a page of twenty rows among them, and nothing that grows with the history.
const asOneRun = { against: 'K', must: 10, aim: 5 } as const;
// It has a fifth of all runs, and the total counts them: about its share of a count of all, twice that at most.
const asItsRuns = { against: 'R', must: 0.5, aim: 0.25 } as const;
// A million row errors, and their groups tell how many match: a few statements more, and the page by an index.
const asTheirGroups = { against: 'K', must: 20, aim: 10 } as const;
// A text that may stand within the values of any message: every one is looked through, no dearer than to count all of them.
const asTheirText = { against: 'E', must: 1, aim: 0.5 } as const;
// No dearer than to read each of the 200 by its key.
const as200Runs = { against: 'K', must: 200, aim: 100 } as const;

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, tinyTable);
  const { id: syncId } = await storeSync(place, tinyTable.name, 'history_target');
  say('filling the tables');
  const history = await fillHistory(place.knex, syncId, size);
  const questions = questionsOf(place, history);
  const asked: [string, () => Promise<unknown>][] = [
    ...Object.entries(baselinesOf(place, history)),
    ...Object.entries(questions).map(([name, { ask }]) => [name, ask] as [string, typeof ask]),
  ];
  const sides = Object.fromEntries(asked.map(([name, ask]) => [name, () => timed(ask)]));
  const taken = await inTurn(sides, { rounds, warmUps, say });
  const verdicts = Object.entries(questions).map(([name, { against, must, aim }]) =>
    ratio(`${name} / ${against}`, taken[name] ?? [], taken[against] ?? [], { must, aim }),
  );
  return {
    verdicts: [...verdicts, await planVerdict(place, questions, say)],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

function questionsOf(
  { knex, workspaceId }: BenchPlace,
  { busySync, usualSync, worstRun, usualRun }: History,
): Record<string, Question> {
  const list =
    (syncId: string, filter: RunFilter, page = 1) =>
    () =>
      runsOnPage(knex, { workspaceId, syncId, filter, order: newestFirst }, { page, perPage: 20 });
  const errors = (runId: string, filter: RowErrorFilter) => async () => {
    const run = (await findErrorRun(knex, workspaceId, busySync, runId)) as ErrorRun;
    return errorsOnPage(knex, run, filter, { page: 1, perPage: 20 });
  };
  return {
    'runs of a sync': { ask: list(usualSync, {}), ...asOneRun },
    'runs of a busy sync': { ask: list(busySync, {}), ...asItsRuns },
    'its failed runs': { ask: list(busySync, { statuses: ['failed'] }), ...asItsRuns },
    'its 100th page': { ask: list(busySync, {}, 100), ...asItsRuns },
    'one run': { ask: () => runDetail(knex, workspaceId, busySync, usualRun), ...asOneRun },
    'row errors of a run': { ask: errors(usualRun, {}), ...asOneRun },
    'row errors of the worst run': { ask: errors(worstRun, {}), ...asTheirGroups },
    'those of a field': { ask: errors(worstRun, { field: 'Email' }), ...asTheirGroups },
    'text in them': { ask: errors(worstRun, { text: 'not valid' }), ...asTheirGroups },
    'a value in them': { ask: errors(worstRun, { text: 'c4ca4238a0b9' }), ...asTheirText },
    'one row of them': { ask: errors(worstRun, { rowId: 'usr_777777' }), ...asTheirGroups },
    'marking 200 old runs': { ask: () => beginRemovals(knex, 'run', 400), ...as200Runs },
    'removing them': { ask: () => continueRemovals(knex), ...as200Runs },
  };
}

function baselinesOf({ knex }: BenchPlace, { usualRun }: History): Baselines {
  const fromEndToEnd = (table: string) => () =>
    knex.transaction(async (trx) => {
      for (const way of ['indexscan', 'indexonlyscan', 'bitmapscan'])
        await trx.raw(`SET LOCAL enable_${way} = off`);
      // By one process, so that the number of cores does not move the limit.
      await trx.raw('SET LOCAL max_parallel_workers_per_gather = 0');
      await trx(table).count();
    });
  return {
    K: async () => knex('runs').where({ id: usualRun }).first('id', 'status'),
    R: fromEndToEnd('runs'),
    E: fromEndToEnd('row_errors'),
  };
}

/** How many statements of the questions would read a long table, or an index of one, from end to end: none may. */
async function planVerdict(
  { knex, databaseUrl }: BenchPlace,
  questions: Record<string, Question>,
  say: (text: string) => void,
): Promise<Verdict> {
  let statements = 0;
  let whole = 0;
  await withClient(databaseUrl, async (explainer) => {
    for (const [name, { ask }] of Object.entries(questions)) {
      for (const statement of await sentBy(knex, ask)) {
        statements += 1;
        const read = (await planOf(explainer, statement)).filter(readsWhole);
        if (read.length === 0) continue;
        whole += 1;
        say(`${name} reads ${read[0]?.['Relation Name']} from end to end: ${statement.sql}`);
      }
    }
  });
  say(`${whole} of ${statements} plans read a long table from end to end`);
  const claim = `of ${statements} statements, those with a sequential scan of a long table`;
  return bounded(claim, 'plans', [whole], { must: 0 });
}
