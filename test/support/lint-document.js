/* Lints the OpenAPI document that comes on stdin and prints each finding as a line. A program: the linter is an ES module. */
'use strict';

const { text } = require('node:stream/consumers');

async function findings() {
  const { createConfig, lintFromString } = await import('@redocly/openapi-core');
  const config = await createConfig({ extends: ['recommended'] });
  const found = await lintFromString({
    source: await text(process.stdin),
    absoluteRef: '/openapi.json',
    config,
  });
  return found.map(({ ruleId, message, location }) => `${ruleId} ${location[0]?.pointer} ${message}`);
}

findings().then(
  (lines) => process.stdout.write(lines.map((line) => `${line}\n`).join('')),
  (error) => {
    process.stderr.write(`${error.stack}\n`);
    process.exitCode = 1;
  },
);
