// Owns the promises of the chaos suite that jest tests prove: the same tests as in `npm test`, with the full numbers.
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/launcher/project-root';
import { type ChaosResult, resultOf } from './chaos-result';

/** One promise, the tests that prove it, and how many processes share the work. */
export interface JestProof {
  readonly id: string;
  readonly fault: string;
  readonly expected: string;
  readonly tests: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly processes?: number;
}

export const jestProofs: readonly JestProof[] = [
  {
    id: 'D8',
    fault: 'cancel at each phase, twice, by API and in Temporal; cancel against finish, 500 races',
    expected: 'cancelled in time, final status never changes, snapshot holds what was accepted',
    tests: ['test/workflows/cancel', 'test/workflows/waiting-runs'],
    env: { CHAOS_RACES: '500' },
  },
  {
    id: 'D10',
    fault: 'a failure at every phase boundary',
    expected: 'no call before the first write; after it exact counts; the next run carries on',
    tests: [
      'test/workflows/phase-boundaries',
      'test/workflows/source-failures',
      'test/workflows/destination-failures',
      'test/workflows/close-trouble',
      'test/workflows/failure-table',
    ],
  },
  {
    id: 'D11',
    fault: 'every kept history replayed; five careless changes of the workflow',
    expected: 'all fit; each change is noticed',
    tests: ['test/workflows/replay', 'test/workflows/capture-histories'],
  },
  {
    id: 'D12',
    fault: 'clocks going forward and back, 400 days of schedule',
    expected: 'each due instant as documented',
    tests: ['test/temporal/schedule', 'test/workflows/schedules'],
  },
  {
    id: 'D16',
    fault: '10,000 random sequences through stores and status machine',
    expected: 'only legal moves; the identity at every close',
    tests: ['test/db/runs/run-sequences', 'test/db/runs/run-bursts', 'test/domain/run-transitions'],
    env: { CHAOS_SEQUENCES: '2500' },
    processes: 4,
  },
  {
    id: 'F1-F3',
    fault: '429 in every form, bursts of 5xx, refused, reset, silent and dripping calls; PostgreSQL away',
    expected: 'waited out and shown; calls <= batches x 1.2; no row marked failed',
    tests: [
      'test/workflows/destination-trouble',
      'test/workflows/postgres-away',
      'test/workflows/limits',
      'test/connectors/destinations/http',
    ],
  },
];

interface JestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numTotalTests: number;
  readonly success: boolean;
}

/** Runs the proof's tests; it holds when all of them passed in every process. */
export async function prove({
  id,
  fault,
  expected,
  tests,
  env = {},
  processes = 1,
}: JestProof): Promise<ChaosResult> {
  const reports = await Promise.all(Array.from({ length: processes }, () => runJest(tests, env)));
  const passed = reports.reduce((sum, report) => sum + report.numPassedTests, 0);
  const total = reports.reduce((sum, report) => sum + report.numTotalTests, 0);
  const numbers = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  const each = processes > 1 ? [`${processes} processes`] : [];
  const text = [`${passed} of ${total} tests`, ...numbers, ...each].join(', ');
  const holds = total > 0 && reports.every(({ success }) => success);
  return resultOf({ id, fault, expected }, [{ text, holds }]);
}

async function runJest(tests: readonly string[], env: Readonly<Record<string, string>>): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-jest-'));
  const outputFile = join(folder, 'report.json');
  try {
    const args = ['--json', `--outputFile=${outputFile}`, '--silent', ...tests];
    const child = spawn(process.execPath, [join(projectRoot, 'node_modules/jest/bin/jest.js'), ...args], {
      cwd: projectRoot,
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    await new Promise((resolve, reject) => child.once('exit', resolve).once('error', reject));
    return JSON.parse(readFileSync(outputFile, 'utf8')) as JestReport;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
