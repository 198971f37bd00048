// Owns how ids in the path and headers of a request are documented. Query parameters are query-parameters.ts'.
import type { oas31 } from 'zod-openapi';
import { type IdKind, idPrefixes } from '../../domain/ids';
import { type Route, takesKey } from '../route';

/** `:sync_id` as `{sync_id}`. */
export function documentPath(path: string): string {
  return path.replaceAll(/:(\w+)/g, '{$1}');
}

/** One for each `:name` of a path; ids have the form of their kind, anything else is text. */
export function pathParameters(path: string): oas31.ParameterObject[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => {
    const kind = name.replace(/_id$/, '');
    const isOfKind = name.endsWith('_id') && kind in idPrefixes;
    return {
      name,
      in: 'path',
      required: true,
      ...(isOfKind
        ? { schema: idSchema(kind as IdKind), example: `${idPrefixes[kind as IdKind]}_${exampleTail(kind)}` }
        : { schema: { type: 'string' } }),
    };
  });
}

// The form that isId of domain/ids.ts asks for: what has another form answers like an id nobody has.
function idSchema(kind: IdKind): oas31.SchemaObject {
  return { type: 'string', pattern: `^${idPrefixes[kind]}_[0-9a-z]{1,40}$` };
}

// The product's own examples, where it has some.
function exampleTail(kind: string): string {
  return kind === 'run' ? 'abc123' : kind === 'sync' ? 'xyz789' : '01k0abcde0fghjkmnpqrstvwxy';
}

/** Headers that a request may, or must, carry. */
export function headerParameters(route: {
  readonly method: Route['method'];
  readonly isSafe?: true;
  readonly problems?: readonly string[];
  /** Media types it can answer with. */
  readonly mediaTypes: readonly string[];
}): oas31.ReferenceObject[] {
  const names = [
    ...(takesKey(route) ? ['IdempotencyKey'] : []),
    ...(route.method === 'PATCH' ? ['IfMatchRequired'] : []),
    ...(route.method !== 'PATCH' && route.problems?.includes('precondition_failed') ? ['IfMatch'] : []),
    ...(route.mediaTypes.includes('text/event-stream') ? ['LastEventId'] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

const ifMatch: oas31.ParameterObject = {
  name: 'If-Match',
  in: 'header',
  description: 'The `ETag` of what you have read: the change is made only to that version.',
  schema: { type: 'string' },
  example: '"3"',
};

/** What `headerParameters` points to. */
export const headerComponents = {
  IdempotencyKey: {
    name: 'Idempotency-Key',
    in: 'header',
    description:
      'Makes repeating safe: for 24 hours the same key with the same body is answered as the first time, and nothing is done twice.',
    schema: { type: 'string', minLength: 1, maxLength: 255 },
  },
  IfMatch: ifMatch,
  LastEventId: {
    name: 'Last-Event-ID',
    in: 'header',
    description:
      'The `id` of the last event you have: a stream goes on after it. Browsers send it by themselves.',
    schema: { type: 'string' },
  },
  IfMatchRequired: { ...ifMatch, required: true },
} as const satisfies Record<string, oas31.ParameterObject>;
