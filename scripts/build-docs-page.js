/* `npm run build:docs-page [-- version]`: takes the documentation page's script out of its package, into the repository. */
'use strict';

const { execFileSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');

const folder = path.join(__dirname, '..', 'api', 'openapi', 'page', 'vendor');
const manifestFile = path.join(folder, 'manifest.json');

/** Fetches the package without what it depends on, all of which is in its script; npm checks it against the registry's checksum. */
function fetchPackage(name, version, place) {
  const args = ['pack', `${name}@${version}`, '--json', '--pack-destination', place];
  // On Windows npm is a script, which only a shell starts.
  const shell = process.platform === 'win32';
  const [packed] = JSON.parse(execFileSync('npm', args, { encoding: 'utf8', shell }));
  execFileSync('tar', ['-xzf', packed.filename], { cwd: place });
  return { integrity: packed.integrity, folder: path.join(place, 'package') };
}

function refresh(place) {
  const manifest = JSON.parse(fs.readFileSync(manifestFile, 'utf8'));
  const version = process.argv[2] ?? manifest.version;
  const fetched = fetchPackage(manifest.package, version, place);
  if (version === manifest.version && fetched.integrity !== manifest.integrity)
    throw new Error(`${manifest.package}@${version} is not the package it was: ${fetched.integrity}`);
  const { license } = JSON.parse(fs.readFileSync(path.join(fetched.folder, 'package.json'), 'utf8'));
  // The text of it is beside the script, and not in the package.
  if (license !== manifest.license) throw new Error(`Its licence has become ${license}: decide on it first`);
  const script = fs.readFileSync(path.join(fetched.folder, manifest.file));
  const sha256 = createHash('sha256').update(script).digest('hex');
  fs.writeFileSync(path.join(folder, path.basename(manifest.file)), script);
  const now = { ...manifest, version, integrity: fetched.integrity, sha256 };
  fs.writeFileSync(manifestFile, `${JSON.stringify(now, null, 2)}\n`);
}

const place = fs.mkdtempSync(path.join(os.tmpdir(), 'docs-page-'));
try {
  refresh(place);
} finally {
  fs.rmSync(place, { recursive: true, force: true });
}
