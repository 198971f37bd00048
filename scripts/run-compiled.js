/* What `npm run bench` and `npm run test:chaos` begin with: checks Node, installs packages, compiles. Owns no work. */
'use strict';

require('./require-node');

/** Calls `work` once dist/ is up to date; ends the process with a sentence when it cannot be. */
function runCompiled(work) {
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
      work();
    },
  );
}

module.exports = { runCompiled };
