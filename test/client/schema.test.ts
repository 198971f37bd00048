// client/schema.ts is what the document of today gives (npm run build:client writes it anew).
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type AppDependencies, apiRoutes } from '../../api/create-app';
import { openApiDocument } from '../../api/openapi/document';

const root = join(__dirname, '..', '..');

test('the committed types are what the routes give', () => {
  const document = openApiDocument(apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies));
  const types = execFileSync(process.execPath, [join(root, 'scripts', 'client-types', 'types.js')], {
    input: JSON.stringify(document),
    encoding: 'utf8',
  });
  expect(readFileSync(join(root, 'client', 'schema.ts'), 'utf8')).toBe(types);
});
