/* `npm run bench [figure…]`: checks Node, installs packages, compiles, then hands over to bench/. Owns no measurement. */
'use strict';

require('./require-node');

require('./ensure-packages').ensurePackages(
  (text) => console.error(`npm packages: ${text}`),
  (error) => {
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
    require('../dist/bench/main').bench(process.argv.slice(2));
  },
);
