// Owns the OpenAPI document: every route with its schemas, and every message to webhooks, put together. Serving it is
// routes.ts'.
import {
  createDocument,
  type oas31,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { webhookOperations } from '../alerts/webhook-events';
import { problemAnswer } from '../problems/answers';
import type { Route } from '../route';
import { headerComponents as answerHeaderComponents } from './answer-headers';
import { info, tags, tokenScheme } from './description';
import { openOperationOf, openOperations } from './open-operations';
import { operationOf } from './operation';
import { documentPath, headerComponents } from './parameters';
import { shownSchema } from './shown-schema';

/** Where the declared routes are mounted. */
export const apiPrefix = '/api/v1';

/** OpenAPI 3.1 of these routes and of the paths that need no token. The same routes make the same bytes. */
export function openApiDocument(routes: readonly Route[]): oas31.OpenAPIObject {
  const responses = new Map<string, ZodOpenApiResponseObject>();
  const editablePaths = new Set(routes.filter(({ method }) => method === 'PATCH').map(({ path }) => path));
  const paths: ZodOpenApiPathsObject = {};
  for (const route of routes) {
    const path = documentPath(apiPrefix + route.path);
    const method = route.method.toLowerCase();
    paths[path] = { ...paths[path], [method]: operationOf(route, { editablePaths, responses }) };
  }
  for (const operation of openOperations) {
    paths[documentPath(operation.path)] = { get: openOperationOf(operation, responses) };
  }
  const document = createDocument(
    {
      openapi: '3.1.1',
      info,
      servers: [{ url: '/', description: 'This server' }],
      tags,
      paths,
      webhooks: webhookOperations(),
      components: {
        schemas: { Problem: problemAnswer },
        responses: Object.fromEntries(responses),
        parameters: headerComponents,
        headers: answerHeaderComponents(),
        securitySchemes: { token: tokenScheme },
      },
    },
    { override: shownSchema },
  );
  return withoutUnused(document);
}

/** Shared headers and parameters that no operation has are no part of the document. */
function withoutUnused(document: oas31.OpenAPIObject): oas31.OpenAPIObject {
  const text = JSON.stringify(document);
  for (const kind of ['parameters', 'headers'] as const) {
    const all = document.components?.[kind] ?? {};
    for (const name of Object.keys(all)) {
      if (!text.includes(`"#/components/${kind}/${name}"`)) delete all[name];
    }
  }
  return document;
}
