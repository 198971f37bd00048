/* `npm start`: checks Node, installs packages, compiles, then hands over to the launcher. Plain ES5; owns no service. */
'use strict';

require('./require-node');

var startedAt = Date.now();
console.log('SignalSmith Sync Runs\n');

require('./ensure-packages').ensurePackages(
  function (text) {
    console.log('  …  npm packages        ' + text);
  },
  function (error, installedNow) {
    if (error) {
      console.error('\n' + error.message);
      process.exit(1);
    }
    var seconds = ((Date.now() - startedAt) / 1000).toFixed(1);
    console.log(
      '  ✓  npm packages        ' + (installedNow ? 'installed' : 'already there') + ' (' + seconds + ' s)'
    );
    try {
      require('./build').buildDist();
    } catch (buildError) {
      console.error('\n' + buildError.message);
      process.exit(1);
    }
    require('../dist/scripts/launch').launch();
  }
);
