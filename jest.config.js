/* Owns how jest runs: real servers for the whole run, TypeScript through swc, tests under test/ only. */
'use strict';

const { availableParallelism } = require('node:os');

// No result may depend on where the machine stands; set here, it holds for jest's worker processes too.
process.env.TZ = 'UTC';

// Most tests wait for servers, deadlines and heartbeats: on two cores jest's own choice, one worker, takes twice as long.
const fewestWorkers = 3;

const toCommonJs = (syntax) => [
  '@swc/jest',
  { jsc: { parser: { syntax }, target: 'es2022' }, module: { type: 'commonjs' } },
];

// It says `import('http')`, which jest's modules cannot do.
const exporter = '@opentelemetry/otlp-exporter-base/';

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: 'node',
  maxWorkers: Math.max(fewestWorkers, availableParallelism() - 1),
  // Without roots jest would also take scripts whose names look like tests.
  roots: ['<rootDir>/test'],
  testMatch: ['**/*.test.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.ts',
  globalTeardown: '<rootDir>/test/support/global-teardown.ts',
  transform: {
    '^.+\\.ts$': toCommonJs('typescript'),
    [`/${exporter}.+\\.js$`]: toCommonJs('ecmascript'),
  },
  transformIgnorePatterns: [`/node_modules/(?!${exporter})`],
  // A real workflow on a real server takes a second or two; on a loaded machine with two cores several times that.
  testTimeout: 30_000,
};
