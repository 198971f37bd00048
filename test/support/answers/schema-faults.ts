// Owns checking values against schemas as they stand in the document, with a validator that knows JSON Schema alone.
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import type { oas31 } from 'zod-openapi';

type Schema = oas31.SchemaObject | oas31.ReferenceObject;

/** What is wrong with a value, in words; a schema that is not there allows anything. */
export type SchemaFaults = (schema: Schema | undefined, value: unknown) => string[];

/** Compiles each schema once, at its first value. */
export function schemaFaultsOf({ components }: oas31.OpenAPIObject): SchemaFaults {
  // Strict: a keyword that means nothing to JSON Schema is a mistake of ours. These are OpenAPI's own.
  const ajv = new Ajv2020({ strict: true, allErrors: true, allowUnionTypes: true, strictRequired: false });
  addFormats(ajv);
  ajv.addVocabulary(['example', 'discriminator', 'components']);
  const compiled = new Map<Schema, ValidateFunction>();
  return (schema, value) => {
    if (!schema) return [];
    let check = compiled.get(schema);
    if (!check) {
      // References begin at the document's root.
      check = ajv.compile({ ...schema, components });
      compiled.set(schema, check);
    }
    if (check(value)) return [];
    return (check.errors ?? []).map(
      ({ instancePath, message, params }) =>
        `${instancePath || 'the body'}: ${message ?? ''} ${JSON.stringify(params)} (document)`,
    );
  };
}
