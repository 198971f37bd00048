// What a run that has ended opens, repeats and resolves: each rule, from both sides of what it asks.
import type { RunFacts } from '../../../domain/alerts/alert';
import {
  type EndedRun,
  isToldAsCompleted,
  judgeRun,
  type RunToJudge,
} from '../../../domain/alerts/judge-run';
import {
  type AlertKind,
  alertKinds,
  type AlertRule,
  type AlertRuleKind,
  defaultRules,
  type EffectiveRules,
} from '../../../domain/alerts/rules';
import type { Transition } from '../../../domain/alerts/transition';
import type { TrendVerdict } from '../../../domain/trends/judge-last';
import { failureOf } from '../../../domain/failure';
import { facts, failedRun, usersToCrm } from './an-alert';

type Given = Partial<Omit<RunToJudge, 'run' | 'open' | 'rules'>> & {
  readonly run?: Partial<EndedRun>;
  readonly open?: readonly AlertKind[];
  /** The run at which what is open was seen last; the one that is judged unless told otherwise. */
  readonly seenAt?: string;
  readonly rules?: Partial<Record<AlertRuleKind, Partial<AlertRule>>>;
};

function rulesWith(given: Given['rules'] = {}): EffectiveRules {
  const all = Object.entries(defaultRules).map(([kind, rule]) => {
    const { settings, ...rest } = given[kind as AlertRuleKind] ?? {};
    return [kind, { ...rule, ...rest, settings: { ...rule.settings, ...settings } }];
  });
  return Object.fromEntries(all) as EffectiveRules;
}

const clean: Partial<RunFacts> = { outcome: 'clean', rowsFailed: 0, rowsProcessed: 15_096 };

/** A completed run without a fault unless told otherwise. */
function judge({
  run = {},
  open = [],
  seenAt = 'run_1',
  rules,
  failuresInARow = 0,
  trends = {},
}: Given): readonly Transition[] {
  const ended = {
    ...facts(clean),
    kind: 'normal',
    retryOf: null,
    retryScope: null,
    counterMismatch: 0,
    heldDeletes: 0,
    ...run,
  } as const;
  return judgeRun({
    sync: usersToCrm,
    run: ended,
    rules: rulesWith(rules),
    open: new Map(open.map((kind) => [kind, seenAt])),
    failuresInARow,
    trends,
  });
}

/** In short: `open run_failed`. */
function found(given: Given): string[] {
  return judge(given).map((transition) =>
    [
      transition.what,
      transition.kind,
      ...(transition.what === 'resolve' && transition.isSilent ? ['silently'] : []),
    ].join(' '),
  );
}

const allOfRuns = alertKinds.filter((kind) => kind !== 'run_late' && kind !== 'schedule_paused');

describe('a run that failed', () => {
  test('opens an alert, then repeats it', () => {
    expect(found({ run: failedRun, failuresInARow: 1 })).toEqual(['open run_failed']);
    expect(found({ run: failedRun, failuresInARow: 2, open: ['run_failed'] })).toEqual(['repeat run_failed']);
  });

  test('tells what failed, where it lies and what to do', () => {
    expect(judge({ run: failedRun, failuresInARow: 1 })).toMatchObject([
      {
        cause: 'destination:dst_1:destination_auth_expired',
        detail: {
          sentence: 'Users → CRM failed: Destination authentication expired',
          advice: ['Renew the credentials of the destination.', expect.any(String)],
          run: { id: 'run_1', rowsProcessed: 15_096, failure: { code: 'destination_auth_expired' } },
          about: { kind: 'destination', id: 'dst_1', name: 'CRM' },
        },
      },
    ]);
  });

  test.each(['terminated_by_operator', 'timed_out', 'internal'] as const)(
    'as %s counts like any other',
    (code) => {
      const { message } = failureOf(code);
      const [opened] = judge({ run: { ...failedRun, failure: { code, message } }, failuresInARow: 1 });
      expect(opened).toMatchObject({
        what: 'open',
        kind: 'run_failed',
        cause: `workspace:${code}`,
        detail: { about: null },
      });
    },
  );

  test.each([
    ['source_connection_failed', 'source:src_1:source_connection_failed', 'source'],
    ['model_query_failed', 'source:src_1:model_query_failed', 'model'],
    ['out_of_memory', 'source:src_1:out_of_memory', 'model'],
    ['rate_limit_exceeded', 'destination:dst_1:rate_limit_exceeded', 'destination'],
  ] as const)('as %s is put down to %s, and lies in the %s', (code, cause, kind) => {
    const { message } = failureOf(code);
    expect(judge({ run: { ...failedRun, failure: { code, message } }, failuresInARow: 1 })).toMatchObject([
      { cause, detail: { about: { kind } } },
    ]);
  });

  test('is over with the next that completes, and not with one that is cancelled', () => {
    expect(found({ open: ['run_failed'] })).toEqual(['resolve run_failed']);
    expect(found({ open: ['run_failed'], run: { status: 'cancelled' } })).toEqual([]);
  });

  test('held deletes and has counters that do not add up: both are told of a failed run too', () => {
    expect(found({ run: { ...failedRun, heldDeletes: 1, counterMismatch: -1 }, failuresInARow: 1 })).toEqual([
      'open run_failed',
      'open deletes_held',
      'open counter_mismatch',
    ]);
  });
});

describe('failures in a row', () => {
  test.each([
    [2, []],
    [3, ['open consecutive_failures']],
    [4, ['open consecutive_failures']],
  ])('%d of them, of three', (failuresInARow, expected) => {
    expect(found({ run: failedRun, failuresInARow, open: ['run_failed'] })).toEqual([
      'repeat run_failed',
      ...expected,
    ]);
  });

  test('are told with their number, and have a cause of their own', () => {
    const [, inARow] = judge({ run: failedRun, failuresInARow: 3, open: ['run_failed'] });
    expect(inARow).toMatchObject({
      cause: 'destination:dst_1:destination_auth_expired:in_a_row',
      detail: {
        sentence: 'Users → CRM has failed 3 times in a row: Destination authentication expired',
        observed: 3,
        expected: 3,
      },
    });
  });

  test('end with a run that completes', () => {
    expect(found({ open: ['consecutive_failures'] })).toEqual(['resolve consecutive_failures']);
  });
});

describe('an error rate', () => {
  const rows = (rowsFailed: number, rowsProcessed: number, given: Partial<EndedRun> = {}) => ({
    run: { rowsFailed, rowsProcessed, ...given },
  });

  test.each([
    [100, 10_000, []],
    [101, 10_000, ['open error_rate']],
    [99, 99, []],
    [100, 100, ['open error_rate']],
  ])('of %d rows in %d', (failed, processed, expected) => {
    expect(found(rows(failed, processed))).toEqual(expected);
  });

  test.each([
    [101, 10_000, ['repeat error_rate']],
    [100, 10_000, ['resolve error_rate']],
    // Too few rows to say anything, unless none of them failed.
    [1, 99, []],
    [0, 1, ['resolve error_rate']],
    [0, 0, ['resolve error_rate']],
  ])('of %d rows in %d after one that was too high', (failed, processed, expected) => {
    expect(found({ ...rows(failed, processed), open: ['error_rate'] })).toEqual(expected);
  });

  test('tells the share, the rows and the threshold', () => {
    expect(judge(rows(336, 15_432))).toMatchObject([
      {
        cause: 'destination:dst_1:error_rate',
        detail: {
          sentence: 'Users → CRM: 2.18 % of the rows failed (336 of 15,432), more than 1 %',
          observed: 336 / 15_432,
          expected: 0.01,
        },
      },
    ]);
  });

  test('of a retry of failed rows says nothing, except that none of the run that was told of fails any more', () => {
    const retry = { retryOf: 'run_0', retryScope: 'failed' } as const;
    expect(found(rows(300, 336, retry))).toEqual([]);
    expect(found({ ...rows(300, 336, retry), open: ['error_rate'] })).toEqual([]);
    expect(found({ ...rows(0, 336, retry), open: ['error_rate'], seenAt: 'run_0' })).toEqual([
      'resolve error_rate',
    ]);
    // Rows of a run of last week: those of the last one fail as they did.
    expect(found({ ...rows(0, 336, retry), open: ['error_rate'], seenAt: 'run_9' })).toEqual([]);
  });

  test('of a run that was run again is judged like any other', () => {
    const again = { retryOf: 'run_0', retryScope: 'all' } as const;
    expect(found(rows(300, 336, again))).toEqual(['open error_rate']);
    expect(found({ ...rows(1, 15_432, again), open: ['error_rate'] })).toEqual(['resolve error_rate']);
  });

  test('of a run that failed or was cancelled says nothing', () => {
    expect(found({ ...rows(336, 15_432, { status: 'cancelled' }), open: ['error_rate'] })).toEqual([]);
    expect(
      found({ run: { ...failedRun, rowsFailed: 336 }, failuresInARow: 1, open: ['error_rate'] }),
    ).toEqual(['open run_failed']);
  });

  test('is judged by what is set', () => {
    const rules = { error_rate: { settings: { threshold: 0.5, minRows: 10 } } };
    expect(found({ ...rows(5, 10), rules })).toEqual([]);
    expect(found({ ...rows(6, 10), rules })).toEqual(['open error_rate']);
    expect(found({ ...rows(9, 9), rules })).toEqual([]);
  });
});

describe('the trends', () => {
  const change = { kind: 'row_count_spike', baseline: 15_000.4, observed: 45_000, score: 9 } as const;
  const spike = (verdict: TrendVerdict, open: readonly AlertKind[] = []) =>
    found({ trends: { row_count_spike: verdict }, open });

  test('open an alert at the first run that shows a change', () => {
    expect(spike({ change, isNews: true })).toEqual(['open row_count_spike']);
    expect(judge({ trends: { row_count_spike: { change, isNews: true } } })).toMatchObject([
      {
        cause: 'source:src_1:row_count_spike',
        detail: {
          sentence: 'Users → CRM read far more rows than usual: 45,000 instead of 15,000',
          advice: ['Possible cause: New data loaded into the warehouse.', expect.any(String)],
          observed: 45_000,
          expected: 15_000.4,
        },
      },
    ]);
  });

  test('repeat it while the change goes on, and open none that somebody has resolved', () => {
    expect(spike({ change, isNews: false }, ['row_count_spike'])).toEqual(['repeat row_count_spike']);
    expect(spike({ change, isNews: true }, ['row_count_spike'])).toEqual(['repeat row_count_spike']);
    expect(spike({ change, isNews: false })).toEqual([]);
  });

  test('resolve it with what is usual, and leave it where they cannot tell', () => {
    expect(spike('usual', ['row_count_spike'])).toEqual(['resolve row_count_spike']);
    expect(found({ open: ['row_count_spike'] })).toEqual([]);
  });
});

describe('deletes that are held back', () => {
  test('open an alert, and the next run that holds none resolves it', () => {
    expect(found({ run: { heldDeletes: 1_201 } })).toEqual(['open deletes_held']);
    expect(found({ open: ['deletes_held'] })).toEqual(['resolve deletes_held']);
  });

  test('are not ended by a retry of some rows, but by a run that was run again', () => {
    const retry = (retryScope: EndedRun['retryScope']) => ({ retryOf: 'run_0', retryScope });
    expect(found({ open: ['deletes_held'], run: retry('failed') })).toEqual([]);
    expect(found({ open: ['deletes_held'], run: retry('not_attempted') })).toEqual([]);
    expect(found({ open: ['deletes_held'], run: retry('all') })).toEqual(['resolve deletes_held']);
  });
});

test.each([
  [2, '2 rows unaccounted for'],
  [-1, '1 row counted twice'],
])('counters that do not add up by %d open an alert until they do', (counterMismatch, words) => {
  expect(judge({ run: { counterMismatch } })).toMatchObject([
    { what: 'open', kind: 'counter_mismatch', detail: { sentence: expect.stringContaining(words) } },
  ]);
  expect(found({ open: ['counter_mismatch'] })).toEqual(['resolve counter_mismatch']);
});

test('a run that was stuck is not so any more, however it has ended; that another one has ended says nothing of it', () => {
  for (const run of [{}, failedRun, { status: 'cancelled' }, { kind: 'dry_run' }] as Partial<EndedRun>[]) {
    expect(found({ run, open: ['run_stuck'] })).toContain('resolve run_stuck');
    expect(found({ run, open: ['run_stuck'], seenAt: 'run_0' })).not.toContain('resolve run_stuck');
  }
});

test.each<[string, Partial<EndedRun>]>([
  ['cancelled', { status: 'cancelled', heldDeletes: 5, counterMismatch: 5 }],
  ['dry', { kind: 'dry_run', heldDeletes: 5, counterMismatch: 5, rowsFailed: 1_000 }],
  ['dry and failed', { ...failedRun, kind: 'dry_run' }],
])('a %s run neither opens nor resolves anything', (_, run) => {
  expect(found({ run, failuresInARow: 9 })).toEqual([]);
  expect(found({ run, failuresInARow: 9, open: allOfRuns })).toEqual(['resolve run_stuck']);
});

test('a rule that is switched off opens nothing, and what it had opened ends silently', () => {
  const off = Object.fromEntries(allOfRuns.map((kind) => [kind, { enabled: false }]));
  const run = { ...failedRun, heldDeletes: 1, counterMismatch: 1 };
  expect(found({ run, failuresInARow: 9, rules: off })).toEqual([]);
  expect(found({ run, failuresInARow: 9, rules: off, open: alertKinds })).toEqual(
    allOfRuns.map((kind) => `resolve ${kind} silently`),
  );
});

test('rules of the clock are none of a run’s', () => {
  expect(found({ open: ['run_late', 'schedule_paused'] })).toEqual([]);
});

test.each<[Partial<EndedRun>, boolean, boolean]>([
  [{}, true, true],
  [{}, false, false],
  [{ status: 'failed' }, true, false],
  [{ status: 'cancelled' }, true, false],
  [{ kind: 'dry_run' }, true, false],
])('a run %j is told as completed, with the rule on: %s', (given, enabled, isTold) => {
  const run = {
    ...facts(clean),
    kind: 'normal',
    retryOf: null,
    retryScope: null,
    counterMismatch: 0,
    heldDeletes: 0,
    ...given,
  } as const;
  expect(isToldAsCompleted({ run, rules: rulesWith({ run_completed: { enabled } }) })).toBe(isTold);
});
