/* Compiles the TypeScript sources into dist/ when they have changed. Does not check tests, and installs nothing. */
'use strict';

const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const root = path.join(__dirname, '..');
const dist = path.join(root, 'dist');
const stampFile = path.join(dist, '.build-stamp');
const outside = new Set(['node_modules', 'dist', 'test', 'coverage']);

/**
 * Brings dist/ up to date and returns whether anything was compiled. Type errors throw, with the compiler's words,
 * unless tolerateTypeErrors is set (the test runner reports them on their own).
 * Files are replaced one by one and only when they differ, so that running processes and a second build can share dist/.
 */
function buildDist({ tolerateTypeErrors = false } = {}) {
  const stamp = sourceStamp();
  if (fs.existsSync(stampFile) && fs.readFileSync(stampFile, 'utf8') === stamp) return false;

  const fresh = fs.mkdtempSync(path.join(root, '.dist-'));
  try {
    const compiler = require.resolve('typescript/package.json');
    const bin = path.join(path.dirname(compiler), require(compiler).bin.tsc);
    const run = spawnSync(process.execPath, [bin, '-p', 'tsconfig.build.json', '--outDir', fresh], {
      cwd: root,
      encoding: 'utf8',
    });
    if (run.error) throw run.error;
    if (run.status !== 0 && !tolerateTypeErrors)
      throw new Error(`The sources do not compile:\n${run.stdout}${run.stderr}`);
    replaceChanged(fresh, dist);
    // Half a build must not look finished: after type errors the next start compiles again.
    if (run.status === 0) writeAtomically(stampFile, Buffer.from(stamp));
  } finally {
    fs.rmSync(fresh, { recursive: true, force: true });
  }
  return true;
}

function sourceStamp() {
  const hash = createHash('sha256');
  for (const file of ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json', ...sourceFiles(root)]) {
    hash
      .update(`${file}\0`)
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0');
  }
  return hash.digest('hex');
}

function sourceFiles(folder) {
  const entries = fs
    .readdirSync(folder, { withFileTypes: true })
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const full = path.join(folder, entry.name);
    if (entry.isDirectory())
      return outside.has(entry.name) || entry.name.startsWith('.') ? [] : sourceFiles(full);
    return entry.name.endsWith('.ts') ? [path.relative(root, full)] : [];
  });
}

function replaceChanged(from, to) {
  fs.mkdirSync(to, { recursive: true });
  const names = new Set(fs.readdirSync(from));
  for (const entry of fs.readdirSync(to)) {
    if (!names.has(entry) && !entry.startsWith('.'))
      fs.rmSync(path.join(to, entry), { recursive: true, force: true });
  }
  for (const name of names) {
    const source = path.join(from, name);
    const target = path.join(to, name);
    if (fs.statSync(source).isDirectory()) replaceChanged(source, target);
    else if (!sameContent(source, target)) writeAtomically(target, fs.readFileSync(source));
  }
}

function sameContent(source, target) {
  return fs.existsSync(target) && fs.readFileSync(source).equals(fs.readFileSync(target));
}

function writeAtomically(file, content) {
  const partial = path.join(path.dirname(file), `.${path.basename(file)}-${process.pid}`);
  fs.writeFileSync(partial, content);
  fs.renameSync(partial, file);
}

module.exports = { buildDist };
