// Owns the figure of throughput: how many lists a second the API answers, beside its own statements served by bare Koa.
import { runsFrom, runsOnPage, type RunList } from '../../db/views/run-history-view';
import { newestFirst } from '../../db/views/run-list/run-order';
import type { BareLists } from '../baselines/bare-list';
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import { sentBy } from '../data/plans';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { callsPerSecond } from '../load';
import { shareOf } from '../verdicts';

const atOnce = 16;
const seconds = 10;
const rounds = 5;
const perPage = 20;

export const listThroughputFigure: Figure = {
  name: 'list-throughput',
  title: 'lists of 1,000,000 runs a second, 16 callers',
  method:
    'The baseline is Koa with nothing but a handler that sends the very statements of the list over as large a pool of pg as the API has, and answers their rows as JSON: no token, no sync looked up, nothing checked, presented, linked or measured. Sixteen callers in a process of their own, each with its next call when it has the answer, for 10 s. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needHistory(place, say);
  const { knex, workspaceId } = place;
  const all: RunList = { workspaceId, syncId: null, filter: {}, order: newestFirst };
  const lists: BareLists = {
    '/page': await sentBy(knex, () => runsOnPage(knex, all, { page: 1, perPage })),
    '/walk': await sentBy(knex, () => runsFrom(knex, all, { way: 'after', mark: null }, perPage)),
  };
  const bare = await place.startProgram('bare-list', 'bench/baselines/bare-list.js', {
    BENCH_LISTS: JSON.stringify(lists),
  });
  const bareUrl = String(bare.ready['url']);
  const pace = (callee: { url: string; token: string }, path: string) => (): Promise<number> =>
    callsPerSecond(place, { callee, paths: [path], seconds }, atOnce);
  const taken = await inTurn(
    {
      'bare, page and total': pace({ url: bareUrl, token: '' }, '/page'),
      'page and total': pace(place.api, '/runs'),
      'bare, by cursor': pace({ url: bareUrl, token: '' }, '/walk'),
      'by cursor': pace(place.api, '/runs?cursor=*'),
    },
    { rounds, warmUps: 1, say, unit: 'calls/s' },
  );
  await bare.stop(10_000);
  return {
    verdicts: [
      shareOf('page and total / bare', taken['page and total'], taken['bare, page and total'], { must: 0.5 }),
      shareOf('by cursor / bare', taken['by cursor'], taken['bare, by cursor'], { must: 0.5 }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'calls/s', values }) as const),
  };
}
