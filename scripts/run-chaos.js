/* `npm run test:chaos [-- id…]`: checks Node, installs packages, compiles, then hands over to test/chaos. Owns no scenario. */
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
    registerTypeScript();
    require('../test/chaos/main').chaos(process.argv.slice(2));
  },
);

/** Tests are not compiled into dist/; here they are read as jest reads them. */
function registerTypeScript() {
  const { readFileSync } = require('node:fs');
  const { transformSync } = require('@swc/core');
  require.extensions['.ts'] = (module, filename) => {
    const { code } = transformSync(readFileSync(filename, 'utf8'), {
      filename,
      sourceMaps: 'inline',
      jsc: { parser: { syntax: 'typescript' }, target: 'es2022' },
      module: { type: 'commonjs' },
    });
    module._compile(code, filename);
  };
}
