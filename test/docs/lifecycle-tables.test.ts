// Owns the proof that the tables of docs/run-lifecycle.md say what the code says.
import { zeroCounts } from '../../domain/counts';
import { failureTable } from '../../domain/failure';
import { endingKinds, verdictOf } from '../../domain/outcome';
import { rowState } from '../../domain/row-state';
import { runKinds } from '../../domain/run';
import { codeWords, section, tableRows } from './markdown';

const page = 'docs/run-lifecycle.md';
const words = (row: readonly string[]): string[] => row.map((cell) => codeWords(cell)[0] ?? cell);
const firstWord = (row: readonly string[]): string => words(row)[0] ?? '';
const snakeCase = (name: string): string => name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** Every pair of status and outcome that some ending can lead to. */
function possibleVerdicts(): string[] {
  const sums = [zeroCounts, { ...zeroCounts, created: 1 }, { ...zeroCounts, failed: 1 }];
  const verdicts = endingKinds.flatMap((ending) =>
    runKinds.flatMap((kind) =>
      [true, false].flatMap((planAnswered) =>
        sums.map((counts) => verdictOf({ ending, kind, planAnswered, counts })),
      ),
    ),
  );
  // A finished ending without its proof is a mistake of ours; it closes as failed and is in the table as such.
  return [...new Set(verdicts.map(({ status, outcome }) => `${status} ${outcome}`))];
}

test('the table of outcomes has every pair of status and outcome that a run can end with', () => {
  const shown = tableRows(section(page, 'Outcomes')).map((row) => words(row).slice(0, 2).join(' '));
  expect(shown.toSorted()).toEqual(possibleVerdicts().toSorted());
});

test('the table of failures has every code with its origin and whether it is waited out', () => {
  const shown = tableRows(section(page, 'Failures')).map((row) => words(row).slice(0, 3));
  const inCode = Object.entries(failureTable).map(([code, { origin, retryable }]) => [
    code,
    origin,
    retryable ? 'yes' : 'no',
  ]);
  expect(shown).toEqual(inCode);
});

test('the table of counters has every counter of a run', () => {
  const shown = tableRows(section(page, 'Counters')).map(firstWord);
  const inCode = Object.keys(zeroCounts)
    .filter((name) => name !== 'plannedDeletes')
    .map((name) => `rows_${snakeCase(name)}`);
  expect(shown.toSorted()).toEqual(inCode.toSorted());
});

test('the table of snapshot states has every state of a row', () => {
  const shown = tableRows(section(page, 'What the snapshot knows of a row')).map(firstWord);
  const inCode = Object.keys(rowState).map((name) => (name === 'unknown' ? 'no entry' : snakeCase(name)));
  expect(shown.toSorted()).toEqual(inCode.toSorted());
});
