// Owns how the benchmark's results read: as JSON and as Markdown. Judges nothing that the figures have not.
import { cpus, loadavg, totalmem } from 'node:os';
import type { BenchPlace } from './bench-place';
import type { Figure, FigureResult, Verdict } from './figure';
import { spreadOf } from './series';

/** Where it was measured; the load is the machine's one-minute average, before and after. */
export interface Machine {
  readonly cores: number;
  readonly cpu: string;
  readonly memoryGigabytes: number;
  readonly node: string;
  readonly postgres: string;
  readonly temporal: string;
  readonly loadBefore: number;
  readonly loadAfter: number;
}

export interface Measured {
  readonly figure: Pick<Figure, 'name' | 'title' | 'method'>;
  readonly result: FigureResult;
}

export interface BenchReport {
  readonly measuredAt: string;
  readonly machine: Machine;
  readonly figures: readonly Measured[];
  /** Figures that could not be measured. */
  readonly failed: readonly { readonly name: string; readonly reason: string }[];
}

export function describeMachine({ versions }: BenchPlace, loadBefore: number): Machine {
  return {
    cores: cpus().length,
    cpu: cpus()[0]?.model ?? 'unknown',
    memoryGigabytes: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
    postgres: versions.postgres,
    temporal: versions.temporal,
    loadBefore,
    loadAfter: loadavg()[0] ?? Number.NaN,
  };
}

/** What became of a claim: the aim is reached, what must hold does, or does not; `told` when nothing was to hold. */
export function judge({
  measured,
  must,
  aim,
  bound,
  judgedBy,
}: Verdict): 'aim' | 'holds' | 'missed' | 'told' {
  const worst = bound === 'at_most' ? measured.highest : measured.lowest;
  const value = judgedBy === 'median' ? measured.median : worst;
  const within = (limit: number): boolean => (bound === 'at_most' ? value <= limit : value >= limit);
  if (must !== undefined && !within(must)) return 'missed';
  if (aim !== undefined && within(aim)) return 'aim';
  return must === undefined ? 'told' : 'holds';
}

/** 0 when all holds that must, 1 when not, 2 when a figure could not be measured. */
export function exitStatus({ figures, failed }: Pick<BenchReport, 'figures' | 'failed'>): 0 | 1 | 2 {
  if (failed.length > 0) return 2;
  return figures.some(({ result }) => result.verdicts.some((verdict) => judge(verdict) === 'missed')) ? 1 : 0;
}

/** The report as it stands in docs/performance.md. */
export function asMarkdown({ measuredAt, machine, figures, failed }: BenchReport): string {
  const { cores, cpu, memoryGigabytes, node, postgres, temporal, loadBefore, loadAfter } = machine;
  return [
    `Measured ${measuredAt.slice(0, 10)} on ${cores} cores (${cpu}), ${memoryGigabytes} GB, Node ${node}, PostgreSQL ${postgres}, ` +
      `Temporal dev server ${temporal}; load average ${loadBefore.toFixed(1)} before, ${loadAfter.toFixed(1)} after.`,
    '',
    '| figure | | median | lowest to highest | must | aim | |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...figures.flatMap(({ figure, result }) =>
      result.verdicts.map((verdict) => verdictRow(figure.name, verdict)),
    ),
    ...failed.map(
      ({ name, reason }) => `| ${name} | could not be measured: ${inOneCell(reason)} | | | | | failed |`,
    ),
    ...figures.flatMap(({ figure, result }) => [
      '',
      `**${figure.name}: ${figure.title}.** ${figure.method}`,
      '',
      '| series | median | lowest to highest | rounds |',
      '| --- | --- | --- | --- |',
      ...result.series.map(({ name, unit, values }) => {
        const { median, lowest, highest } = spreadOf(values);
        return `| ${name} | ${median.toFixed(0)} ${unit} | ${lowest.toFixed(0)} to ${highest.toFixed(0)} | ${values.length} |`;
      }),
    ]),
    '',
  ].join('\n');
}

// A statement of thousands of values, and then what is wrong with it.
const mostWords = 300;

function inOneCell(text: string): string {
  const words = text.replaceAll(/\s+/g, ' ').replaceAll('|', '\\|');
  return words.length > mostWords ? `${words.slice(0, 80)} … ${words.slice(-200)}` : words;
}

function verdictRow(name: string, verdict: Verdict): string {
  const { claim, unit, must, aim, bound, measured } = verdict;
  const digits = unit === 'x' || unit === 'a second' ? 2 : 0;
  const [median, lowest, highest] = [measured.median, measured.lowest, measured.highest].map((value) =>
    value.toFixed(digits),
  );
  const sign = bound === 'at_most' ? '≤' : '≥';
  const target = (value: number | undefined): string => (value === undefined ? '' : `${sign} ${value}`);
  return `| ${name} | ${claim} | ${median} ${unit} | ${lowest} to ${highest} | ${target(must)} | ${target(aim)} | ${judge(verdict)} |`;
}
