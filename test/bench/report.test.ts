import type { Verdict } from '../../bench/figure';
import { asMarkdown, type BenchReport, exitStatus, judge } from '../../bench/report';

const machine: BenchReport['machine'] = {
  cores: 4,
  cpu: 'A processor',
  memoryGigabytes: 24,
  node: 'v20.20.2',
  postgres: '18.4',
  temporal: '1.29.1',
  loadBefore: 0.5,
  loadAfter: 1.25,
};

const time: Verdict = {
  claim: 'run / C',
  unit: 'x',
  bound: 'at_most',
  judgedBy: 'median',
  measured: { median: 1.9, lowest: 1, highest: 2.1 },
};

test.each([
  ['a time is judged by its median', { must: 2 }, 'holds'],
  ['a bound by its worst value', { must: 2, judgedBy: 'worst' }, 'missed'],
  [
    'a share by its lowest, when the worst counts',
    { must: 1.5, bound: 'at_least', judgedBy: 'worst' },
    'missed',
  ],
  ['what is to be large must not be too small', { must: 1.5, bound: 'at_least' }, 'holds'],
  ['a reached aim is told', { must: 2, aim: 1.95 }, 'aim'],
  ['an aim alone can be missed without harm', { aim: 1.1 }, 'told'],
  ['an aim without what must hold can be reached', { aim: 1.95 }, 'aim'],
] as const)('%s', (_, targets, verdict) => {
  expect(judge({ ...time, ...targets })).toBe(verdict);
});

test('the report names the machine, every verdict and every series', () => {
  const text = asMarkdown({
    measuredAt: '2026-11-23T10:00:00.000Z',
    machine,
    figures: [
      {
        figure: { name: 'read', title: 'Reading', method: 'Against nothing.' },
        result: {
          verdicts: [
            {
              ...time,
              must: 2,
              aim: 1.5,
              measured: { median: 2.345, lowest: 1, highest: 3 },
            },
          ],
          series: [{ name: 'run', unit: 'ms', values: [1500, 1400, 1600] }],
        },
      },
    ],
    failed: [{ name: 'burst', reason: 'one | two\nthree' }],
  });

  expect(text).toContain(
    'Measured 2026-11-23 on 4 cores (A processor), 24 GB, Node v20.20.2, PostgreSQL 18.4',
  );
  expect(text).toContain('| read | run / C | 2.35 x | 1.00 to 3.00 | ≤ 2 | ≤ 1.5 | missed |');
  expect(text).toContain('| run | 1500 ms | 1400 to 1600 | 3 |');
  expect(text).toContain('| burst | could not be measured: one \\| two three | | | | | failed |');
});

test.each([
  ['what must hold does', 2, [], 0],
  ['what must hold does not', 1, [], 1],
  ['a figure could not be measured, whatever the others say', 1, ['burst'], 2],
] as const)('%s', (_, must, names, status) => {
  const figures = [
    {
      figure: { name: 'read', title: 'Reading', method: 'Against nothing.' },
      result: { verdicts: [{ ...time, must }], series: [] },
    },
  ];
  expect(exitStatus({ figures, failed: names.map((name) => ({ name, reason: 'broken' })) })).toBe(status);
});
