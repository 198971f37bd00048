import { pairedRatios, spreadOf } from '../../bench/series';

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
