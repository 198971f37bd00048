// Owns one operation of the document, made from a route's declaration. The tables beside this file say the rest.
import { z } from 'zod';
import type {
  ZodOpenApiContentObject,
  ZodOpenApiOperationObject,
  ZodOpenApiResponseObject,
  ZodOpenApiResponsesObject,
} from 'zod-openapi';
import { type AnswerForm, type Route, takesKey } from '../route';
import { type AnswerSite, headersOf } from './answer-headers';
import { operationId } from './operation-id';
import { exampleOf, pageHost } from './page-examples';
import { headerParameters, pathParameters } from './parameters';
import { problemResponses, problemsOf } from './problem-answers';
import { queryParameters } from './query-parameters';

/** What an operation needs to know of the rest of the document. */
export interface DocumentPlace {
  /** Paths that a PATCH can change. */
  readonly editablePaths: ReadonlySet<string>;
  /** Responses that several operations share; grows. */
  readonly responses: Map<string, ZodOpenApiResponseObject>;
}

/** The operation of a route below the prefix, which needs a token. */
export function operationOf(route: Route, place: DocumentPlace): ZodOpenApiOperationObject {
  const example = exampleOf(route);
  const site = {
    method: route.method,
    path: route.path,
    needsToken: true,
    isEditable: isEditable(route, place.editablePaths),
    isPaged: isPaged(route),
    takesKey: takesKey(route),
  };
  const parameters = [
    ...pathParameters(route.path),
    ...queryParameters(route.query),
    ...headerParameters({ ...route, mediaTypes: mediaTypesOf(route) }),
  ];
  return {
    operationId: operationId(route),
    ...(route.tag ? { tags: [route.tag] } : {}),
    ...(route.summary ? { summary: route.summary } : {}),
    description: `Needs a token with the scope \`${route.scope}\`.`,
    security: [{ token: [route.scope] }],
    'x-scope': route.scope,
    ...(parameters.length > 0 ? { parameters } : {}),
    ...requestBody(route),
    responses: {
      ...goodAnswers(route.answers ?? {}, site, example?.answer),
      ...notModified(site),
      ...problemResponses(problemsOf(route), place.responses),
    },
    ...(example
      ? { 'x-codeSamples': [{ lang: 'Shell', label: 'curl', source: sampleOf(example.curl) }] }
      : {}),
  };
}

// With the host of the product page, a call with a token would be pasted to somebody else than this server.
function sampleOf(curl: string): string {
  return curl.replace(pageHost, '$API_URL');
}

function mediaTypesOf({ answers = {} }: Route): string[] {
  return Object.values(answers).flatMap((forms) =>
    formsOf(forms).flatMap((form) => (form !== null && 'mediaType' in form ? [form.mediaType] : [])),
  );
}

function requestBody({ body }: Route): Pick<ZodOpenApiOperationObject, 'requestBody'> | object {
  if (!body) return {};
  // An empty body is `{}`: whoever may leave out everything may leave out the body too.
  const isNeeded = !body.safeParse({}).success;
  return { requestBody: { required: isNeeded, content: { 'application/json': { schema: body } } } };
}

const meanings: Readonly<Record<number, string>> = {
  200: 'Done.',
  201: 'Made.',
  202: 'Taken; it goes on by itself.',
  204: 'Done, and nothing more to say.',
};

/** The answers of when all is well. `example`: of the first one. */
export function goodAnswers(
  answers: NonNullable<Route['answers']>,
  site: Omit<AnswerSite, 'status'>,
  example?: object,
): ZodOpenApiResponsesObject {
  return Object.fromEntries(
    Object.entries(answers).map(([status, forms], at) => {
      const content = contentOf(formsOf(forms), at === 0 ? example : undefined);
      return [
        status,
        {
          description: meanings[Number(status)] ?? 'Answered.',
          headers: headersOf({ ...site, status: Number(status) }),
          ...(Object.keys(content).length > 0 ? { content } : {}),
        },
      ];
    }),
  );
}

/** The forms an answer may have; the caller's Accept chooses among several. */
export function formsOf(forms: AnswerForm | readonly AnswerForm[] | undefined): readonly AnswerForm[] {
  if (forms === undefined) return [];
  return Array.isArray(forms) ? (forms as readonly AnswerForm[]) : [forms as AnswerForm];
}

function contentOf(forms: readonly AnswerForm[], example: object | undefined): ZodOpenApiContentObject {
  const content: ZodOpenApiContentObject = {};
  for (const form of forms) {
    if (form === null) continue;
    if ('mediaType' in form) {
      content[form.mediaType] = { schema: { type: 'string' } };
    } else {
      const examples = example ? { examples: { page: { value: example } } } : {};
      content['application/json'] = { schema: form, ...examples };
    }
  }
  return content;
}

/** The answer to whoever has it already; nothing where there is no ETag. */
export function notModified(site: Omit<AnswerSite, 'status'>): ZodOpenApiResponsesObject {
  const isTagged = site.method === 'GET' && 'ETag' in headersOf({ ...site, status: 200 });
  if (!isTagged) return {};
  return {
    304: {
      description: 'Still as it was when it had the `ETag` in `If-None-Match`.',
      headers: headersOf({ ...site, status: 304 }),
    },
  };
}

/** Whether what the route is about can be changed by a PATCH; for a POST, what it makes. */
export function isEditable(
  { method, path }: Pick<Route, 'method' | 'path'>,
  editable: ReadonlySet<string>,
): boolean {
  if (method !== 'POST') return editable.has(path);
  return [...editable].some((one) => /^\/:\w+$/.test(one.slice(path.length)) && one.startsWith(path));
}

function isPaged({ query }: Route): boolean {
  return query instanceof z.ZodObject && ('page' in query.shape || 'cursor' in query.shape);
}
