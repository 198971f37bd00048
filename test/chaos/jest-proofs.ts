// Owns the promises of the chaos suite that jest tests prove: the same tests as in `npm test`, with the full numbers.
import { runJest } from './jest-run';
import { type ChaosResult, resultOf } from './chaos-result';

/** A promise as a row of the table. */
interface ProvedPromise {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
  /** Which of the tests, by their full names, speak of it, at least one for each pattern; absent: all. */
  readonly tests?: readonly RegExp[];
}

/** Test files that one run of jest goes through, and the promises they prove. */
export interface JestProof {
  readonly promises: readonly ProvedPromise[];
  readonly files: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** How many processes of jest share the work, each with servers of its own. */
  readonly processes?: number;
  /** How much of what the tests went through, in words; `notes` are numbers they noted. */
  readonly told?: (seed: number, notes: readonly number[]) => string;
}

const sequences = { processes: 4, each: 2_500 };
const races = 500;
const largeRows = 1_000_000;

function slowestOf(tookMs: readonly number[]): string {
  return `of ${tookMs.length} cancels the slowest took ${(Math.max(...tookMs) / 1_000).toFixed(1)} s`;
}

export const jestProofs: readonly JestProof[] = [
  {
    promises: [
      {
        id: 'D8',
        fault: 'cancel at each phase, twice, by API and in Temporal; cancel against finish',
        expected: 'cancelled <= 5 s, final status never changes, snapshot holds what was accepted',
      },
    ],
    files: ['test/workflows/cancelling/cancel', 'test/workflows/cancelling/waiting-runs'],
    env: { CHAOS_RACES: String(races) },
    told: (_, tookMs) => `${races} races; ${slowestOf(tookMs)}`,
  },
  {
    promises: [
      {
        id: 'D8',
        fault: `cancel while ${largeRows} rows are planned, or a snapshot of as many is folded or loaded`,
        expected: 'cancelled <= 5 s, nothing applied',
      },
    ],
    files: ['test/workflows/cancelling/cancel-large'],
    env: { CHAOS_ROWS: String(largeRows) },
    told: (_, tookMs) => slowestOf(tookMs),
  },
  {
    promises: [
      {
        id: 'D10',
        fault: 'a failure at every phase boundary',
        expected: 'no call before the first write; after it exact counts; the next run carries on',
      },
    ],
    files: [
      'test/workflows/workers/phase-boundaries',
      'test/workflows/failures/source-failures',
      'test/workflows/failures/destination-failures',
      'test/workflows/failures/close-trouble',
      'test/workflows/failures/failure-table',
    ],
  },
  {
    promises: [
      {
        id: 'D11',
        fault: 'every kept history replayed; nine careless changes of the workflow',
        expected: 'all fit; each change is noticed',
      },
    ],
    files: ['test/workflows/replay/replay', 'test/workflows/replay/capture-histories'],
  },
  {
    promises: [
      {
        id: 'D12',
        fault: 'clocks going forward and back in summer and winter, 400 days of schedule, jitter',
        expected: 'each due instant as documented; shown next runs = fired, within the jitter',
      },
    ],
    files: [
      'test/temporal/schedule',
      'test/workflows/schedules/schedules',
      'test/workflows/schedules/slot-times',
    ],
  },
  {
    promises: [
      {
        id: 'D16',
        fault: 'random sequences of events through stores and status machine',
        expected: 'in 10,000 sequences only legal moves; the identity at every close',
      },
    ],
    files: ['test/db/runs/run-sequences', 'test/db/runs/run-bursts', 'test/domain/run-transitions'],
    env: { CHAOS_SEQUENCES: String(sequences.each) },
    processes: sequences.processes,
    told: (seed) =>
      `${sequences.processes * sequences.each} sequences by ${sequences.processes} processes, seed ${seed}`,
  },
  {
    promises: [
      {
        id: 'F1',
        fault: '429 with Retry-After in seconds, as a date, absent, 1e9',
        expected:
          'waited at least as long as asked, within patience; no row marked failed; calls <= batches x 1.2',
        tests: [
          /rate limit/,
          /Retry-After/,
          /patience/,
          /GMT/,
          /^"[\d.\s]+" is/,
          /a long one is handed up/,
          /^a date/,
        ],
      },
      {
        id: 'F2',
        fault: 'bursts of 5xx, and 5xx for ever; PostgreSQL that restarts',
        expected: 'backoff; then one failure of the run within its patience, no row errors',
        tests: [/outage/, /restarts under a run/, /patience/, /cuts every write/],
      },
      {
        id: 'F3',
        fault: 'refused, reset before and after the body, no headers, headers and body that drip',
        expected: 'every call ends at its deadline; what is ambiguous is sent again under its key',
        tests: [/connection/, /certain/, /deadline/, /nobody listens/, /never answers/, /is no HTTP/],
      },
    ],
    files: [
      'test/workflows/failures/destination-trouble',
      'test/workflows/failures/destination-failures',
      'test/workflows/failures/postgres-away',
      'test/workflows/delivery/limits',
      'test/connectors/destinations/http',
    ],
  },
];

// Seeds of the processes must not meet: each test adds small numbers to its own.
const seedsApart = 10_000;
// Enough of the names of failed tests to know where to look.
const mostTold = 3;

/** Runs the proof's tests, the same ones for the same seed; a promise holds when all of its tests passed in every process. */
export async function prove(
  { promises, files, env = {}, processes = 1, told }: JestProof,
  seed: number,
): Promise<ChaosResult[]> {
  const reports = await Promise.all(
    Array.from({ length: processes }, (_, at) =>
      runJest(files, { ...env, CHAOS_SEED: String(seed + at * seedsApart) }),
    ),
  );
  const speaksOf = ({ tests }: ProvedPromise, name: string): boolean =>
    tests === undefined || tests.some((pattern) => pattern.test(name));
  // A failed test that no promise speaks of is nobody's row, and must not get lost.
  const strays = reports
    .flatMap(({ outcomes }) => outcomes)
    .filter(
      ({ name, status }) => status === 'failed' && !promises.some((promise) => speaksOf(promise, name)),
    );
  return promises.map((promise) => {
    const { id, fault, expected, tests = [] } = promise;
    const outcomes = reports.flatMap((report) =>
      report.outcomes.filter(({ name }) => speaksOf(promise, name)),
    );
    const failed = [...outcomes.filter(({ status }) => status === 'failed'), ...strays];
    const passed = outcomes.filter(({ status }) => status === 'passed');
    const unmet = tests.filter((pattern) => !passed.some(({ name }) => pattern.test(name)));
    const noted = reports.flatMap(({ notes }) => notes);
    const numbers = told ? [told(seed, noted)] : [];
    const broken = reports.flatMap(({ trouble }) => (trouble === null ? [] : [trouble]));
    return resultOf({ id, fault, expected }, [
      {
        text: [...numbers, `${passed.length} tests passed, ${failed.length} violated`].join(', '),
        holds: passed.length > 0 && failed.length === 0,
      },
      ...unmet.map((pattern) => ({ text: `no test passed that speaks of ${pattern}`, holds: false })),
      ...failed
        .slice(0, mostTold)
        .map(({ name, message }) => ({ text: `${name}: ${message}`, holds: false })),
      ...broken.map((text) => ({ text, holds: false })),
    ]);
  });
}
