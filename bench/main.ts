// Owns the benchmark as a command: which figures, in what order, and where the report goes. Measures nothing itself.
import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { LaunchError } from '../scripts/launcher/launch-error';
import { projectRoot } from '../scripts/launcher/project-root';
import { type BenchPlace, openBenchPlace } from './bench-place';
import type { Figure } from './figure';
import { burstFigure } from './figures/burst';
import { allChangedFigure, fewChangedFigure } from './figures/changed';
import { closeRunAlertsFigure } from './figures/close-run-alerts';
import { errorSearchFigure } from './figures/error-search';
import { exportFigure } from './figures/export';
import { firstLoadFigure } from './figures/first-load';
import { historyFigure } from './figures/history';
import { httpFigure } from './figures/http';
import { idleFigure } from './figures/idle';
import { largeFigure } from './figures/large';
import { listThroughputFigure } from './figures/list-throughput';
import { largeMemoryFigure, memoryFigure } from './figures/memory';
import { overheadFigure } from './figures/overhead';
import { partitionsFigure } from './figures/partitions';
import { rowAtATimeFigure } from './figures/row-at-a-time';
import { runsListFigure } from './figures/runs-list';
import { slowClientsFigure } from './figures/slow-clients';
import { streamsFigure } from './figures/streams';
import { unchangedFigure } from './figures/unchanged';
import { largeWrittenFigure, writtenFigure } from './figures/written';
import { measureAll } from './measure-all';
import { asMarkdown, type BenchReport, describeMachine, exitStatus } from './report';

// Idleness comes last: its two thousand schedules would stay behind for the others.
const figures = [
  unchangedFigure,
  fewChangedFigure,
  allChangedFigure,
  firstLoadFigure,
  httpFigure,
  memoryFigure,
  writtenFigure,
  overheadFigure,
  closeRunAlertsFigure,
  rowAtATimeFigure,
  burstFigure,
  partitionsFigure,
  largeFigure,
  largeMemoryFigure,
  largeWrittenFigure,
  // The longest history first: one serves all of these.
  historyFigure,
  runsListFigure,
  errorSearchFigure,
  exportFigure,
  streamsFigure,
  slowClientsFigure,
  listThroughputFigure,
  idleFigure,
];
// Beside the bundle; written after every figure.
const stored = join(projectRoot, 'node_modules', '.cache', 'signalsmith', 'bench.json');
const page = join(projectRoot, 'docs', 'performance.md');
// Everything below this line of the page is written by `--keep`.
const keptBelow = '<!-- npm run bench -- --keep -->';

/**
 * Measures the named figures, or all but the large ones; `--large` measures those too, `--keep` writes the report into
 * docs/performance.md, in place of the one that is there. Ends the process with 0 when all holds that must, 1 when not, 2 when a figure could not be measured.
 */
export function bench(args: readonly string[]): void {
  const names = args.filter((arg) => !arg.startsWith('--'));
  const unknown = args.filter(
    (arg) => arg !== '--keep' && arg !== '--large' && !figures.some(({ name }) => name === arg),
  );
  if (unknown.length > 0) {
    const known = figures.map(({ name }) => name).join(', ');
    console.error(`There is no figure ${unknown.join(', ')}; there are ${known}, and --large and --keep.`);
    process.exit(2);
  }
  if (args.includes('--keep') && names.length > 0) {
    console.error('--keep replaces the whole report: it goes with no names of figures.');
    process.exit(2);
  }
  const wanted = figures.filter(({ name, isLarge }) =>
    names.length > 0 ? names.includes(name) : !isLarge || args.includes('--large'),
  );
  measure(wanted)
    .then((report) => tell(report, args.includes('--keep')))
    .then(
      (report) => process.exit(exitStatus(report)),
      (error: unknown) => {
        console.error(error instanceof LaunchError ? error.message : error);
        process.exit(2);
      },
    );
}

async function measure(wanted: readonly Figure[]): Promise<BenchReport> {
  const loadBefore = loadavg()[0] ?? Number.NaN;
  say('starting PostgreSQL and Temporal in a temporary folder');
  const place = await openBenchPlace(say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void giveUp(place));
  const reportOf = (measured: Pick<BenchReport, 'figures' | 'failed'>): BenchReport => ({
    measuredAt: new Date().toISOString(),
    machine: describeMachine(place, loadBefore),
    ...measured,
  });
  try {
    return reportOf(await measureAll(wanted, { place, say, soFar: (report) => store(reportOf(report)) }));
  } finally {
    await place.close();
  }
}

async function giveUp(place: BenchPlace): Promise<void> {
  await place.close();
  process.exit(130);
}

/** Markdown on standard output. A page that lacks a figure is not kept. */
function tell(report: BenchReport, keep: boolean): BenchReport {
  const markdown = asMarkdown(report);
  store(report);
  console.log(markdown);
  say(`As JSON in ${stored}`);
  if (keep && report.failed.length > 0) say('Not kept: not every figure was measured.');
  else if (keep) {
    const [above = ''] = readFileSync(page, 'utf8').split(keptBelow);
    writeFileSync(page, `${above}${keptBelow}\n\n${markdown}`);
    // The page is checked like every other file.
    spawnSync(process.execPath, [require.resolve('prettier/bin/prettier.cjs'), '--write', page]);
  }
  return report;
}

function store(report: BenchReport): void {
  writeFileSync(stored, `${JSON.stringify(report, null, 2)}\n`);
}

function say(text: string): void {
  console.error(text);
}
