// What is told between two versions of a sync: values one by one, the mapping column by column.
import fc from 'fast-check';
import { defaultSettings, type SyncConfig } from '../../domain/sync';
import { changesBetween } from '../../domain/sync-changes';

const config: SyncConfig = {
  mode: 'upsert',
  mapping: [
    { column: 'id', field: 'Id' },
    { column: 'email', field: 'Email' },
  ],
  object: { table: 'users' },
  settings: defaultSettings,
};

test.each<[string, Partial<SyncConfig>, object[]]>([
  ['nothing', {}, []],
  ['the mode', { mode: 'mirror' }, [{ path: ['mode'], before: 'upsert', after: 'mirror' }]],
  [
    'a member that was not there',
    { object: { schema: 'crm', table: 'users' } },
    [{ path: ['object', 'schema'], before: null, after: 'crm' }],
  ],
  ['a member that goes', { object: {} }, [{ path: ['object', 'table'], before: 'users', after: null }]],
  [
    'two settings',
    { settings: { ...defaultSettings, maxRows: 5, keyMatch: 'lower' } },
    [
      { path: ['settings', 'keyMatch'], before: 'exact', after: 'lower' },
      { path: ['settings', 'maxRows'], before: null, after: 5 },
    ],
  ],
  [
    'a column’s field',
    { mapping: [config.mapping[0]!, { column: 'email', field: 'Mail' }] },
    [{ path: ['mapping'], column: 'email', before: ['Email'], after: ['Mail'] }],
  ],
  [
    'columns that come and go, and one that fills a second field',
    { mapping: [...config.mapping.slice(0, 1), { column: 'id', field: 'Key' }, { column: 'age', field: 'Age' }] },
    [
      { path: ['mapping'], column: 'id', before: ['Id'], after: ['Id', 'Key'] },
      { path: ['mapping'], column: 'email', before: ['Email'], after: [] },
      { path: ['mapping'], column: 'age', before: [], after: ['Age'] },
    ],
  ],
])('%s', (_, changed, expected) => {
  expect(changesBetween(config, { ...config, ...changed })).toEqual(expected);
});

test('the order of a mapping is no change, whatever is in it', () => {
  const pairs = fc.uniqueArray(
    fc.record({ column: fc.constantFrom('a', 'b', '__proto__', 'constructor'), field: fc.string() }),
    { selector: ({ field }) => field },
  );
  fc.assert(
    fc.property(pairs, fc.infiniteStream(fc.nat()), (mapping, ranks) => {
      const ranked = mapping.map((pair) => ({ pair, rank: ranks.next().value ?? 0 }));
      const shuffled = ranked.toSorted((a, b) => a.rank - b.rank).map(({ pair }) => pair);
      expect(changesBetween({ ...config, mapping }, { ...config, mapping: shuffled })).toEqual([]);
    }),
  );
});
