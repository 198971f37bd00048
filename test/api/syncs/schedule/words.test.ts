// A cadence reads as a person would say it.
import { cadenceInWords } from '../../../../api/syncs/schedule/words';

const rest = { timeZone: 'America/New_York', jitterSeconds: 0, catchUpSeconds: 600 };

test.each([
  [10, 'Every 10 seconds'],
  [60, 'Every minute'],
  [900, 'Every 15 minutes'],
  [3_600, 'Every hour'],
  [5_400, 'Every 1 hour 30 minutes'],
  [86_400, 'Every day'],
  [604_800, 'Every 7 days'],
])('%i seconds is %s, whatever the zone', (intervalSeconds, words) => {
  expect(cadenceInWords({ ...rest, intervalSeconds, cron: null })).toBe(words);
});

test.each([
  ['0 9 * * 1-5', 'At 09:00, Monday through Friday (America/New_York)'],
  ['*/15 * * * *', 'Every 15 minutes (America/New_York)'],
  ['30 2 1 * *', 'At 02:30, on day 1 of the month (America/New_York)'],
])('%s is %s', (cron, words) => {
  expect(cadenceInWords({ ...rest, intervalSeconds: null, cron })).toBe(words);
});
