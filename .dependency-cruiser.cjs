/* Holds the import table of docs/architecture.md: who may import whom, and why. Types-only imports are oxlint's business. */
'use strict';

const anyPackage = 'node_modules';
const nodeBuiltin = '^(node:)?[a-z_/]+$';

/** A folder may import itself and what the patterns allow; everything else is an error with the reason. */
function mayImportOnly(folder, allowed, reason) {
  return {
    name: `${folder}-imports`,
    severity: 'error',
    comment: reason,
    from: { path: `^${folder}/` },
    to: { pathNot: [`^${folder}/`, ...allowed] },
  };
}

const packages = (...names) => names.map((name) => `node_modules/(@types/)?${name}/`);

module.exports = {
  forbidden: [
    {
      name: 'no-cycles',
      severity: 'error',
      comment: 'Two files that need each other are one file, or miss a third that both can import.',
      from: {},
      to: { circular: true },
    },
    {
      name: 'no-unresolvable',
      severity: 'error',
      comment: 'An import that does not resolve works on one machine only.',
      from: {},
      // dist/ is made by the very script that requires it.
      to: { couldNotResolve: true, pathNot: 'dist/' },
    },
    mayImportOnly(
      'domain',
      [],
      'The rules are pure: they run in workflows, tests and browsers alike, so they import nothing.',
    ),
    mayImportOnly(
      'diff',
      ['^domain/', ...packages('xxhash-wasm'), '^node:', nodeBuiltin],
      'Finding changes is bytes and hashes; where they come from and go to is passed in.',
    ),
    mayImportOnly(
      'connectors',
      [
        '^domain/',
        ...packages('pg', 'pg-copy-streams', 'undici', 'zod', '@slack/webhook', 'standardwebhooks'),
        nodeBuiltin,
      ],
      'A connector is the outside world behind an interface: it knows drivers and our words, not our tables.',
    ),
    mayImportOnly(
      'db',
      ['^domain/', ...packages('knex', 'pg'), nodeBuiltin],
      'Stores speak SQL and domain words; who calls them is none of their business.',
    ),
    mayImportOnly(
      'activities',
      [
        '^domain/',
        '^diff/',
        '^connectors/',
        '^db/',
        ...packages('@temporalio/activity', '@temporalio/common'),
        nodeBuiltin,
      ],
      'Activities join the parts; workflows, API and configuration reach them as values.',
    ),
    mayImportOnly(
      'workflows',
      ['^domain/', '^activities/', ...packages('@temporalio/workflow', '@temporalio/common')],
      'Workflow code is replayed: nothing that reads a clock, a disk or a network may be in its bundle.',
    ),
    mayImportOnly(
      'api',
      [
        '^domain/',
        '^db/',
        '^workflows/messages\\.ts$',
        '^temporal/',
        '^telemetry/',
        '^config\\.ts$',
        ...packages(
          'koa',
          'koa-compress',
          'prom-client',
          '@koa/router',
          '@koa/bodyparser',
          'zod',
          'zod-openapi',
          'croner',
          'cronstrue',
          'pino',
          'knex',
          '@temporalio/client',
          '@temporalio/common',
          '@temporalio/envconfig',
        ),
        nodeBuiltin,
      ],
      'The API starts and reads runs; doing them is the worker’s, and its native code stays out of this process.',
    ),
    mayImportOnly(
      'client',
      [...packages('openapi-fetch')],
      'A client knows the API by its document alone: what it needs beyond that, others who call it need too.',
    ),
    mayImportOnly(
      'temporal',
      [
        '^domain/',
        '^workflows/messages\\.ts$',
        ...packages('@temporalio/client', '@temporalio/common', '@temporalio/envconfig', 'croner'),
        nodeBuiltin,
      ],
      'The API and the worker both start runs and ask which schedules are late; what is known of Temporal stands in one place, without native code.',
    ),
    mayImportOnly(
      'telemetry',
      [
        ...packages(
          'prom-client',
          'knex',
          '@opentelemetry/api',
          '@opentelemetry/exporter-trace-otlp-http',
          '@opentelemetry/resources',
          '@opentelemetry/sdk-trace-base',
        ),
        nodeBuiltin,
      ],
      'How measures and spans are made is one place, which both processes use; what they say is those processes’ own.',
    ),
    {
      name: 'worker-is-not-imported',
      severity: 'error',
      comment: 'The worker is a composition root: it imports, and only scripts and tests start it.',
      from: { pathNot: '^(worker|scripts|test|bench)/' },
      to: { path: '^worker/' },
    },
    {
      name: 'worker-without-api',
      severity: 'error',
      comment: 'Workers are many and have no front: nothing of the API belongs in them.',
      from: { path: '^worker/' },
      to: { path: '^(api|web|demo|scripts|test|bench)/' },
    },
    mayImportOnly(
      'demo',
      [...packages('pg', 'pg-copy-streams', 'undici', 'koa', '@koa/router', '@koa/bodyparser'), nodeBuiltin],
      'The demo is a user: it speaks to the product over its API, so that it proves what users can do.',
    ),
    mayImportOnly(
      'cli',
      [...packages('commander', 'cli-progress', 'cli-table3'), nodeBuiltin],
      'The command line is a user, too: what it can do, anybody can do over the API, and it can be taken elsewhere alone.',
    ),
    {
      name: 'config-in-main-only',
      severity: 'error',
      comment:
        'The environment is read once, at the top; everything else gets values and can be tested with any.',
      from: { pathNot: ['^(api|worker)/main\\.ts$', '^scripts/', '^test/', '^bench/'] },
      to: { path: '^config\\.ts$' },
    },
    {
      name: 'config-imports',
      severity: 'error',
      comment: 'Configuration comes before everything else.',
      from: { path: '^config\\.ts$' },
      to: { pathNot: [...packages('zod'), nodeBuiltin] },
    },
    {
      name: 'nothing-imports-tests',
      severity: 'error',
      comment: 'What the product needs does not live under test/, bench/ or scripts/.',
      from: { pathNot: '^(test|bench|scripts)/' },
      to: { path: '^(test|bench|scripts)/' },
    },
    {
      name: 'no-dev-packages',
      severity: 'error',
      comment: 'An installation without development packages must run.',
      from: {
        path: '^(domain|diff|connectors|db|activities|workflows|worker|api|cli|telemetry|demo)/|^config\\.ts$',
      },
      to: {
        dependencyTypes: ['npm-dev'],
        dependencyTypesNot: ['type-only'],
        pathNot: 'node_modules/@types/',
      },
    },
  ],
  options: {
    doNotFollow: { path: anyPackage },
    exclude: { path: '^(dist|\\.dist-[^/]*|coverage|\\.data|web/dist)/|/vendor/' },
    tsPreCompilationDeps: true,
    parser: 'swc',
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.json'],
      exportsFields: ['exports'],
      conditionNames: ['require', 'node', 'default'],
    },
  },
};
