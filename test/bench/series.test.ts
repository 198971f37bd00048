import { pairedRatios, shareBelow, spreadOf } from '../../bench/series';

test('the median of an even number of values lies between the two in the middle', () => {
  expect(spreadOf([4, 1, 10, 2])).toEqual({ median: 3, lowest: 1, highest: 10 });
});

test('the median of an odd number of values is one of them, whatever their order', () => {
  expect(spreadOf([9, 100, 10])).toEqual({ median: 10, lowest: 9, highest: 100 });
});

test('ratios are taken round by round', () => {
  expect(pairedRatios([2, 30], [1, 10])).toEqual([2, 3]);
});

test('rounds that one side lacks are refused', () => {
  expect(() => pairedRatios([1, 2], [1])).toThrow('same rounds');
});

test('99 in a hundred values are at or below the 99th percentile', () => {
  const values = Array.from({ length: 200 }, (_, index) => 200 - index);
  expect(shareBelow(values, 0.99)).toBe(198);
  expect(shareBelow([5], 0.99)).toBe(5);
  expect(() => shareBelow([], 0.99)).toThrow('nothing was measured');
});
