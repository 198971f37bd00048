// Owns the figure of searching row errors: how long the slowest one in a hundred searches takes, at a hundred a second.
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { p99AtPace } from '../load';
import { within } from '../verdicts';

const perSecond = 100;
const seconds = 15;
const rounds = 5;
// Different ones are different places of the tables.
const rows = Array.from({ length: 50 }, (_, index) => 1 + index * 19_997);

export const errorSearchFigure: Figure = {
  name: 'error-search',
  title: 'search in 1,000,000 row errors of a run, 100 calls a second: the 99th percentile of its times',
  method:
    'As runs-list, of the run’s row errors, a hundred a page with their total: all of them, those of a field, of a code, with a text in the words of their messages, of a row, and, by 50 texts in turn, with twelve characters of the value in a message.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const { busySync, worstRun } = await needHistory(place, say);
  const errors = (query: Record<string, string>): string =>
    `/syncs/${busySync}/runs/${worstRun}/errors?${new URLSearchParams(query).toString()}`;
  const { rows: values } = await place.knex.raw<{ rows: { text: string }[] }>(
    `SELECT left(md5(n::text), 12) AS text FROM unnest(?::int[]) n`,
    [rows],
  );
  const searches: Record<string, string[]> = {
    'all of them': [errors({})],
    'of a field': [errors({ field: 'Email' })],
    'of a code': [errors({ code: 'code_3' })],
    'text in the words': [errors({ q: 'not valid' })],
    'of a row': rows.map((row) => errors({ row_id: `usr_${row}` })),
    'a value in the message': values.map(({ text }) => errors({ q: text })),
  };
  const sides = Object.fromEntries(
    Object.entries(searches).map(([name, paths]) => [
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
