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

test.each([
  ['differs from its beginning on', 'b'.repeat(62), 100],
  ['differs at its end alone', `${'a'.repeat(58)}bbbb`, 1_000],
])('of a name that %s few letters are looked at', (_, letters, most) => {
  let looks = 0;
  const charCodeAt = (at: number): number => {
    looks += 1;
    return letters.charCodeAt(at);
  };
  const name = { length: letters.length, toLowerCase: () => ({ length: letters.length, charCodeAt }) };
  expect(nearMatches(`${'a'.repeat(60)}zz`, [name as unknown as string])).toMatch(/^; there are /);
  expect(looks).toBeGreaterThan(0);
  expect(looks).toBeLessThan(most);
});

// Each word of two letters beside each other one, by the whole table of letters.
test('what is not looked at makes no name nearer or further', () => {
  const words = Array.from({ length: 126 }, (_, n) =>
    (n + 2).toString(2).slice(1).replaceAll('0', 'a').replaceAll('1', 'b'),
  );
  const wrong = words.flatMap((one) =>
    words.filter((other) => {
      const most = Math.max(1, Math.floor(Math.min(one.length, other.length) / 3));
      return nearMatches(one, [other]).includes('did you mean') !== lettersBetween(one, other) <= most;
    }),
  );
  expect(wrong).toEqual([]);
});

function lettersBetween(one: string, other: string): number {
  const table = Array.from({ length: one.length + 1 }, (_, row) =>
    Array.from({ length: other.length + 1 }, (_, column) => (row === 0 ? column : column === 0 ? row : 0)),
  );
  const at = (row: number, column: number): number => table[row]?.[column] ?? Infinity;
  for (let row = 1; row <= one.length; row += 1)
    for (let column = 1; column <= other.length; column += 1) {
      const isSwapped = one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      (table[row] as number[])[column] = Math.min(
        at(row - 1, column - 1) + (one[row - 1] === other[column - 1] ? 0 : 1),
        at(row - 1, column) + 1,
        at(row, column - 1) + 1,
        row > 1 && column > 1 && isSwapped ? at(row - 2, column - 2) + 1 : Infinity,
      );
    }
  return at(one.length, other.length);
}

test('a request gets so many hints, and every fault', () => {
  const columns = [{ name: 'email', type: 'text', nullable: true }] as never;
  const mapping = Array.from({ length: 1_600 }, (_, index) => ({ column: 'emial', field: `f${index}` }));
  const faults = unknownColumns(mapping, { columns });
  expect(faults).toHaveLength(1_600);
  expect(faults.filter(({ detail }) => detail.includes('did you mean'))).toHaveLength(mostHints);
  expect(faults.at(-1)?.detail).toBe('The model has no column "emial".');
});
