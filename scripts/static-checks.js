/* Runs every check that needs no server: format, lint, import rules, unused code, types. Does not run tests. */
'use strict';

const { spawn } = require('node:child_process');
const path = require('node:path');

const root = path.join(__dirname, '..');

const checks = [
  { name: 'format', package: 'prettier', args: ['--check', '--log-level=warn', '.'] },
  { name: 'lint', package: 'oxlint', args: [] },
  {
    name: 'import rules',
    package: 'dependency-cruiser',
    bin: 'depcruise',
    args: ['--config', '.dependency-cruiser.cjs', '.'],
  },
  { name: 'unused code', package: 'knip', args: [] },
  { name: 'types', package: 'typescript', bin: 'tsc', args: ['--noEmit'] },
];

/** Runs all of them side by side, prints one line each (and the output of those that fail), returns how many failed. */
async function runStaticChecks() {
  const runs = await Promise.all(checks.map(run));
  for (const { name, output, failed, seconds } of runs) {
    console.log(`  ${failed ? '✗' : '✓'}  ${name.padEnd(14)} ${failed ? 'failed' : 'ok'} (${seconds} s)`);
    if (failed) console.log(output.replace(/^/gm, '     '));
  }
  return runs.filter(({ failed }) => failed).length;
}

function run(check) {
  const startedAt = Date.now();
  return new Promise((resolve) => {
    let output = '';
    const end = (failed) =>
      resolve({
        name: check.name,
        output: output.trimEnd(),
        failed,
        seconds: ((Date.now() - startedAt) / 1000).toFixed(1),
      });
    const child = spawn(process.execPath, [binOf(check), ...check.args], {
      cwd: root,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
    child.on('error', (error) => {
      output += error.message;
      end(true);
    });
    child.on('close', (code) => end(code !== 0));
  });
}

/** Through the package's own file: the links in node_modules/.bin are shell scripts on some systems. */
function binOf(check) {
  const folder = path.join(root, 'node_modules', check.package);
  const { bin } = require(path.join(folder, 'package.json'));
  return path.join(folder, typeof bin === 'string' ? bin : bin[check.bin || check.package]);
}

module.exports = { runStaticChecks };
