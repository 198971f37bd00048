// Owns the proof that the page of dependencies is package.json's list, with the licences the packages themselves state.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeWords, readText, root, tableRows } from './markdown';

interface PackageFile {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
  readonly optionalDependencies?: Record<string, string>;
  readonly license?: string;
}

const documented = tableRows(readText('docs/decisions/0009-dependencies.md')).flatMap(([names, licence]) =>
  codeWords(names).map((name) => ({ name, licence })),
);

function packageFile(...path: string[]): PackageFile {
  return JSON.parse(readFileSync(join(root, ...path, 'package.json'), 'utf8')) as PackageFile;
}

test('the page has every dependency of package.json, and no other', () => {
  const { dependencies = {}, devDependencies = {}, optionalDependencies = {} } = packageFile();
  const platforms = Object.keys(optionalDependencies).map((name) => name.replace(/\/.*/, '/*'));
  const inPackage = [
    ...new Set([...Object.keys(dependencies), ...Object.keys(devDependencies), ...platforms]),
  ];
  expect(documented.map(({ name }) => name).toSorted()).toEqual(inPackage.toSorted());
});

test.each(documented.filter(({ name }) => !name.endsWith('/*')))(
  'the licence of $name is $licence',
  ({ name, licence }) => {
    expect(packageFile('node_modules', name).license).toBe(licence);
  },
);
