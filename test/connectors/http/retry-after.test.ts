// How a Retry-After header is read.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { retryAfterMs } from '../../../connectors/http/retry-after';

const now = Date.parse('2026-11-23T12:00:00Z');

test.each<[string | undefined, number | undefined]>([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-5', undefined],
  ['0', 0],
  ['1', 1_000],
  [' 2.5 ', 2_500],
  ['3599', 3_599_000],
  ['3601', 3_600_000],
  ['1e9', undefined],
  ['1000000000', 3_600_000],
  ['Mon, 23 Nov 2026 12:00:07 GMT', 7_000],
  ['Mon, 23 Nov 2026 11:00:00 GMT', 0],
  ['Mon, 23 Nov 2126 11:00:00 GMT', 3_600_000],
])('%p is %p', (header, waitMs) => {
  expect(retryAfterMs(header, now)).toBe(waitMs);
});

// RFC 9110 has receivers take all three.
test.each(['Mon, 23 Nov 2026 12:00:07 GMT', 'Monday, 23-Nov-26 12:00:07 GMT', 'Mon Nov 23 12:00:07 2026'])(
  '%s is the same moment wherever a worker runs',
  (header) => {
    const compiled = join(__dirname, '..', '..', '..', 'dist', 'connectors', 'http', 'retry-after.js');
    const asked = `require(${JSON.stringify(compiled)}).retryAfterMs(${JSON.stringify(header)}, ${now})`;
    for (const zone of ['UTC', 'America/New_York', 'Asia/Tokyo']) {
      const env = { PATH: process.env['PATH'], TZ: zone };
      expect(execFileSync(process.execPath, ['-p', asked], { env }).toString().trim()).toBe('7000');
    }
  },
);

test('a date is counted from the date of its own answer, so that a wrong clock does no harm', () => {
  const [date, later] = ['Fri, 01 Jan 2021 00:00:00 GMT', 'Fri, 01 Jan 2021 00:00:30 GMT'];
  expect(retryAfterMs(later, now, date)).toBe(30_000);
  expect(retryAfterMs('Mon, 23 Nov 2026 12:00:07 GMT', now, 'no date')).toBe(7_000);
});
