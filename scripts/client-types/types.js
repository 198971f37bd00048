/* Makes the types of client/schema.ts from the OpenAPI document on stdin, and prints them. Knows no document. */
'use strict';

const { text } = require('node:stream/consumers');

const head = `// Made by \`npm run build:client\` from the OpenAPI document; a test holds the two together.
`;

async function typesOf(document) {
  const { default: openapiTS, astToString } = await import('openapi-typescript');
  return head + astToString(await openapiTS(document));
}

text(process.stdin)
  .then((document) => typesOf(JSON.parse(document)))
  .then(
    (types) => process.stdout.write(types),
    (error) => {
      process.stderr.write(`The types could not be made: ${error.message}\n`);
      process.exitCode = 1;
    },
  );
