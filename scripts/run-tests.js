/* `npm test`: checks Node, installs packages, runs the static checks and then jest. With a path or name: jest alone. Plain ES5. */
'use strict';

require('./require-node');

var childProcess = require('child_process');
var path = require('path');

var root = path.join(__dirname, '..');
var args = process.argv.slice(2);
// A path or a test's name asks for a quick answer about that one thing.
var isFocused = args.some(function (argument) {
  return argument.charAt(0) !== '-';
});

require('./ensure-packages').ensurePackages(
  function (text) {
    console.log('  …  npm packages   ' + text);
  },
  function (error) {
    if (error) {
      console.error(error.message);
      process.exit(1);
    }
    if (isFocused) return runJest(0);
    require('./static-checks')
      .runStaticChecks()
      .then(runJest, function (checkError) {
        console.error(checkError);
        process.exit(1);
      });
  }
);

function runJest(failedChecks) {
  var jest = childProcess.spawn(
    process.execPath,
    [path.join(root, 'node_modules', 'jest', 'bin', 'jest.js')].concat(args),
    {
      cwd: root,
      stdio: 'inherit',
    }
  );
  // jest ends first, so that nothing prints after the prompt is back. From a terminal it gets Ctrl-C twice, harmlessly.
  ['SIGINT', 'SIGTERM'].forEach(function (signal) {
    process.on(signal, function () {
      jest.kill(signal);
    });
  });
  jest.on('exit', function (code, signal) {
    if (failedChecks > 0) console.error('\n' + failedChecks + ' static check(s) failed, see above.');
    process.exit(code === 0 && failedChecks === 0 ? 0 : code || (signal === null ? 1 : 130));
  });
}
