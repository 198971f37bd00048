// What a try of a message is counted as.
import { type JudgedTry, tryResultOf, tryResults } from '../../../domain/alerts/try-result';

const trouble = (httpStatus: number | null, error: string): JudgedTry => ({
  verdict: 'trouble',
  httpStatus,
  error,
});

const cases: readonly (readonly [string, JudgedTry])[] = [
  ['delivered', { verdict: 'accepted', httpStatus: 204, error: null }],
  ['refused', { verdict: 'refused', httpStatus: 400, error: 'no_text: the message has no text' }],
  ['gone', { verdict: 'gone', httpStatus: 410, error: 'HTTP 410: it wants no more messages' }],
  ['limited', trouble(429, 'HTTP 429')],
  ['timeout', trouble(null, 'timeout')],
  ['no_answer', trouble(null, 'connection refused')],
  ['trouble', trouble(503, 'HTTP 503')],
  ['trouble', trouble(504, 'timeout')],
];

test.each(cases)('%s: %j', (result, judged) => {
  expect(tryResultOf(judged)).toBe(result);
});

test('every word stands for something', () => {
  expect(new Set(cases.map(([result]) => result))).toEqual(new Set(tryResults));
});
