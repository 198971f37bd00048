/* `npm run build:client`: writes client/schema.ts, the types of the typed client, from the routes as they are now. */
'use strict';

const { execFileSync } = require('node:child_process');
const fs = require('node:fs');
const path = require('node:path');

// The client's own users may not compile until it is written.
require('./build').buildDist({ tolerateTypeErrors: true });

const { apiRoutes } = require('../dist/api/create-app');
const { openApiDocument } = require('../dist/api/openapi/document');

// Declaring routes asks nothing of what they use.
const routes = apiRoutes({ secretKey: Buffer.alloc(32) });
const types = execFileSync(process.execPath, [path.join(__dirname, 'client-types', 'types.js')], {
  input: JSON.stringify(openApiDocument(routes)),
  stdio: ['pipe', 'pipe', 'inherit'],
});
fs.writeFileSync(path.join(__dirname, '..', 'client', 'schema.ts'), types);
