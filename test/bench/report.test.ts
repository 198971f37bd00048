import { asMarkdown, type BenchReport, holds } from '../../bench/report';

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

test('a time is judged by its median, a bound by its highest value', () => {
  const measured = { median: 1.9, lowest: 1, highest: 2.1 };

  expect(holds({ claim: 'a', unit: 'x', limit: 2, judgedBy: 'median', measured })).toBe(true);
  expect(holds({ claim: 'a', unit: 'x', limit: 2, judgedBy: 'highest', measured })).toBe(false);
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
              claim: 'run / C',
              unit: 'x',
              limit: 2,
              judgedBy: 'median',
              measured: { median: 2.345, lowest: 1, highest: 3 },
            },
          ],
          series: [{ name: 'run', unit: 'ms', values: [1500, 1400, 1600] }],
        },
      },
    ],
  });

  expect(text).toContain(
    'Measured 2026-11-23 on 4 cores (A processor), 24 GB, Node v20.20.2, PostgreSQL 18.4',
  );
  expect(text).toContain('| read | run / C | 2.35 x | 1.00 to 3.00 | 2 x | missed |');
  expect(text).toContain('| run | 1500 ms | 1400 to 1600 | 3 |');
});
