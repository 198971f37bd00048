// Owns one run of jest as a process of its own, within a time limit, and what its report says. Judges nothing.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/launcher/project-root';

/** One test that was tried. */
export interface TestOutcome {
  /** With the titles of its describe blocks. */
  readonly name: string;
  readonly status: 'passed' | 'failed';
  /** The first lines of what it failed with. */
  readonly message: string;
}

export interface JestReport {
  readonly outcomes: readonly TestOutcome[];
  /** What went wrong beside the tests: a file that could not be loaded, a run that did not end. */
  readonly trouble: string | null;
  /** Numbers the tests noted. */
  readonly notes: readonly number[];
}

interface WrittenReport {
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages: readonly string[];
    }[];
  }[];
}

// The longest, 10,000 sequences by four processes, takes some minutes on four cores.
const limitMs = 45 * 60_000;
// The numbers of a failed property (seed and path) stand in its first lines.
const linesTold = 4;

/** Runs the test files whose paths begin so. */
export async function runJest(
  files: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<JestReport> {
  const folder = mkdtempSync(join(tmpdir(), 'chaos-jest-'));
  const [outputFile, notesFile] = [join(folder, 'report.json'), join(folder, 'notes')];
  try {
    const args = ['--json', `--outputFile=${outputFile}`, '--silent', ...files];
    const child = spawn(process.execPath, [join(projectRoot, 'node_modules/jest/bin/jest.js'), ...args], {
      cwd: projectRoot,
      env: { ...process.env, ...env, CHAOS_NOTES: notesFile },
      stdio: ['ignore', 'ignore', 'inherit'],
    });
    // Its workers and its servers end with it.
    const timer = setTimeout(() => child.kill('SIGKILL'), limitMs);
    const [code, signal] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    clearTimeout(timer);
    if (code === null) return noReport(`jest ended by ${signal} after ${limitMs / 60_000} minutes at most`);
    const report = reportOf(JSON.parse(readFileSync(outputFile, 'utf8')) as WrittenReport, code);
    return { ...report, notes: numbersIn(notesFile) };
  } catch (error) {
    return noReport(`jest gave no report: ${error instanceof Error ? error.message : String(error)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function noReport(trouble: string): JestReport {
  return { outcomes: [], trouble, notes: [] };
}

/** One a line; the file is there when any test has noted something. */
function numbersIn(file: string): number[] {
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}

function reportOf({ testResults }: WrittenReport, code: number): Omit<JestReport, 'notes'> {
  const outcomes = testResults.flatMap(({ assertionResults }) =>
    assertionResults.flatMap(({ fullName, status, failureMessages }): TestOutcome[] =>
      status === 'passed' || status === 'failed'
        ? [{ name: fullName, status, message: beginOf(failureMessages.join('\n')) }]
        : [],
    ),
  );
  // A file that failed without a failed test could not be run as a whole.
  const broken = testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && assertionResults.every((assertion) => assertion.status !== 'failed'),
  );
  const troubles = broken.map(({ name, message }) => `${name}: ${beginOf(message)}`);
  if (code !== 0 && troubles.length === 0 && outcomes.every(({ status }) => status === 'passed'))
    troubles.push(`jest ended with ${code}, and its report does not say why`);
  return { outcomes, trouble: troubles.length > 0 ? troubles.join('; ') : null };
}

function beginOf(text: string): string {
  return text.trim().split('\n').slice(0, linesTold).join(' ');
}
