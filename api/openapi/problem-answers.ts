// Owns which problems an operation may answer with, and how they stand in the document: one response per set of codes.
import type { ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from 'zod-openapi';
import { type ProblemCode, problemTable } from '../problems/problems';
import { type Route, takesKey } from '../route';
import { headersOf } from './answer-headers';

/** Of any path, with or without a token: what is wrong before anybody looks at it, and what is wrong with us. */
export const anywhere = [
  'request_timeout',
  'url_too_long',
  'headers_too_large',
  'internal',
] as const satisfies readonly ProblemCode[];
// Whatever the route is and does.
const everywhere = [
  ...anywhere,
  'invalid_request',
  'unauthenticated',
  'scope_missing',
  'too_many_requests',
  'database_unavailable',
  'query_timed_out',
];
const withBody = ['invalid_json', 'body_too_large', 'unsupported_media_type'];
const byMethod: Readonly<Record<string, readonly string[]>> = {
  POST: withBody,
  PUT: withBody,
  PATCH: [...withBody, 'precondition_required', 'precondition_failed'],
};

const ofKeys = ['invalid_idempotency_key', 'idempotency_key_in_flight', 'idempotency_key_reused'];

/** Every code an operation below the prefix may answer with, in the order of the table. */
export function problemsOf(route: Pick<Route, 'method' | 'path' | 'problems' | 'isSafe'>): ProblemCode[] {
  const { method, path, problems = [] } = route;
  const may = new Set<string>([
    ...everywhere,
    ...(path.includes(':') ? ['not_found'] : []),
    ...(byMethod[method] ?? []),
    ...(takesKey(route) ? ofKeys : []),
    ...problems,
  ]);
  return (Object.keys(problemTable) as ProblemCode[]).filter((code) => may.has(code));
}

/** The responses of these problems, by status; `components` gets what they point to. */
export function problemResponses(
  codes: readonly ProblemCode[],
  components: Map<string, ZodOpenApiResponseObject>,
): ZodOpenApiResponsesObject {
  const statuses = [...new Set(codes.map((code) => problemTable[code].status))];
  return Object.fromEntries(
    statuses.map((status) => {
      const group = codes.filter((code) => problemTable[code].status === status);
      const name = componentName(group);
      if (!components.has(name)) components.set(name, problemResponse(status, group));
      return [String(status), { $ref: `#/components/responses/${name}` }];
    }),
  );
}

function problemResponse(status: number, codes: readonly ProblemCode[]): ZodOpenApiResponseObject {
  const meanings = codes.map((code) => `\`${code}\`: ${problemTable[code].title}.`);
  return {
    description: meanings.join('\n\n'),
    headers: headersOf({
      method: 'GET',
      path: '',
      status,
      needsToken: true,
      isEditable: false,
      isPaged: false,
      takesKey: false,
    }),
    content: {
      'application/problem+json': {
        schema: {
          allOf: [
            { $ref: '#/components/schemas/Problem' },
            {
              type: 'object',
              properties: { status: { const: status }, code: { enum: [...codes] } },
              required: ['status', 'code'],
            },
          ],
        },
      },
    },
  };
}

/** `NameTakenOrInUse`. */
function componentName(codes: readonly ProblemCode[]): string {
  return codes
    .map((code) => code.replaceAll(/(?:^|_)([a-z])/g, (_, letter: string) => letter.toUpperCase()))
    .join('Or');
}
