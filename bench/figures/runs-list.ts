// Owns the figure of lists of runs: how long the slowest one in a hundred calls takes, at a hundred a second.
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import { cursorsAt } from '../data/walk';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { p99AtPace } from '../load';
import { within } from '../verdicts';

const perSecond = 100;
const seconds = 15;
const rounds = 5;
const depth = 200_000;

export const runsListFigure: Figure = {
  name: 'runs-list',
  title: 'lists of 1,000,000 runs, 100 calls a second: the 99th percentile of their times',
  method:
    'The API answers a process of its own that calls it every 10 ms for 15 s, whether it has answered the calls before or not; a time counts from when its call was due. Pages of twenty: the first of all syncs, the first of a sync with 200,000 runs, its failed ones, and, by 50 cursors in turn, those 200,000 runs down the list. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const { busySync } = await needHistory(place, say);
  say(`walking ${depth} runs down the list`);
  const deep = await cursorsAt(place, '/runs', depth);
  const lists: Record<string, string[]> = {
    'first page': ['/runs'],
    'first page of a busy sync': [`/syncs/${busySync}/runs`],
    'its failed runs': [`/syncs/${busySync}/runs?status=failed`],
    'by cursor at depth 200,000': deep.map((cursor) => `/runs?cursor=${encodeURIComponent(cursor)}`),
  };
  const sides = Object.fromEntries(
    Object.entries(lists).map(([name, paths]) => [
      name,
      () => p99AtPace(place, { callee: place.api, paths, seconds }, perSecond),
    ]),
  );
  const taken = await inTurn(sides, { rounds, warmUps: 1, say });
  return {
    verdicts: Object.entries(taken).map(([name, values]) =>
      within(`${name}, p99`, values, { must: 100, aim: 30 }),
    ),
    series: [],
  };
}
