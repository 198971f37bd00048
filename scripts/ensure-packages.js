/* Installs the npm packages when they are missing or differ from the lock. Plain ES5 without dependencies; does not build. */
'use strict';

var childProcess = require('child_process');
var crypto = require('crypto');
var fs = require('fs');
var os = require('os');
var path = require('path');

var root = path.join(__dirname, '..');
// Every few seconds a sign of life: slow enough to read, quick enough not to look stuck.
var progressMs = 3000;
// Another install is waited for this long: a slow line needs minutes for 500 MB.
var otherInstallMs = 15 * 60 * 1000;

/* True when node_modules holds what package-lock.json says. The hidden lock is the last thing `npm ci` writes. */
function packagesAreInstalled(folder) {
  var wanted = readLock(path.join(folder, 'package-lock.json'));
  var present = readLock(path.join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === null) throw new Error('package-lock.json is missing or damaged; restore it from git.');
  if (present === null) return false;
  return Object.keys(wanted).every(function (name) {
    if (name === '') return true;
    var found = present[name];
    // Packages for other platforms are optional and rightly absent.
    if (found === undefined) return wanted[name].optional === true || wanted[name].devOptional === true;
    return found.version === wanted[name].version && fs.existsSync(path.join(folder, name));
  });
}

function readLock(file) {
  try {
    return JSON.parse(fs.readFileSync(file, 'utf8')).packages || null;
  } catch (error) {
    if (error.code === 'ENOENT' || error instanceof SyntaxError) return null;
    throw error;
  }
}

/* Calls done(error, installedNow). say(text) receives progress. Two at once wait for each other. */
function ensurePackages(say, done) {
  try {
    if (packagesAreInstalled(root)) return done(null, false);
  } catch (error) {
    return done(error, false);
  }
  var lock = path.join(
    os.tmpdir(),
    'signalsmith-install-' + crypto.createHash('sha256').update(root).digest('hex').slice(0, 16)
  );
  takeLock(lock, Date.now() + otherInstallMs, say, function (error) {
    if (error) return done(error, false);
    // Whoever held the lock before us may have done the work.
    if (packagesAreInstalled(root)) {
      fs.unlinkSync(lock);
      return done(null, false);
    }
    install(lock, say, function (installError) {
      fs.unlinkSync(lock);
      done(installError, true);
    });
  });
}

function takeLock(lock, deadline, say, done) {
  try {
    fs.writeFileSync(lock, String(process.pid), { flag: 'wx' });
    return done(null);
  } catch (error) {
    if (error.code !== 'EEXIST') return done(error);
  }
  if (!holderIsAlive(lock)) {
    fs.rmSync(lock, { force: true });
    return takeLock(lock, deadline, say, done);
  }
  if (Date.now() > deadline)
    return done(
      new Error('Another npm install has been running for very long; if it has not, delete ' + lock + '.')
    );
  say('waiting for another install of the same folder');
  setTimeout(function () {
    takeLock(lock, deadline, say, done);
  }, progressMs);
}

function holderIsAlive(lock) {
  try {
    var holder = Number(fs.readFileSync(lock, 'utf8'));
    // Empty means it was created this very moment, and its number is about to follow.
    if (holder === 0) return Date.now() - fs.statSync(lock).mtimeMs < progressMs;
    process.kill(holder, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

function npmCommand() {
  var script = process.env.npm_execpath || '';
  if (/npm-cli\.c?js$/.test(script)) return { file: process.execPath, args: [script] };
  return { file: 'npm', args: [] };
}

function install(lock, say, done) {
  var npm = npmCommand();
  // --include=dev: with NODE_ENV=production there would be no compiler.
  var args = npm.args.concat([
    'ci',
    '--include=dev',
    '--include=optional',
    '--loglevel=http',
    '--progress=false',
  ]);
  var child = childProcess.spawn(npm.file, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
  // When only we are killed npm works on: the lock is npm's from now on.
  if (child.pid) fs.writeFileSync(lock, String(child.pid));
  var fetched = {};
  var output = '';
  var startedAt = Date.now();
  var timer = setInterval(function () {
    var count = Object.keys(fetched).length;
    // npm looks at the lock for some seconds before it fetches anything.
    var state = count === 0 ? 'npm is working out what to fetch' : count + ' packages fetched';
    say(state + ', ' + Math.round((Date.now() - startedAt) / 1000) + ' s');
  }, progressMs);

  function read(chunk) {
    output = (output + chunk).slice(-200000);
    var pattern = /http fetch GET 200 (\S+\.tgz)/g;
    for (var match = pattern.exec(chunk); match !== null; match = pattern.exec(chunk))
      fetched[match[1]] = true;
  }
  child.stdout.on('data', read);
  child.stderr.on('data', read);
  child.on('error', function () {
    clearInterval(timer);
    done(new Error('npm was not found; install Node with npm from https://nodejs.org.'));
  });
  child.on('close', function (code) {
    clearInterval(timer);
    if (code === 0) return done(null);
    var reasons = output.split('\n').filter(function (line) {
      return /^npm (error|ERR!)/.test(line) && !/complete log|npm (error|ERR!)\s*$/.test(line);
    });
    done(
      new Error(
        'npm could not install the packages:\n  ' +
          reasons.slice(0, 8).join('\n  ') +
          '\nCheck the network and the npm registry setting, then start again.'
      )
    );
  });
}

module.exports = { ensurePackages: ensurePackages, packagesAreInstalled: packagesAreInstalled };
