import fc from 'fast-check';
import { runStatuses, type RunStatus } from '../../domain/run';
import { canMove, predecessorsOf, runTransitions } from '../../domain/run-transitions';
import { randomCases } from '../support/cases';

const cases = randomCases(10_000);
jest.setTimeout(cases.limitMs);

const legal = new Set([
  'none queued',
  'queued running',
  'queued failed',
  'queued cancelled',
  'running completed',
  'running failed',
  'running cancelled',
]);

test('every pair of statuses is allowed or not as the table says', () => {
  for (const from of ['none', ...runStatuses] as const) {
    for (const to of runStatuses) {
      expect(`${from} ${to} ${canMove(from, to)}`).toBe(`${from} ${to} ${legal.has(`${from} ${to}`)}`);
    }
  }
});

test('the predecessors of a status are exactly those that may move there, and never "none"', () => {
  expect(predecessorsOf('queued')).toEqual([]);
  expect(predecessorsOf('running')).toEqual(['queued']);
  expect(predecessorsOf('completed')).toEqual(['running']);
  expect(predecessorsOf('failed')).toEqual(['queued', 'running']);
  expect(predecessorsOf('cancelled')).toEqual(['queued', 'running']);
});

test('only close-run ends a run, and each move has one function that makes it', () => {
  for (const { to, by } of runTransitions) {
    expect(by === 'close-run').toBe(['completed', 'failed', 'cancelled'].includes(to));
  }
  expect(new Set(runTransitions.map(({ from, to }) => `${from} ${to}`)).size).toBe(runTransitions.length);
});

test('whatever moves are tried in whatever order, a run ends at most once and stays so', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...runStatuses), { maxLength: 40 }), (tries) => {
      let status: RunStatus | 'none' = 'none';
      let endings = 0;
      for (const wanted of tries) {
        if (!canMove(status, wanted)) continue;
        status = wanted;
        if (['completed', 'failed', 'cancelled'].includes(wanted)) endings += 1;
      }
      expect(endings).toBeLessThanOrEqual(1);
    }),
    cases.options,
  );
});
