// What is told between two versions of a sync: values before and after, the mapping column by column.
import fc from 'fast-check';
import { defaultSettings, type SyncConfig } from '../../domain/sync';
import { changedMembers, syncChanges } from '../../domain/sync-changes';

const [id, email] = [
  { column: 'id', field: 'Id' },
  { column: 'email', field: 'Email' },
];
const config: SyncConfig = {
  mode: 'upsert',
  mapping: [id, email],
  object: { table: 'users' },
  settings: defaultSettings,
};
const noPairs = { added: [], removed: [], changed: [] };

test.each<[string, Partial<SyncConfig>, object[], string[]]>([
  ['nothing', {}, [], []],
  ['the mode', { mode: 'mirror' }, [{ member: 'mode', before: 'upsert', after: 'mirror' }], ['mode']],
  [
    'a member that comes',
    { object: { schema: 'crm', table: 'users' } },
    [{ member: 'object.schema', before: null, after: 'crm' }],
    ['object'],
  ],
  [
    'a member that goes',
    { object: {} },
    [{ member: 'object.table', before: 'users', after: null }],
    ['object'],
  ],
  [
    'two settings',
    { settings: { ...defaultSettings, maxRows: 5, keyMatch: 'lower' } },
    [
      { member: 'settings.keyMatch', before: 'exact', after: 'lower' },
      { member: 'settings.maxRows', before: null, after: 5 },
    ],
    ['settings'],
  ],
])('%s', (_, changed, values, members) => {
  const changes = syncChanges(config, { ...config, ...changed });
  expect([changes, changedMembers(changes)]).toEqual([{ values, mapping: noPairs }, members]);
});

test.each<[string, SyncConfig['mapping'], object]>([
  [
    'another field',
    [id, { column: 'email', field: 'Mail' }],
    { changed: [{ column: 'email', from: 'Email', to: 'Mail' }] },
  ],
  [
    'another column for a field',
    [id, { column: 'mail', field: 'Email' }],
    { added: [{ column: 'mail', field: 'Email' }], removed: [email] },
  ],
  [
    'a second field',
    [id, email, { column: 'id', field: 'Key' }],
    { added: [{ column: 'id', field: 'Key' }] },
  ],
  [
    'a column that comes, one that goes',
    [id, { column: 'age', field: 'Age' }],
    { added: [{ column: 'age', field: 'Age' }], removed: [email] },
  ],
])('in a mapping: %s', (_, mapping, expected) => {
  const changes = syncChanges(config, { ...config, mapping });
  expect(changes).toEqual({ values: [], mapping: { ...noPairs, ...expected } });
  expect(changedMembers(changes)).toEqual(['mapping']);
});

const mappings = fc.uniqueArray(
  fc.record({
    column: fc.constantFrom('a', 'b', 'c', '__proto__'),
    field: fc.constantFrom('A', 'B', 'C', 'D'),
  }),
  { selector: ({ field }) => field },
);

test('the order of a mapping is no change', () => {
  fc.assert(
    fc.property(mappings, fc.infiniteStream(fc.nat()), (mapping, ranks) => {
      const ranked = mapping.map((pair) => ({ pair, rank: ranks.next().value ?? 0 }));
      const shuffled = ranked.toSorted((one, other) => one.rank - other.rank).map(({ pair }) => pair);
      const changes = syncChanges({ ...config, mapping }, { ...config, mapping: shuffled });
      expect(changedMembers(changes)).toEqual([]);
    }),
  );
});

test('what is told of two mappings makes the second of the first', () => {
  fc.assert(
    fc.property(mappings, mappings, (before, after) => {
      const { mapping } = syncChanges({ ...config, mapping: before }, { ...config, mapping: after });
      const words = (pairs: SyncConfig['mapping']) => pairs.map(({ column, field }) => `${column}>${field}`);
      const made = new Set(words(before));
      for (const { column, from } of mapping.changed) made.delete(`${column}>${from}`);
      for (const pair of words(mapping.removed)) made.delete(pair);
      for (const { column, to } of mapping.changed) made.add(`${column}>${to}`);
      for (const pair of words(mapping.added)) made.add(pair);
      expect([...made].toSorted()).toEqual(words(after).toSorted());
    }),
  );
});
