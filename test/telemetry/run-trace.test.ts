import { parseTraceparent, runTrace } from '../../telemetry/run-trace';

test('a run has the same trace wherever it is asked for, and no two runs share one', () => {
  expect(runTrace('run_1')).toEqual(runTrace('run_1'));
  expect(runTrace('run_1').traceId).toMatch(/^[0-9a-f]{32}$/);
  expect(runTrace('run_1').spanId).toMatch(/^[0-9a-f]{16}$/);
  expect(runTrace('run_2').traceId).not.toBe(runTrace('run_1').traceId);
});

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const spanId = '00f067aa0ba902b7';

test.each([
  [`00-${traceId}-${spanId}-01`, { traceId, spanId, isSampled: true }],
  [` 00-${traceId}-${spanId}-00 `, { traceId, spanId, isSampled: false }],
  // A later version may say more.
  [`01-${traceId}-${spanId}-03-more`, { traceId, spanId, isSampled: true }],
  [`ff-${traceId}-${spanId}-01`, null],
  [`00-${'0'.repeat(32)}-${spanId}-01`, null],
  [`00-${traceId}-${'0'.repeat(16)}-01`, null],
  [`00-${traceId.toUpperCase()}-${spanId}-01`, null],
  [`00-${traceId}-${spanId}`, null],
  ['', null],
])('traceparent "%s"', (header, expected) => {
  expect(parseTraceparent(header)).toEqual(expected);
});
