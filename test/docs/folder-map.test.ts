// Owns the proof that the README's map of folders and the table of architecture.md name the folders there are.
import { readdirSync } from 'node:fs';
import { codeWords, root, section, tableRows } from './markdown';

const made = new Set(['node_modules', 'dist', 'coverage']);

const folders = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.') && !made.has(entry.name))
  .map((entry) => entry.name)
  .toSorted();

test("the README's map has a line for every folder", () => {
  const shown = tableRows(section('README.md', 'Folders')).map(
    ([cell]) => /^\[(\w+)\/\]\(\1\/\)$/.exec(cell ?? '')?.[1] ?? '',
  );
  expect(shown.toSorted()).toEqual(folders);
});

test('the table of who may import whom names only folders that are there', () => {
  const shown = tableRows(section('docs/architecture.md', 'Folders, and who may import whom')).map(([cell]) =>
    codeWords(cell)[0]?.replace('/', ''),
  );
  expect(shown.length).toBeGreaterThan(5);
  expect(folders).toEqual(expect.arrayContaining(shown));
});
