/* `npm run bench [figure…]`: compiles, then hands over to bench/. Owns no measurement. */
'use strict';

require('./run-compiled').runCompiled(() => require('../dist/bench/main').bench(process.argv.slice(2)));
