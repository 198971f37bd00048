// What two configurations differ in, member by member.
import {
  configurationChanges,
  type ConfigurationMember,
  configurationMembers,
  noChanges,
  type RunConfiguration,
} from '../../domain/configuration-changes';
import { defaultSettings, type FieldMapping, type SyncConfig, type SyncSettings } from '../../domain/sync';

const pair = (column: string, field: string): FieldMapping => ({ column, field });

const usual: RunConfiguration = {
  sync: {
    mode: 'upsert',
    mapping: [pair('id', 'Id'), pair('email', 'Email'), pair('name', 'Name')],
    object: { schema: 'crm', table: 'contacts' },
    settings: defaultSettings,
  },
  sql: 'SELECT id, email, name FROM users',
  rowKey: ['id', 'email'],
  columns: [
    { name: 'id', type: 'text' },
    { name: 'email', type: 'text' },
    { name: 'name', type: 'text' },
  ],
};

const withSync = (change: Partial<SyncConfig>): RunConfiguration => ({
  ...usual,
  sync: { ...usual.sync, ...change },
});
const withSettings = (change: Partial<SyncSettings>): RunConfiguration =>
  withSync({ settings: { ...defaultSettings, ...change } });

const [id, email, name] = usual.sync.mapping as [FieldMapping, FieldMapping, FieldMapping];

test('a configuration differs from itself in nothing, though every part is another object', () => {
  expect(configurationChanges(usual, structuredClone(usual))).toEqual(noChanges);
});

test.each<[string, RunConfiguration, readonly ConfigurationMember[]]>([
  ['mode', withSync({ mode: 'mirror' }), ['mode']],
  ['mapping', withSync({ mapping: [id, email] }), ['mapping']],
  ['the table', withSync({ object: { schema: 'crm', table: 'people' } }), ['object']],
  ['the schema left out', withSync({ object: { table: 'contacts' } }), ['object']],
  ['key_match', withSettings({ keyMatch: 'lower' }), ['settings.keyMatch']],
  ['budget', withSettings({ budgetSeconds: 60 }), ['settings.budgetSeconds']],
  ['patience', withSettings({ patienceSeconds: 0 }), ['settings.patienceSeconds']],
  ['query timeout', withSettings({ queryTimeoutSeconds: 1 }), ['settings.queryTimeoutSeconds']],
  ['a limit where there was none', withSettings({ maxRows: 10 }), ['settings.maxRows']],
  ['stuck after', withSettings({ stuckAfterSeconds: 60 }), ['settings.stuckAfterSeconds']],
  ['how long raw values', withSettings({ rawValueDays: 30 }), ['settings.rawValueDays']],
  ['what of raw values', withSettings({ rawValues: 'omit' }), ['settings.rawValues']],
  ['one letter of the SQL', { ...usual, sql: `${usual.sql} ` }, ['sql']],
  ['a column of the row key', { ...usual, rowKey: ['id'] }, ['rowKey']],
  ['the order of the row key', { ...usual, rowKey: ['email', 'id'] }, ['rowKey']],
  ['a column of the model', { ...usual, columns: usual.columns.slice(1) }, ['columns']],
  [
    'the type of a column',
    { ...usual, columns: [{ name: 'id', type: 'bigint' }, ...usual.columns.slice(1)] },
    ['columns'],
  ],
  ['the order of columns, which means nothing', { ...usual, columns: usual.columns.toReversed() }, []],
  [
    'several at once, told in their own order',
    { ...withSync({ mode: 'insert', mapping: [id] }), sql: 'SELECT 1', rowKey: ['id'] },
    ['mode', 'mapping', 'sql', 'rowKey'],
  ],
])('%s', (_, changed, members) => {
  expect(configurationChanges(usual, changed).members).toEqual(members);
  expect(configurationChanges(changed, usual).members).toEqual(members);
});

test('every setting is a member, so that none can be forgotten', () => {
  const settings = configurationMembers.filter((member) => member.startsWith('settings.'));
  expect(settings).toEqual(Object.keys(defaultSettings).map((setting) => `settings.${setting}`));
});

test.each<[string, FieldMapping[], FieldMapping[], object]>([
  ['a column added', [id], [id, email], { added: [email] }],
  ['a column removed', [id, email], [id], { removed: [email] }],
  [
    'a column written elsewhere',
    [id, email],
    [id, pair('email', 'Mail')],
    { changed: [{ column: 'email', from: 'Email', to: 'Mail' }] },
  ],
  [
    'a field written from elsewhere',
    [id, pair('name', 'Email')],
    [id, email],
    { added: [email], removed: [pair('name', 'Email')] },
  ],
  [
    'one of a column’s two fields',
    [email, pair('email', 'Login')],
    [email, pair('email', 'Mail')],
    { changed: [{ column: 'email', from: 'Login', to: 'Mail' }] },
  ],
  [
    'both of them, in their order',
    [email, pair('email', 'Login')],
    [pair('email', 'Mail'), pair('email', 'User')],
    {
      changed: [
        { column: 'email', from: 'Email', to: 'Mail' },
        { column: 'email', from: 'Login', to: 'User' },
      ],
    },
  ],
  [
    'a second field for a column',
    [id, email],
    [id, pair('email', 'Mail'), pair('email', 'User')],
    { changed: [{ column: 'email', from: 'Email', to: 'Mail' }], added: [pair('email', 'User')] },
  ],
  ['only the order', [id, email, name], [id, name, email], { isReordered: true }],
  ['the order, and a column', [id, email, name], [name, id], { removed: [email] }],
  [
    'names that run together',
    [pair('a', 'b","c')],
    [pair('a","b', 'c')],
    { added: [pair('a","b', 'c')], removed: [pair('a', 'b","c')] },
  ],
])('the mapping: %s', (_, before, now, expected) => {
  const { members, mapping } = configurationChanges(
    withSync({ mapping: before }),
    withSync({ mapping: now }),
  );
  expect(members).toEqual(['mapping']);
  expect(mapping).toEqual({ ...noChanges.mapping, ...expected });
});
