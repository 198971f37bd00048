// Owns how a query's schema is documented: on the wire all of it is text, a reader is told what the text has to be.
import { z } from 'zod';
import { createSchema, type oas31 } from 'zod-openapi';
import { shownSchema } from './shown-schema';

/** One for each key of a query's schema; what is not among them is refused. */
export function queryParameters(query: z.ZodType | undefined): oas31.ParameterObject[] {
  if (!query) return [];
  return Object.entries(shapeOf(query)).map(([name, schema]) => queryParameter(name, schema));
}

function queryParameter(name: string, schema: z.core.$ZodType): oas31.ParameterObject {
  const { core, isOptional, byDefault, told } = peeled(schema);
  const words = listOf(core);
  const shape = inputSchema(words ?? flagOf(core) ?? core);
  const { description, example, ...shown } = { ...(isNumber(core) ? asNumber(shape) : shape), ...told };
  return {
    name,
    in: 'query',
    ...(isOptional ? {} : { required: true }),
    ...(description === undefined ? {} : { description }),
    schema: { ...shown, ...(byDefault === undefined ? {} : { default: byDefault }) },
    ...(example === undefined ? {} : { example: exampleIn(shown, example) }),
    // Several words stand in one parameter, separated by commas.
    ...(words ? { style: 'form', explode: false } : {}),
  };
}

// Given as it stands in the address: of several words the list, of a number the number.
function exampleIn({ type }: oas31.SchemaObject, example: unknown): unknown {
  if (typeof example !== 'string') return example;
  if (type === 'array') return example.split(',');
  return type === 'integer' || type === 'number' ? Number(example) : example;
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
  const { def } = schema._zod as unknown as {
    def: { type: string; innerType?: z.core.$ZodType; defaultValue?: unknown };
  };
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

/** Text that becomes a number. */
function isNumber(schema: z.core.$ZodType): boolean {
  const { transform } = endsOf(schema).out._zod.def as unknown as { transform?: unknown };
  return schema._zod.def.type === 'pipe' && transform === Number;
}

// On the wire a query parameter is text; a reader is told which numbers its pattern allows.
function asNumber(shown: oas31.SchemaObject): oas31.SchemaObject {
  if (shown.type !== 'string') return shown;
  const { pattern = '', ...rest } = shown;
  const allows = new RegExp(pattern);
  const isNatural = !allows.test('-1') && !('minimum' in rest);
  return { ...rest, type: allows.test('0.5') ? 'number' : 'integer', ...(isNatural ? { minimum: 0 } : {}) };
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
