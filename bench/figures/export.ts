// Owns the figure of the export: a million row errors as they are read, and how little of them is in memory at any time.
import { Client } from 'undici';
import { anyFreePort } from '../../scripts/launcher/free-port';
import type { BenchPlace } from '../bench-place';
import { needHistory } from '../data/need-history';
import type { Figure, FigureResult } from '../figure';
import { inTurn } from '../in-turn';
import { residentMegabytes } from '../peak-memory';
import { bounded, within } from '../verdicts';

const rounds = 3;
// More often than a collection of the young generation comes.
const lookEveryMs = 10;

export const exportFigure: Figure = {
  name: 'export',
  title: 'export of 1,000,000 row errors, CSV and NDJSON: the first byte, and the memory of the API',
  method:
    'VmRSS of /proc/<pid>/status of an API process started for it, looked at every 10 ms: the highest while an export is read as fast as it comes, less what it was when the process had answered a page of row errors, before any export. The highest of all rounds is judged. The time to the first byte is from the request to the first piece of the body.',
  measure,
};

async function measure(place: BenchPlace, say: (text: string) => void): Promise<FigureResult> {
  const { busySync, worstRun } = await needHistory(place, say);
  const api = await place.startProgram('export-api', 'api/main.js', {
    PORT: String(await anyFreePort('127.0.0.1')),
  });
  const read = (path: string): Promise<Reading> =>
    readWhole(
      `${String(api.ready['url'])}/api/v1/syncs/${busySync}/runs/${worstRun}${path}`,
      place.api.token,
    );
  await read('/errors');
  const beforeMegabytes = residentMegabytes(api.pid);
  const growth: Record<string, number[]> = {};
  const firstByte: Record<string, number[]> = {};
  const side = (format: 'csv' | 'ndjson') => async (): Promise<number> => {
    const watch = watchMemory(api.pid);
    const reading = await read(`/errors/export?format=${format}`);
    (growth[format] ??= []).push(watch.highest() - beforeMegabytes);
    (firstByte[format] ??= []).push(reading.firstByteMs);
    if (reading.lines < 1_000_000) throw new Error(`the export had ${reading.lines} lines`);
    return reading.wholeMs;
  };
  const taken = await inTurn({ CSV: side('csv'), NDJSON: side('ndjson') }, { rounds, warmUps: 0, say });
  await api.stop(10_000);
  return {
    verdicts: Object.entries(growth).flatMap(([format, values]) => [
      bounded(`${format}, growth of the API`, 'MB', values, { must: 50 }),
      within(`${format}, first byte`, firstByte[format] ?? [], { must: 1_000, aim: 100 }),
    ]),
    series: Object.entries(taken).map(([name, values]) => ({ name, unit: 'ms', values }) as const),
  };
}

interface Reading {
  readonly firstByteMs: number;
  readonly wholeMs: number;
  readonly lines: number;
}

async function readWhole(address: string, token: string): Promise<Reading> {
  const { origin, pathname, search } = new URL(address);
  const client = new Client(origin);
  const startedMs = performance.now();
  const { statusCode, body } = await client.request({
    path: `${pathname}${search}`,
    method: 'GET',
    headers: { authorization: `Bearer ${token}` },
  });
  if (statusCode !== 200) throw new Error(`${pathname} answered ${statusCode}: ${await body.text()}`);
  let firstByteMs = Number.NaN;
  let lines = 0;
  for await (const piece of body as AsyncIterable<Buffer>) {
    if (Number.isNaN(firstByteMs)) firstByteMs = performance.now() - startedMs;
    for (let at = piece.indexOf(10); at !== -1; at = piece.indexOf(10, at + 1)) lines += 1;
  }
  const wholeMs = performance.now() - startedMs;
  await client.close();
  return { firstByteMs, wholeMs, lines };
}

/** Looks at the memory of a process until it is asked for the highest it has seen. */
function watchMemory(pid: number): { highest(): number } {
  let highest = residentMegabytes(pid);
  const look = (): void => {
    highest = Math.max(highest, residentMegabytes(pid));
  };
  const timer = setInterval(look, lookEveryMs);
  return {
    highest() {
      clearInterval(timer);
      look();
      return highest;
    },
  };
}
