// Owns the figure of history: what is listed and read of 1,000,000 runs and 10,000,000 row errors, against a keyed read.
import { beginRemovals } from '../../db/runs/begin-removals';
import { continueRemovals } from '../../db/runs/continue-removals';
import { rowErrors } from '../../db/views/row-errors-view';
import { runDetail } from '../../db/views/run-detail-view';
import { runHistory, type RunHistoryFilter } from '../../db/views/run-history-view';
import type { BenchPlace } from '../bench-place';
import { storeSync } from '../data/bench-sync';
import { fillHistory, type History } from '../data/history';
import { needTables, tinyTable } from '../data/tables';
import type { Figure, FigureResult } from '../figure';
import { inTurn, type Side, timed } from '../in-turn';
import { ratio } from '../verdicts';

const size = { runs: 1_000_000, rowErrors: 10_000_000, syncs: 2_000 };
const warmUps = 2;
const rounds = 9;

export const historyFigure: Figure = {
  name: 'history',
  title: '1,000,000 runs of 2,000 syncs and 10,000,000 row errors',
  method:
    'K is one run read by its key. Each side is a question of the product as its API asks it, page and total together: of a sync with 400 runs and of one with 200,000, of a run with 180 row errors and of one with 1,000,000. ' +
    'Then an hour of retention: marking 200 old runs, and removing them. In turn, on one connection pool.',
  isLarge: true,
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needTables(place, tinyTable);
  const { id: syncId } = await storeSync(place, tinyTable.name, 'history_target');
  say('filling the tables');
  const history = await fillHistory(place.knex, syncId, size);
  const taken = await inTurn(sidesOf(place, history), { rounds, warmUps, say });
  const { K, ...questions } = taken;
  return {
    verdicts: Object.entries(questions).map(([name, values]) => ratio(`${name} / K`, values, K, {})),
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

function sidesOf({ knex, workspaceId }: BenchPlace, { busySync, usualSync, worstRun, usualRun }: History) {
  const first = { page: 1, perPage: 20 };
  const list =
    (sync: string, filter: RunHistoryFilter, page = 1): Side =>
    () =>
      timed(() => runHistory(knex, workspaceId, sync, filter, { page, perPage: 20 }));
  const errors =
    (run: string, filter: Parameters<typeof rowErrors>[3]): Side =>
    () =>
      timed(() => rowErrors(knex, workspaceId, run, filter, first));
  return {
    K: () => timed(() => knex('runs').where({ id: usualRun }).first('id', 'status')),
    'runs of a sync': list(usualSync, {}),
    'runs of a busy sync': list(busySync, {}),
    'its failed runs': list(busySync, { statuses: ['failed'] }),
    'its 100th page': list(busySync, {}, 100),
    'one run': () => timed(() => runDetail(knex, workspaceId, busySync, usualRun)),
    'row errors of a run': errors(usualRun, {}),
    'row errors of the worst run': errors(worstRun, {}),
    'text in them': errors(worstRun, { text: 'not valid' }),
    'marking 200 old runs': () => timed(() => beginRemovals(knex, 'run', 400)),
    'removing them': () => timed(() => continueRemovals(knex)),
  } satisfies Record<string, Side>;
}
