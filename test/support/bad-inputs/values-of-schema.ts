// Makes values from a schema of the document: mostly what it asks for, so that the hostile part is reached.
import fc from 'fast-check';
import type { oas31 } from 'zod-openapi';
import { hostileJson, hostileText } from './hostile-values';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;

/** What schemas are read with. */
export interface ValueSource {
  readonly document: oas31.OpenAPIObject;
  /** Ids that exist, by the name of the key or parameter they stand in. */
  readonly ids: Readonly<Record<string, string>>;
}

// One value in eight is wrong: a body of ten keys is then right about once in four times and rarely wrong all over.
const rightWeight = 7;

/** Values for a schema, right or wrong, at each of its places. */
export function valuesOf(source: ValueSource, schema: Schema | undefined, name = ''): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: rightWeight, arbitrary: rightValues(source, schema ?? {}, name) },
    { weight: 1, arbitrary: hostileJson },
  );
}

function rightValues(source: ValueSource, given: Schema, name: string): fc.Arbitrary<unknown> {
  const schema = resolved(source, given);
  const known = source.ids[name];
  if (known !== undefined) return fc.constant(known);
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as unknown[]));
  const choices = schema.oneOf ?? schema.anyOf;
  if (choices) return fc.oneof(...choices.map((choice) => rightValues(source, choice, name)));
  if (schema.allOf) return rightValues(source, schema.allOf[0] ?? {}, name);
  const types = ([] as unknown[]).concat(schema.type ?? []);
  if (types.length > 1) {
    return fc.oneof(...types.map((type) => rightValues(source, { ...schema, type: type as 'string' }, name)));
  }
  return ofType(source, schema, types[0]);
}

function ofType(source: ValueSource, schema: oas31.SchemaObject, type: unknown): fc.Arbitrary<unknown> {
  switch (type) {
    case 'null':
      return fc.constant(null);
    case 'boolean':
      return fc.boolean();
    case 'integer':
      return fc.oneof(bound(schema), fc.integer(range(schema)));
    case 'number':
      return fc.oneof(bound(schema), fc.double({ noNaN: true, ...range(schema) }));
    case 'array':
      return fc.array(valuesOf(source, schema.items), { minLength: 1, maxLength: 3 });
    case 'object':
      return objects(source, schema);
    case 'string':
      return texts(schema);
    default:
      return hostileJson;
  }
}

function range({ minimum = -5, maximum = minimum + 1_000 }: oas31.SchemaObject): {
  min: number;
  max: number;
} {
  return { min: minimum, max: Math.max(minimum, Math.min(maximum, 2 ** 31 - 1)) };
}

// The limits themselves, and one beyond each.
function bound({ minimum, maximum }: oas31.SchemaObject): fc.Arbitrary<number> {
  const limits = [minimum, maximum].filter((limit): limit is number => typeof limit === 'number');
  return limits.length === 0
    ? fc.constant(0)
    : fc.constantFrom(...limits.flatMap((at) => [at - 1, at, at + 1]));
}

function objects(source: ValueSource, schema: oas31.SchemaObject): fc.Arbitrary<unknown> {
  const required = new Set(schema.required ?? []);
  const entries = Object.entries(schema.properties ?? {}).map(([name, value]) => [
    name,
    valuesOf(source, value, name),
  ]);
  const declared = fc.record(Object.fromEntries(entries) as Record<string, fc.Arbitrary<unknown>>, {
    requiredKeys: [...required],
  });
  const strange = fc.dictionary(hostileText, hostileJson, { minKeys: 1, maxKeys: 2 });
  return fc.oneof(
    { weight: 9, arbitrary: declared },
    { weight: 1, arbitrary: fc.tuple(declared, strange).map(([one, other]) => ({ ...one, ...other })) },
  );
}

function texts(schema: oas31.SchemaObject): fc.Arbitrary<unknown> {
  const most = Math.min(schema.maxLength ?? 100, 1_000);
  return fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('name', 'a.b', 'postgres://u@h/d', 'https://h.invalid/x') },
    { weight: 2, arbitrary: fc.constantFrom('2025-01-15T09:00:00Z', 'x'.repeat(most), 'x'.repeat(most + 1)) },
    { weight: 2, arbitrary: hostileText },
  );
}

function resolved({ document }: ValueSource, schema: Schema): oas31.SchemaObject {
  if (!('$ref' in schema)) return schema;
  const name = schema.$ref.replace('#/components/schemas/', '');
  return (document.components?.schemas?.[name] ?? {}) as oas31.SchemaObject;
}
