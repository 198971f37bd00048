// Owns the figure of event streams: what a thousand open ones cost everybody else.
import { randomBytes } from 'node:crypto';
import { TokenStore } from '../../db/configuration/token-store';
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import { openRuns, removeOpenRuns } from '../data/open-runs';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { p99AtPace } from '../load';
import type { Streams } from '../load/streams';
import { ratio } from '../verdicts';

const perSecond = 100;
const seconds = 15;
const rounds = 7;
const runs = 100;
// A token has fifty at most.
const tokens = 20;
const streams = 1_000;

export const streamsFigure: Figure = {
  name: 'streams',
  title: 'lists of runs, 100 calls a second, beside 1,000 open event streams and without them',
  method:
    'The 99th percentile of the times of the first page of all runs, as in runs-list, with a further process that reads 1,000 event streams of 100 runs that go on, and without it. In turn, after one warm-up of each.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  await needHistory(place, say);
  const paths = await openRuns(place.knex, runs);
  try {
    const held = await heldBy(place, paths);
    const lists = (): Promise<number> =>
      p99AtPace(place, { callee: place.api, paths: ['/runs'], seconds }, perSecond);
    const taken = await inTurn(
      {
        'without streams': lists,
        'beside 1,000 streams': async () => {
          const readers = await place.startProgram('streams', 'bench/load/streams.js', {
            BENCH_STREAMS: JSON.stringify(held),
          });
          const tookMs = await lists();
          await readers.stop(10_000);
          return tookMs;
        },
      },
      { rounds, warmUps: 1, say },
    );
    const { 'without streams': without, 'beside 1,000 streams': beside } = taken;
    return {
      verdicts: [ratio('p99 beside 1,000 streams / without', beside, without, { must: 1.5, aim: 1.2 })],
      series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
    };
  } finally {
    await removeOpenRuns(place.knex);
  }
}

async function heldBy({ api, knex, workspaceId }: BenchPlace, paths: readonly string[]): Promise<Streams> {
  const store = new TokenStore(knex);
  const secrets = Array.from({ length: tokens }, () => randomBytes(24).toString('hex'));
  for (const [index, token] of secrets.entries())
    await store.create({ workspaceId, name: `Streams ${index + 1}`, token, scopes: ['read'] });
  return {
    url: api.url,
    streams: Array.from({ length: streams }, (_, index) => ({
      path: `${paths[index % paths.length] ?? ''}/events`,
      token: secrets[index % tokens] ?? '',
    })),
  };
}
