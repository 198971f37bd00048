// Owns the proof of what is installed or copied: pinned with checksums, under licences that let us ship it, and running no code
// of its own when it is installed, but where that was decided (S15).
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Installed {
  readonly version?: string;
  readonly integrity?: string;
  readonly license?: string;
  readonly engines?: { readonly node?: string };
  readonly hasInstallScript?: boolean;
  /** A package of our own, in a folder of this repository. */
  readonly link?: boolean;
}

const root = join(__dirname, '..');
const read = (file: string): unknown => JSON.parse(readFileSync(join(root, file), 'utf8'));

const lock = read('package-lock.json') as { packages: Record<string, Installed> };
const manifest = read('package.json') as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
  allowScripts: Record<string, boolean>;
  engines: { node: string };
};

/** Name of the package a folder of node_modules holds. */
const nameOf = (path: string): string =>
  path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);

const installed = Object.entries(lock.packages)
  .filter(([path, { link }]) => path.includes('node_modules/') && !link)
  .map(([path, found]) => ({ name: nameOf(path), ...found }));

// Permissive: they ask to be named, and nothing else.
const permissive = new Set([
  'MIT',
  'ISC',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  '0BSD',
  'BlueOak-1.0.0',
  'Unlicense',
  'CC0-1.0',
  'Python-2.0',
]);

// Looked at one by one.
const exceptions: Readonly<Record<string, string>> = {
  // Its licence file is the Unlicense; package.json does not say so.
  unionfs: '',
  // Data of browsers, for tools alone.
  'caniuse-lite': 'CC-BY-4.0',
  // Python's own licence, permissive; a parser for tools alone.
  argparse: 'PSF-2.0',
};

function isPermitted({ name, license = '' }: { name: string; license?: string }): boolean {
  if (exceptions[name] === license) return true;
  const [either, both] = [license.split(' OR '), license.split(' AND ')];
  const words = (parts: readonly string[]): string[] =>
    parts.map((part) => part.replaceAll(/[()]/g, '').trim());
  return both.length > 1
    ? words(both).every((word) => permissive.has(word))
    : words(either).some((word) => permissive.has(word));
}

test('the lock file has a checksum for every package', () => {
  expect(installed.length).toBeGreaterThan(500);
  expect(
    installed.filter(({ integrity }) => !integrity?.startsWith('sha512-')).map(({ name }) => name),
  ).toEqual([]);
});

test('what we ask for is asked for in one version', () => {
  const asked = Object.entries(manifest.dependencies);
  expect(asked.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});

test('no package asks for a newer Node than we do', () => {
  const ours = Number(/\d+/.exec(manifest.engines.node)?.[0]);
  const needs = (range: string): number => Number(/\d+/.exec(range)?.[0] ?? 0);
  const newer = installed.filter(({ engines }) =>
    (engines?.node ?? '*').split('||').every((range) => needs(range) > ours),
  );
  expect(newer.map(({ name, engines }) => `${name}: ${engines?.node}`)).toEqual([]);
});

test('every licence is a permissive one', () => {
  const others = installed.filter((found) => !isPermitted(found));
  expect(others.map(({ name, license }) => `${name}: ${license}`)).toEqual([]);
});

test('every package that runs code when it is installed was decided on, and no other', () => {
  const running = [...new Set(installed.filter((found) => found.hasInstallScript).map(({ name }) => name))];
  const undecided = running.filter((name) => !(name in manifest.allowScripts));
  expect(undecided).toEqual([]);
  expect(Object.keys(manifest.allowScripts).filter((name) => !running.includes(name))).toEqual([]);
});

test('nothing that is installed reports to its makers', () => {
  const reporters = ['@scarf/scarf', 'scarf-js', 'postinstall-postinstall', 'opencollective', 'core-js'];
  expect(installed.filter(({ name }) => reporters.includes(name)).map(({ name }) => name)).toEqual([]);
});

describe('the script of the documentation page, a copy', () => {
  const folder = 'api/openapi/page/vendor';
  const copy = read(`${folder}/manifest.json`) as Record<
    'package' | 'version' | 'license' | 'sha256',
    string
  >;
  const script = readFileSync(join(root, folder, 'standalone.js'));

  test('it is byte for byte what its manifest says, and names itself so', () => {
    expect(createHash('sha256').update(script).digest('hex')).toBe(copy.sha256);
    expect(script.subarray(0, 1_000).toString()).toContain(` * ${copy.package} ${copy.version}\n`);
  });

  test('its licence is a permissive one, and its text is beside it', () => {
    expect(isPermitted({ name: copy.package, license: copy.license })).toBe(true);
    expect(readFileSync(join(root, folder, 'LICENSE'), 'utf8')).toMatch(
      new RegExp(`^${copy.license} License\n\nCopyright .*Scalar`),
    );
  });

  test('none of what it was made from is installed', () => {
    const names = installed.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith('@scalar/') || name === 'vue')).toEqual([]);
  });
});
