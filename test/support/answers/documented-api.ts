// Owns finding what the document says of a request and an answer. Judges nothing.
import type { oas31 } from 'zod-openapi';
import { type AnswerSite, promisedHeaders } from '../../../api/openapi/answer-headers';
import { apiPrefix, openApiDocument } from '../../../api/openapi/document';
import { openOperations, openSite } from '../../../api/openapi/open-operations';
import { documentPath } from '../../../api/openapi/parameters';
import { isEditable } from '../../../api/openapi/operation';
import { type Route, takesKey } from '../../../api/route';

/** One operation of the document, and the declaration it was made from. */
export interface DocumentedOperation {
  /** `GET /api/v1/syncs/{sync_id}`. */
  readonly name: string;
  readonly answers: Route['answers'];
  /** What the document says of an answer with this status; undefined: nothing. */
  response(status: number): oas31.ResponseObject | undefined;
  /** Names of headers an answer with this status must have. */
  promised(status: number): string[];
}

export interface DocumentedApi {
  readonly document: oas31.OpenAPIObject;
  /** The operation that such a request reaches; `path` without its query. */
  find(method: string, path: string): DocumentedOperation | undefined;
}

interface Candidate {
  readonly method: string;
  readonly path: string;
  readonly answers: Route['answers'];
  readonly site: Omit<AnswerSite, 'status'>;
}

export function documentedApi(routes: readonly Route[]): DocumentedApi {
  const document = openApiDocument(routes);
  const editable = new Set(routes.filter(({ method }) => method === 'PATCH').map(({ path }) => path));
  const candidates: Candidate[] = [
    ...routes.map(({ method, path, answers, isSafe }) => ({
      method,
      path: apiPrefix + path,
      answers,
      site: {
        method,
        path,
        needsToken: true,
        isEditable: isEditable({ method, path }, editable),
        isPaged: false,
        takesKey: takesKey({ method, ...(isSafe && { isSafe }) }),
      },
    })),
    ...openOperations.map((operation) => ({
      method: 'GET',
      path: operation.path,
      answers: operation.answers,
      site: openSite(operation),
    })),
  ];
  // Words before parameters: /models/preview is no model.
  const known = candidates
    .map((candidate) => ({ candidate, pattern: patternOf(candidate.path) }))
    .toSorted((one, other) => parametersIn(one.candidate.path) - parametersIn(other.candidate.path));
  return {
    document,
    find(method, path) {
      const wanted = method === 'HEAD' ? 'GET' : method;
      const found = known.find(({ candidate, pattern }) => candidate.method === wanted && pattern.test(path));
      return found && operationOf(document, found.candidate);
    },
  };
}

function operationOf(document: oas31.OpenAPIObject, candidate: Candidate): DocumentedOperation {
  const path = documentPath(candidate.path);
  const method = candidate.method.toLowerCase() as 'get';
  const operation = document.paths?.[path]?.[method];
  if (!operation) throw new Error(`the document lacks ${candidate.method} ${path}`);
  return {
    name: `${candidate.method} ${path}`,
    answers: candidate.answers,
    response: (status) => resolved(document, operation.responses?.[`${status}` as '200']),
    promised: (status) => promisedHeaders({ ...candidate.site, status }),
  };
}

function resolved(
  document: oas31.OpenAPIObject,
  response: oas31.ResponseObject | oas31.ReferenceObject | undefined,
): oas31.ResponseObject | undefined {
  if (!response || !('$ref' in response)) return response;
  const name = response.$ref.replace('#/components/responses/', '');
  const found = document.components?.responses?.[name];
  if (!found || '$ref' in found) throw new Error(`the document lacks ${response.$ref}`);
  return found;
}

// The router takes a slash at the end too.
function patternOf(path: string): RegExp {
  const escaped = path.replaceAll('.', '\\.').replaceAll(/:\w+/g, '[^/]+');
  return new RegExp(`^${escaped === '/' ? '' : escaped}/?$`);
}

function parametersIn(path: string): number {
  return path.split(':').length - 1;
}
