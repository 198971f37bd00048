// The line that moves: what it says at each point of a run, and that it leaves the terminal as it was.
import { PassThrough } from 'node:stream';
import { Terminal } from '../../cli/output/terminal';
import { ProgressBar } from '../../cli/output/progress-bar';

/** A terminal of a hundred columns that remembers what was written. */
function aTerminal() {
  let written = '';
  const out = Object.assign(new PassThrough(), { isTTY: true, columns: 100 });
  out.on('data', (chunk: Buffer) => {
    written += chunk.toString();
  });
  return { out, written: () => written };
}

const progress = {
  phase: 'destination_writes',
  rows_read: 1_000,
  rows_planned: 800,
  rows_answered: 200,
  rows_per_second: 1_234.5,
  waiting_for: null,
};

test.each([
  [progress, /destination writes █{6}░{18} 25% {2}200 of 800 rows {2}1,235 rows\/s/],
  [
    { ...progress, phase: 'query', rows_planned: null, rows_read: 12_000, rows_answered: 0 },
    /query {2}12,000 rows read {2}1,235 rows\/s/,
  ],
  [{ ...progress, rows_planned: 0, rows_answered: 0, rows_per_second: null }, /█{24} 100% {2}0 of 0 rows/],
  [
    { ...progress, waiting_for: { reason: 'Rate limit\u001b[2J exceeded', until: '2025-01-15T09:00:00Z' } },
    /waiting: Rate limit\\u001b\[2J exceeded, until 2025-01-15 09:00:00 UTC/,
  ],
])('it shows how far the run has come', (shown, line) => {
  const { out, written } = aTerminal();
  const bar = new ProgressBar(out);
  bar.show(shown);
  bar.line('an event');
  bar.end();
  bar.end();
  expect(written()).toMatch(line);
  expect(written()).toContain('an event\n');
  // The cursor is given back, and lines wrap again.
  expect(written().lastIndexOf('\u001b[?25h')).toBeGreaterThan(written().lastIndexOf('\u001b[?25l'));
  expect(written().lastIndexOf('\u001b[?7h')).toBeGreaterThan(written().lastIndexOf('\u001b[?7l'));
});

test.each([
  [{ isTTY: true }, {}, true],
  [{ isTTY: true }, { NO_COLOR: '1' }, false],
  [{ isTTY: true }, { NO_COLOR: '' }, true],
  [{ isTTY: true }, { TERM: 'dumb' }, false],
  [{ isTTY: false }, {}, false],
])('colours are for terminals that want them: %j with %j', (kind, env, isColoured) => {
  const terminal = new Terminal({ ...kind, write: () => true }, { write: () => true }, env);
  const painted = terminal.paintState({ status: 'failed', outcome: 'partial' }, 'failed');
  expect(painted === 'failed').toBe(!isColoured);
});

test('a long cell is cut on a terminal, and whole elsewhere', () => {
  for (const isTTY of [true, false]) {
    let written = '';
    const out = { isTTY, write: (text: string) => (written += text) };
    new Terminal(out, out, {}).table([{ head: 'MESSAGE', cell: (text: string) => text }], ['x'.repeat(200)]);
    expect(written.includes('x'.repeat(200))).toBe(!isTTY);
    expect(written.includes('…')).toBe(isTTY);
  }
});
