/* `npm run reset`: deletes the data directory after asking. Plain ES5; the checks are in reset-data.ts. */
'use strict';

require('./require-node');

require('./ensure-packages').ensurePackages(
  function (text) {
    console.log('  …  npm packages   ' + text);
  },
  function (error) {
    if (error) {
      console.error(error.message);
      process.exit(1);
    }
    try {
      require('./build').buildDist();
    } catch (buildError) {
      console.error(buildError.message);
      process.exit(1);
    }
    require('../dist/scripts/reset-data').resetData(process.argv.slice(2));
  }
);
