// Owns what the document says of the paths that need no token. Their answers are declared beside their routes.
import { z } from 'zod';
import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject } from 'zod-openapi';
import { greetingAnswer, livezAnswer, readyzAnswer } from '../health/answers';
import type { ProblemCode } from '../problems/problems';
import { problemMeaningAnswer, problemMeaningsAnswer } from '../problems/answers';
import type { Route } from '../route';
import { goodAnswers, notModified } from './operation';
import { pathParameters } from './parameters';
import { anywhere, problemResponses } from './problem-answers';

/** A path that anybody may read. */
export interface OpenOperation {
  /** The whole path, as a router has it: `/problems/:code`. */
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly answers: NonNullable<Route['answers']>;
  /** Beside those of any path. */
  readonly problems?: readonly ProblemCode[];
}

// What an OpenAPI document may hold is OpenAPI's to say.
const documentAnswer = z.looseObject({ openapi: z.string() });

export const openOperations: readonly OpenOperation[] = [
  {
    path: '/',
    operationId: 'getService',
    summary: 'What this is, and where to go on',
    answers: { 200: greetingAnswer },
  },
  {
    path: '/livez',
    operationId: 'getLivez',
    summary: 'Whether the process lives',
    answers: { 200: livezAnswer },
  },
  {
    path: '/readyz',
    operationId: 'getReadyz',
    summary: 'Whether it can do its work',
    answers: { 200: readyzAnswer, 503: readyzAnswer },
  },
  {
    path: '/metrics',
    operationId: 'getMetrics',
    summary: 'Measures over all workspaces, for Prometheus',
    answers: { 200: { mediaType: 'text/plain' } },
  },
  {
    path: '/problems',
    operationId: 'listProblems',
    summary: 'Every problem code and what it means',
    answers: { 200: problemMeaningsAnswer },
  },
  {
    path: '/problems/:code',
    operationId: 'getProblem',
    summary: 'What one problem code means',
    answers: { 200: problemMeaningAnswer },
    problems: ['not_found'],
  },
  {
    path: '/api/v1/openapi.json',
    operationId: 'getOpenApiDocument',
    summary: 'This document',
    answers: { 200: documentAnswer },
  },
  {
    path: '/docs',
    operationId: 'getDocs',
    summary: 'This document, as a page for people',
    answers: { 200: { mediaType: 'text/html' } },
  },
  {
    path: '/docs/:file',
    operationId: 'getDocsFile',
    summary: 'A script of that page',
    answers: { 200: { mediaType: 'text/javascript' } },
    problems: ['not_found'],
  },
];

/** Headers of an answer that needs no token; `status` is put beside them. */
export function openSite({ path }: OpenOperation) {
  return {
    method: 'GET',
    path,
    needsToken: false,
    isEditable: false,
    isPaged: false,
    takesKey: false,
  } as const;
}

/** One of them as the document has it. */
export function openOperationOf(
  operation: OpenOperation,
  responses: Map<string, ZodOpenApiResponseObject>,
): ZodOpenApiOperationObject {
  const parameters = pathParameters(operation.path);
  return {
    operationId: operation.operationId,
    tags: ['Service'],
    summary: operation.summary,
    security: [],
    ...(parameters.length > 0 ? { parameters } : {}),
    responses: {
      ...goodAnswers(operation.answers, openSite(operation)),
      ...notModified(openSite(operation)),
      ...problemResponses([...(operation.problems ?? []), ...anywhere], responses),
    },
  };
}
