// Owns the proof that the chart of statuses shows the transitions of the code, no more and no fewer.
import { finalStatuses } from '../../domain/run';
import { runTransitions } from '../../domain/run-transitions';
import { section } from './markdown';

interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string | null;
}

function arrowsOf(heading: string): Arrow[] {
  const chart = /```mermaid\nstateDiagram-v2\n([\s\S]*?)```/.exec(
    section('docs/run-lifecycle.md', heading),
  )?.[1];
  if (!chart) throw new Error(`there is no chart below "${heading}"`);
  return chart
    .trim()
    .split('\n')
    .map((line) => {
      const match = /^\s*(\S+) --> ([^\s:]+)(?:: (.*))?$/.exec(line);
      if (!match) throw new Error(`not an arrow: ${line}`);
      return { from: match[1] ?? '', to: match[2] ?? '', label: match[3] ?? null };
    });
}

const sorted = (lines: readonly string[]): string[] => lines.toSorted();

test('the chart has exactly the moves of domain/run-transitions.ts, each with who makes it', () => {
  const shown = arrowsOf('Statuses')
    .filter(({ to }) => to !== '[*]')
    .map(({ from, to, label }) => `${from === '[*]' ? 'none' : from} -> ${to} by ${label}`);
  expect(sorted(shown)).toEqual(
    sorted(runTransitions.map(({ from, to, by }) => `${from} -> ${to} by ${by}`)),
  );
});

test('the chart ends at the final statuses and nowhere else', () => {
  const ends = arrowsOf('Statuses').filter(({ to }) => to === '[*]');
  expect(sorted(ends.map(({ from }) => from))).toEqual(sorted(finalStatuses));
});
