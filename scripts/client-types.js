/* Makes the types of client/schema.ts from the OpenAPI document on stdin, and prints them. Knows no document. */
'use strict';

const Module = require('node:module');
const { text } = require('node:stream/consumers');

// The generator writes its text with the compiler's own API, which TypeScript 7 does not have and 6 has. Its package
// stands beside the compiler under a name of its own, and only in this process does the generator find it by the usual one.
const resolve = Module._resolveFilename;
Module._resolveFilename = (request, ...rest) =>
  request === 'typescript'
    ? require.resolve('@typescript/typescript6')
    : resolve.call(Module, request, ...rest);

const { default: openapiTS, astToString } = require('openapi-typescript');

const head = '// Made by `npm run build:client` from the OpenAPI document; a test holds the two together.\n';

async function printTypes() {
  const document = JSON.parse(await text(process.stdin));
  process.stdout.write(head + astToString(await openapiTS(document)));
}

printTypes().catch((error) => {
  process.stderr.write(`The types could not be made: ${error.message}\n`);
  process.exitCode = 1;
});
