// The hint behind an unknown name.
import { nearMatches } from '../../api/near-matches';

test.each([
  ['emial', ['id', 'email'], '; did you mean "email"?'],
  ['Email', ['id', 'email'], '; did you mean "email"?'],
  ['lastname', ['last_name', 'first_name'], '; did you mean "last_name"?'],
  ['is', ['id', 'as'], '; did you mean "id" or "as"?'],
  ['shoe_size', ['id', 'email'], '; there are "id", "email".'],
  ['x', [], '.'],
])('%j among %j ends with %j', (wanted, names, end) => {
  expect(nearMatches(wanted, names)).toBe(end);
});

test('of very many names only the first twenty are listed', () => {
  const names = Array.from({ length: 30 }, (_, index) => `column_number_${index}`);
  expect(nearMatches('zzzz', names)).toMatch(/"column_number_19" and 10 more\.$/);
});
