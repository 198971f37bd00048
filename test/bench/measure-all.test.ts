import type { BenchPlace } from '../../bench/bench-place';
import type { Figure } from '../../bench/figure';
import { measureAll } from '../../bench/measure-all';

const empty = { verdicts: [], series: [] };

function figure(name: string, measure: Figure['measure'] = () => Promise.resolve(empty)): Figure {
  return { name, title: name, method: '', measure };
}

test('a figure that cannot be measured is named, what it started is ended, and the others are kept', async () => {
  const done: string[] = [];
  const place = { endPrograms: () => Promise.resolve(done.push('ended')) } as unknown as BenchPlace;
  const broken = figure('broken', () => Promise.reject(new Error('its runs did not end')));
  const figures = [figure('first'), broken, figure('last')];
  const report = await measureAll(figures, {
    place,
    say: () => undefined,
    soFar: ({ figures: measured, failed }) => done.push(`${measured.length} and ${failed.length}`),
    ready: () => Promise.resolve(),
  });
  expect(report.figures.map((measured) => measured.figure.name)).toEqual(['first', 'last']);
  expect(report.failed).toEqual([{ name: 'broken', reason: 'its runs did not end' }]);
  expect(done).toEqual(['1 and 0', 'ended', '1 and 1', '2 and 1']);
});

test('a server that cannot be made ready is a figure that cannot be measured', async () => {
  const place = { endPrograms: () => Promise.resolve() } as unknown as BenchPlace;
  const { failed } = await measureAll([figure('any')], {
    place,
    say: () => undefined,
    soFar: () => undefined,
    ready: () => Promise.reject(new Error('the server is gone')),
  });
  expect(failed).toEqual([{ name: 'any', reason: 'the server is gone' }]);
});
