/* `npm run test:chaos [-- id…]`: compiles, then hands over to test/chaos. Owns no scenario. */
'use strict';

require('./run-compiled').runCompiled(() => {
  registerTypeScript();
  require('../test/chaos/main').chaos(process.argv.slice(2));
});

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
