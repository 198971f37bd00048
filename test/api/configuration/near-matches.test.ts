// The hint behind an unknown name.
import { mostHints, nearMatches } from '../../../api/configuration/near-matches';
import { unknownColumns } from '../../../api/syncs/sync-faults';

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

// Compared letter by letter these would take ten thousand million steps each.
test('names that nobody types are near to none', () => {
  const long = 'x'.repeat(100_000);
  expect(nearMatches(long, [`${long}y`])).toMatch(/^; there are /);
  expect(nearMatches('email', [long, 'email_', long])).toBe('; did you mean "email_"?');
  expect(
    nearMatches(
      'email',
      Array.from({ length: 1_600 }, () => long),
    ),
  ).toMatch(/^; there are /);
});

test('names beyond those a table can have are not compared', () => {
  const compared: string[] = [];
  const names = Array.from({ length: 5_000 }, (_, index) => ({
    length: 5,
    toLowerCase: () => {
      compared.push(`n${index}`);
      return 'zzzzz';
    },
  })) as unknown as string[];
  nearMatches('email', names);
  expect(compared).toHaveLength(1_600);
});

test('a request gets so many hints, and every fault', () => {
  const columns = [{ name: 'email', type: 'text', nullable: true }] as never;
  const mapping = Array.from({ length: 1_600 }, (_, index) => ({ column: 'emial', field: `f${index}` }));
  const faults = unknownColumns(mapping, { columns });
  expect(faults).toHaveLength(1_600);
  expect(faults.filter(({ detail }) => detail.includes('did you mean'))).toHaveLength(mostHints);
  expect(faults.at(-1)?.detail).toBe('The model has no column "emial".');
});
