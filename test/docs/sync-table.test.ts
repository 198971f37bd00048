// Owns the proof that the table of a sync's fields has all of them, with the defaults they have.
import { newSync } from '../../api/syncs/schema';
import { defaultSettings } from '../../domain/sync';
import { codeWords, section, tableRows } from './markdown';

const rows = tableRows(section('docs/configuration.md', 'A sync'));

const settings = Object.entries(defaultSettings).map(
  ([name, value]) =>
    [`settings.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`, value] as const,
);

test('the table has every field that a sync is created with, and no other', () => {
  const shown = rows.flatMap(([fields]) => codeWords(fields));
  const members = Object.keys(newSync.shape).filter((name) => name !== 'settings');
  expect(shown.toSorted()).toEqual([...members, ...settings.map(([name]) => name)].toSorted());
});

test.each(settings)('%s is %p by default', (name, value) => {
  const [, shown = ''] = rows.find(([fields]) => codeWords(fields).includes(name)) ?? [];
  const said = codeWords(shown)[0] ?? shown.replace(/ \(.*\)/, '').replaceAll(',', '');
  expect(said).toBe(String(value));
});
