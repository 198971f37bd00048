// What a message says in one sentence.
import { inPercent, inTime, inUtc, inWords } from '../../../domain/alerts/figures';
import type { AlertMessage } from '../../../domain/alerts/message';
import { type AlertKind, alertKinds } from '../../../domain/alerts/rules';
import { sentenceOfMessage } from '../../../domain/alerts/words';
import { aMessage, aToldAlert, facts, failedRun } from './an-alert';

const failing = (message: string) =>
  aToldAlert('run_failed', {
    run: facts({ ...failedRun, failure: { code: 'source_connection_failed', message } }),
  });
const over = { resolvedAt: '2025-01-15T12:09:00.000Z' };
const by = { resolvedRun: facts({ id: 'run_2', completedAt: '2025-01-15T12:09:00.000Z' }) };

test.each<[string, AlertMessage, string]>([
  [
    'one sync',
    aMessage('alert.raised', [aToldAlert()]),
    'Users → CRM failed: Destination authentication expired',
  ],
  [
    'many syncs of one destination',
    aMessage('alert.raised', [aToldAlert(), aToldAlert()], 1_012),
    '1,012 syncs failed: Destination authentication expired (CRM)',
  ],
  [
    'failures whose details differ',
    aMessage('alert.raised', [
      failing('Source connection failed: timeout'),
      failing('Source connection failed: refused'),
    ]),
    '2 syncs failed: Source connection failed (CRM)',
  ],
  [
    'syncs that share no place',
    aMessage('alert.raised', [
      aToldAlert('run_late', { about: null, run: null }),
      aToldAlert('run_late', { about: null, run: null }),
    ]),
    '2 syncs are late',
  ],
  [
    'one sync again',
    aMessage('alert.repeated', [aToldAlert('run_failed', { occurrences: 24 })]),
    'Still: Users → CRM failed: Destination authentication expired (24 times since 15 Jan 09:04 UTC)',
  ],
  [
    'many syncs again',
    aMessage('alert.repeated', [aToldAlert(), aToldAlert()]),
    'Still: 2 syncs failed: Destination authentication expired (CRM)',
  ],
  [
    'a recovery',
    aMessage('alert.resolved', [aToldAlert('run_failed', over)]),
    'Users → CRM works again, after 1 failure over 3 h 4 min',
  ],
  [
    'a recovery by a run',
    aMessage('alert.resolved', [aToldAlert('run_failed', { ...over, ...by, occurrences: 1_234 })]),
    'Users → CRM works again: run_2 completed 15 Jan 12:09 UTC, after 1,234 failures over 3 h 4 min',
  ],
  [
    'the end of a row of failures',
    aMessage('alert.resolved', [aToldAlert('consecutive_failures', { ...over, ...by, observed: 5 })]),
    'Users → CRM works again: run_2 completed 15 Jan 12:09 UTC, after 5 failures in a row',
  ],
  [
    'an end of too many failed rows',
    aMessage('alert.resolved', [aToldAlert('error_rate', { ...over, ...by, occurrences: 2 })]),
    'Users → CRM has few failed rows again: run_2 completed 15 Jan 12:09 UTC, after 2 runs over 3 h 4 min',
  ],
  [
    'an end that no run has brought',
    aMessage('alert.resolved', [aToldAlert('run_late', over)]),
    'Users → CRM is not late any more, after 3 h 4 min',
  ],
  [
    'many recoveries',
    aMessage('alert.resolved', [aToldAlert('run_failed', over), aToldAlert('run_failed', over)], 30),
    '30 syncs work again (CRM)',
  ],
  [
    'an end by hand',
    aMessage('alert.resolved', [aToldAlert('run_failed', { ...over, resolvedByHand: true })]),
    'Users → CRM: its alert was resolved by a person, after 1 failure over 3 h 4 min',
  ],
  [
    'ends of which some are by hand',
    aMessage('alert.resolved', [
      aToldAlert('run_failed', over),
      aToldAlert('run_failed', { ...over, resolvedByHand: true }),
    ]),
    'The alerts of 2 syncs are over (CRM)',
  ],
  [
    'ends that are all by hand',
    aMessage(
      'alert.resolved',
      [1, 2].map(() => aToldAlert('run_failed', { ...over, resolvedByHand: true })),
    ),
    'The alerts of 2 syncs were resolved by a person (CRM)',
  ],
  ['a test', aMessage('channel.test', []), 'This is a test message of the workspace Acme'],
  [
    'a channel that was switched off',
    {
      ...aMessage('channel.disabled', []),
      channel: { id: 'chan_1', name: 'Ops', reason: 'Slack answered no_service' },
    },
    'The alert channel Ops was switched off: Slack answered no_service',
  ],
])('%s', (_, message, sentence) => {
  expect(sentenceOfMessage(message)).toBe(sentence);
});

const ended = (given = {}): AlertMessage => ({
  ...aMessage('sync_run.completed', []),
  run: {
    ...facts(given),
    sync: { id: 'sync_1', name: 'Users → CRM' },
    links: { run: '', errors: '', temporal: null },
  },
});

test('a completed run tells what became of its rows', () => {
  expect(sentenceOfMessage(ended())).toBe(
    'Users → CRM completed in 4 min 23 s: 15,432 rows read, 1,205 created, 13,891 updated, 336 failed',
  );
  const nothing = { rowsProcessed: 1, rowsCreated: 0, rowsUpdated: 0, rowsFailed: 0 };
  expect(sentenceOfMessage(ended(nothing))).toBe(
    'Users → CRM completed in 4 min 23 s: 1 row read, no changes',
  );
});

test.each(alertKinds)('many of %s, and their end, have a sentence', (kind: AlertKind) => {
  for (const type of ['alert.raised', 'alert.resolved'] as const)
    expect(sentenceOfMessage(aMessage(type, [aToldAlert(kind), aToldAlert(kind)]))).toMatch(
      /^2 syncs [a-z ]+/,
    );
});

test.each([
  [0, '0'],
  [999, '999'],
  [1_000, '1,000'],
  [1_234_567, '1,234,567'],
])('%d as a number', (count, text) => {
  expect(inWords(count)).toBe(text);
});

test.each([
  [0, '0 %'],
  [0.000_04, 'less than 0.01 %'],
  [0.000_06, '0.01 %'],
  [0.01, '1 %'],
  [0.021_77, '2.18 %'],
  [1, '100 %'],
])('a share of %d', (share, text) => {
  expect(inPercent(share)).toBe(text);
});

test.each([
  [0, '0 s'],
  [59_499, '59 s'],
  [59_500, '1 min'],
  [263_000, '4 min 23 s'],
  [3_600_000, '1 h'],
  [3_659_000, '1 h'],
  [3_660_000, '1 h 1 min'],
  [90_000_000, '1 d 1 h'],
  [86_460_000, '1 d'],
])('%d milliseconds', (ms, text) => {
  expect(inTime(ms)).toBe(text);
});

test('a time is one of UTC', () => {
  expect(inUtc('2025-01-05T23:30:00+02:00')).toBe('5 Jan 21:30 UTC');
});
