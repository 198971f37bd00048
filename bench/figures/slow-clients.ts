// Owns the figure of clients that hold sockets on purpose: what a thousand of them cost everybody else.
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { p99AtPace } from '../load';
import type { SlowClients } from '../load/slow-clients';
import { within } from '../verdicts';

const perSecond = 100;
const seconds = 15;
const rounds = 5;
const sockets = 1_000;

export const slowClientsFigure: Figure = {
  name: 'slow-clients',
  title: 'lists of runs, 100 calls a second, beside 1,000 clients that hold their sockets on purpose',
  method:
    'The 99th percentile of the times of the first page of all runs, as in runs-list, while a further process holds 1,000 sockets: headers that never end, bodies that never end with their length and without, 64 kB of headers, and silence, a byte every half second. One that is closed is opened again.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needHistory(place, say);
  const { api } = place;
  const held: SlowClients = { url: api.url, token: api.token, sockets };
  const lists = (): Promise<number> =>
    p99AtPace(place, { callee: api, paths: ['/runs'], seconds }, perSecond);
  const taken = await inTurn(
    {
      'without them': lists,
      'beside 1,000 slow clients': async () => {
        const clients = await place.startProgram('slow-clients', 'bench/load/slow-clients.js', {
          BENCH_SLOW_CLIENTS: JSON.stringify(held),
        });
        const tookMs = await lists();
        await clients.stop(10_000);
        return tookMs;
      },
    },
    { rounds, warmUps: 1, say },
  );
  return {
    verdicts: [
      within('p99 beside 1,000 slow clients', taken['beside 1,000 slow clients'] ?? [], {
        must: 200,
        aim: 30,
      }),
    ],
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}
