// Owns the benchmark as a command: which figures, in what order, and where the report goes. Measures nothing itself.
import { mkdirSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { LaunchError } from '../scripts/launcher/launch-error';
import { projectRoot } from '../scripts/launcher/project-root';
import { type BenchPlace, openBenchPlace } from './bench-place';
import type { Figure } from './figure';
import { memoryFigure } from './memory-figure';
import { overheadFigure } from './overhead-figure';
import { readFigure } from './read-figure';
import { asMarkdown, type BenchReport, describeMachine, holds, type Measured } from './report';
import { makeTables } from './tables';

const figures = [readFigure, overheadFigure, memoryFigure];
const reportFolder = join(projectRoot, '.data', 'bench');

/** Measures the named figures, or all; ends the process with 0 when every limit holds, 1 when not, 2 when it could not measure. */
export function bench(names: readonly string[]): void {
  const unknown = names.filter((name) => !figures.some((figure) => figure.name === name));
  if (unknown.length > 0) {
    const known = figures.map(({ name }) => name).join(', ');
    console.error(`There is no figure ${unknown.join(', ')}; there are ${known}.`);
    process.exit(2);
  }
  const wanted = figures.filter(({ name }) => names.length === 0 || names.includes(name));
  measureAll(wanted)
    .then(tell)
    .then(
      (report) => process.exit(report.figures.every(({ result }) => result.verdicts.every(holds)) ? 0 : 1),
      (error: unknown) => {
        console.error(error instanceof LaunchError ? error.message : error);
        process.exit(2);
      },
    );
}

async function measureAll(wanted: readonly Figure[]): Promise<BenchReport> {
  const loadBefore = loadavg()[0] ?? Number.NaN;
  say('starting PostgreSQL and Temporal in a temporary folder');
  const place = await openBenchPlace(say);
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => void giveUp(place));
  try {
    say('filling the warehouse');
    await makeTables(place);
    const measured: Measured[] = [];
    for (const figure of wanted) {
      say(figure.title);
      const result = await figure.measure(place, (text) => say(`  ${text}`));
      measured.push({ figure, result });
    }
    return {
      measuredAt: new Date().toISOString(),
      machine: describeMachine(place, loadBefore),
      figures: measured,
    };
  } finally {
    await place.close();
  }
}

async function giveUp(place: BenchPlace): Promise<void> {
  await place.close();
  process.exit(130);
}

function tell(report: BenchReport): BenchReport {
  const markdown = asMarkdown(report);
  mkdirSync(reportFolder, { recursive: true });
  writeFileSync(join(reportFolder, 'report.json'), `${JSON.stringify(report, null, 2)}\n`);
  writeFileSync(join(reportFolder, 'report.md'), markdown);
  console.log(`\n${markdown}\nAs JSON and Markdown in ${reportFolder}.`);
  return report;
}

function say(text: string): void {
  console.error(text);
}
