// Owns how what a request carries beside its body is documented: ids in the path, query parameters, headers.
import { z } from 'zod';
import { createSchema, type oas31 } from 'zod-openapi';
import { type IdKind, idPrefixes } from '../../domain/ids';
import { shownSchema } from './shown-schema';

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

/** One for each key of a query's schema; what is not among them is refused. */
export function queryParameters(query: z.ZodType | undefined): oas31.ParameterObject[] {
  if (!query) return [];
  return Object.entries(shapeOf(query)).map(([name, schema]) => queryParameter(name, schema));
}

function queryParameter(name: string, schema: z.core.$ZodType): oas31.ParameterObject {
  const { core, isOptional, byDefault, told } = peeled(schema);
  const words = listOf(core);
  const { description, example, ...shown } = { ...inputSchema(words ?? flagOf(core) ?? core), ...told };
  return {
    name,
    in: 'query',
    ...(isOptional ? {} : { required: true }),
    ...(description === undefined ? {} : { description }),
    schema: { ...shown, ...(byDefault === undefined ? {} : { default: byDefault }) },
    ...(example === undefined ? {} : { example }),
    // Several words stand in one parameter, separated by commas.
    ...(words ? { style: 'form', explode: false } : {}),
  };
}

function inputSchema(schema: z.core.$ZodType): oas31.SchemaObject {
  return createSchema(schema, { io: 'input', opts: { override: shownSchema } }).schema as oas31.SchemaObject;
}

interface Peeled {
  readonly core: z.core.$ZodType;
  readonly isOptional: boolean;
  readonly byDefault: unknown;
  /** What the wrappers say of it. */
  readonly told: { readonly description?: string; readonly example?: unknown };
}

function peeled(schema: z.core.$ZodType): Peeled {
  const { def } = schema._zod as unknown as { def: { type: string; innerType?: z.core.$ZodType; defaultValue?: unknown } };
  if (!def.innerType || !['optional', 'default', 'prefault', 'readonly'].includes(def.type)) {
    return { core: schema, isOptional: false, byDefault: undefined, told: {} };
  }
  const inner = peeled(def.innerType);
  const { description, example } = z.globalRegistry.get(schema) ?? {};
  return {
    core: inner.core,
    isOptional: inner.isOptional || def.type !== 'readonly',
    byDefault: def.defaultValue ?? inner.byDefault,
    told: {
      ...inner.told,
      ...(description === undefined ? {} : { description }),
      ...(example === undefined ? {} : { example }),
    },
  };
}

/** Text that is cut into a list: the list. */
function listOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { out } = endsOf(schema);
  return schema._zod.def.type === 'pipe' && out._zod.def.type === 'array' ? out : undefined;
}

/** `true` and `false` as words: a yes or no. */
function flagOf(schema: z.core.$ZodType): z.core.$ZodType | undefined {
  const { from } = endsOf(schema);
  const { entries } = from._zod.def as unknown as { entries?: Record<string, unknown> };
  const isFlag = entries && Object.keys(entries).toSorted().join() === 'false,true';
  return isFlag && schema._zod.def.type === 'pipe' ? z.boolean() : undefined;
}

function endsOf(schema: z.core.$ZodType): { from: z.core.$ZodType; out: z.core.$ZodType } {
  const { def } = schema._zod as unknown as {
    def: { type: string; in?: z.core.$ZodType; out?: z.core.$ZodType };
  };
  if (!def.in || !def.out) return { from: schema, out: schema };
  return { from: endsOf(def.in).from, out: endsOf(def.out).out };
}

function shapeOf(schema: z.core.$ZodType): Readonly<Record<string, z.core.$ZodType>> {
  const { def } = schema._zod as unknown as {
    def: { shape?: Record<string, z.core.$ZodType>; in?: z.core.$ZodType; innerType?: z.core.$ZodType };
  };
  if (def.shape) return def.shape;
  const inner = def.in ?? def.innerType;
  if (!inner) throw new Error('a query has to be an object, so that its parameters can be named');
  return shapeOf(inner);
}

/** Headers that a request may, or must, carry. */
export function headerParameters(route: {
  readonly method: string;
  readonly problems?: readonly string[];
}): oas31.ReferenceObject[] {
  const names = [
    ...(route.method === 'POST' ? ['IdempotencyKey'] : []),
    ...(route.method === 'PATCH' ? ['IfMatchRequired'] : []),
    ...(route.method === 'DELETE' && route.problems?.includes('precondition_failed') ? ['IfMatch'] : []),
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
  IfMatchRequired: { ...ifMatch, required: true },
} as const satisfies Record<string, oas31.ParameterObject>;
