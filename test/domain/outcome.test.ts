import fc from 'fast-check';
import { type RunCounts, zeroCounts } from '../../domain/counts';
import { type EndingFacts, endingKinds, verdictOf } from '../../domain/outcome';
import { runKinds } from '../../domain/run';
import { randomCases } from '../support/cases';

const cases = randomCases(100);
jest.setTimeout(cases.limitMs);

const facts = (overrides: Partial<EndingFacts>, counts: Partial<RunCounts> = {}): EndingFacts => ({
  ending: 'finished',
  kind: 'normal',
  planAnswered: true,
  counts: { ...zeroCounts, ...counts },
  ...overrides,
});

test.each<[string, EndingFacts, string]>([
  ['nothing to send', facts({}, { processed: 5, unchanged: 5 }), 'completed no_changes'],
  ['every change accepted', facts({}, { created: 1 }), 'completed clean'],
  ['deletes alone', facts({}, { deleted: 1 }), 'completed clean'],
  ['some refused', facts({}, { updated: 9, failed: 1 }), 'completed with_row_errors'],
  ['all refused', facts({}, { failed: 1 }), 'completed with_row_errors'],
  ['a dry run', facts({ kind: 'dry_run', planAnswered: false }, { notAttempted: 7 }), 'completed planned'],
  [
    'failed before the first write',
    facts({ ending: 'failed', planAnswered: false }),
    'failed nothing_applied',
  ],
  [
    'failed with rows applied',
    facts({ ending: 'failed', planAnswered: false }, { created: 1 }),
    'failed partial',
  ],
  [
    'failed with rows of unknown fate',
    facts({ ending: 'failed', planAnswered: false }, { unknown: 1 }),
    'failed partial',
  ],
  [
    'failed with refusals alone',
    facts({ ending: 'failed', planAnswered: false }, { failed: 3, notAttempted: 1 }),
    'failed nothing_applied',
  ],
  [
    'cancelled before the first write',
    facts({ ending: 'cancelled', planAnswered: false }),
    'cancelled nothing_applied',
  ],
  [
    'cancelled in the middle',
    facts({ ending: 'cancelled', planAnswered: false }, { updated: 1, notAttempted: 4 }),
    'cancelled partial',
  ],
  ['cancelled after the last answer', facts({ ending: 'cancelled' }, { created: 3 }), 'completed clean'],
  ['a cancelled dry run', facts({ ending: 'cancelled', kind: 'dry_run' }), 'cancelled nothing_applied'],
  ['finished without proof', facts({ planAnswered: false }, { notAttempted: 1 }), 'failed nothing_applied'],
])('%s', (_name, given, expected) => {
  const { status, outcome } = verdictOf(given);
  expect(`${status} ${outcome}`).toBe(expected);
});

const anyFacts = fc.record({
  ending: fc.constantFrom(...endingKinds),
  kind: fc.constantFrom(...runKinds),
  planAnswered: fc.boolean(),
  counts: fc.record(
    Object.fromEntries(Object.keys(zeroCounts).map((name) => [name, fc.nat(3)])) as Record<
      keyof RunCounts,
      fc.Arbitrary<number>
    >,
  ),
});

test('completed is never given without proof', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const { status } = verdictOf(given);
      const isPlanOnly = given.kind === 'dry_run' && given.ending === 'finished';
      if (status === 'completed') expect(given.planAnswered || isPlanOnly).toBe(true);
    }),
    cases.options,
  );
});

test('nothing_applied is never said when a row was applied or may have been', () => {
  fc.assert(
    fc.property(anyFacts, (given) => {
      const { created, updated, deleted, unknown } = given.counts;
      if (verdictOf(given).outcome === 'nothing_applied')
        expect(created + updated + deleted + unknown).toBe(0);
    }),
    cases.options,
  );
});
