// Owns the configuration of an HTTP destination: its wire form, its limits and every fault in it. Makes no call.
import { z } from 'zod';
import { credentialsIn, isCredential } from '../../../domain/credentials';
import { failureOf } from '../../../domain/failure';
import { ConnectorFailure } from '../../connector-failure';
import type { Connection } from '../../connection';
import { hiddenTexts } from '../../http/hidden-texts';
import { headerFaults, lowerCased, secretParts } from './http-headers';

const address = z.string().check((context) => {
  const fault = addressFault(context.value);
  if (fault) context.issues.push({ code: 'custom', message: fault, input: context.value });
});
const fieldName = z.string().min(1);
// A status may be a word, a number (201) or a flag (true); all are compared as text.
const statusValues = z
  .array(z.union([z.string(), z.number(), z.boolean()]))
  .transform((values) => values.map(String))
  .default([]);
const headers = z.record(z.string(), z.string()).default({});

const requestSchema = z.strictObject({
  /** Field of the body that holds the rows; null: the body is the bare array. */
  rows_field: fieldName.nullable().default(null),
  /** Field added to every row with `create`, `update` or `delete`; null adds none. */
  operation_field: fieldName.nullable().default(null),
});

const responseSchema = z
  .strictObject({
    /** Path of the list of results, e.g. `results` or `data.results`; null: the answer is the bare list. */
    results_field: fieldName.nullable().default(null),
    /** How a result finds its row; null: there are no results per row and any 2xx accepts all rows. */
    match_by: z.enum(['index', 'key']).nullable().default(null),
    /** Path of the row key in a result, one for each key column; null: the key's own field names. */
    key_field: z.union([fieldName.transform((name) => [name]), z.array(fieldName).min(1)]).nullish(),
    /** Path of the status in a result; null: a result without errors is accepted. */
    status_field: fieldName.nullable().default(null),
    // A status listed under several of these is told apart by what the plan says of the row.
    created_values: statusValues,
    updated_values: statusValues,
    deleted_values: statusValues,
    skipped_values: statusValues,
    errors_field: fieldName.nullable().default(null),
    message_field: fieldName.nullable().default(null),
    field_field: fieldName.nullable().default(null),
    code_field: fieldName.nullable().default(null),
  })
  .check((context) => {
    const fault = responseFault(context.value);
    if (fault) context.issues.push({ code: 'custom', message: fault, input: context.value });
  });

/**
 * The wire form of an HTTP destination's `config`. Unknown keys are faults. How slow a pace may be is the API's to say:
 * what was stored before it had a floor goes on.
 */
export const httpConfigSchema = z.strictObject({
  url: address,
  method: z.enum(['POST', 'PUT', 'PATCH']).default('POST'),
  delete_url: address.nullable().default(null),
  delete_method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']).default('POST'),
  // 500: half of what common batch endpoints take, and a tenth of a second of work for most of them.
  batch_rows: z.int().min(1).max(10_000).default(500),
  // 3: four give nine tenths of what sixteen give against a fast server, and three a little less. Calls in flight when
  // credentials expire cannot be taken back: no more than three are refused then.
  concurrency: z.int().min(1).max(64).default(3),
  // 30 s: load balancers give up a request after 30 to 60 s, so waiting longer brings no answer.
  timeout_seconds: z.number().min(0.1).max(600).default(30),
  rows_per_second: z.number().positive().nullable().default(null),
  requests_per_second: z.number().positive().nullable().default(null),
  /** Public headers of every call; credentials belong into `secrets.headers`. */
  headers,
  request: requestSchema.prefault({}),
  response: responseSchema.nullable().prefault({}),
});

/** The wire form of an HTTP destination's `secrets`. */
const httpSecretsSchema = z.strictObject({ headers });

/** How results per row are found in an answer. */
export interface ResultRules {
  readonly resultsField: string | null;
  readonly matchBy: 'index' | 'key';
  readonly keyFields: readonly string[] | null;
  readonly statusField: string | null;
  readonly createdValues: readonly string[];
  readonly updatedValues: readonly string[];
  readonly deletedValues: readonly string[];
  readonly skippedValues: readonly string[];
}

/** Where an answer keeps the words of a refusal; null: nowhere. */
export interface ErrorFields {
  readonly errors: string | null;
  readonly message: string | null;
  readonly field: string | null;
  readonly code: string | null;
}

/** A checked configuration. `headers` holds the secret ones too: never to be logged. */
export interface HttpConfig {
  readonly url: string;
  readonly method: 'POST' | 'PUT' | 'PATCH';
  readonly deleteUrl: string | null;
  readonly deleteMethod: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly batchRows: number;
  readonly concurrency: number;
  readonly timeoutMs: number;
  readonly rowsPerSecond: number | null;
  readonly requestsPerSecond: number | null;
  readonly headers: Readonly<Record<string, string>>;
  /** Texts that must not show up in any message. */
  readonly secretTexts: readonly string[];
  readonly rowsField: string | null;
  readonly operationField: string | null;
  /** Null: no results per row are configured. */
  readonly results: ResultRules | null;
  readonly errorFields: ErrorFields;
}

/** Checks a stored connection; throws destination_misconfigured with every fault at once. */
export function readHttpConfig(connection: Connection): HttpConfig {
  const config = httpConfigSchema.safeParse(connection.config);
  const secrets = httpSecretsSchema.safeParse(connection.secrets);
  const faults = [
    ...(config.success ? headerFaults('headers', config.data.headers) : issuesOf('', config.error)),
    ...(secrets.success
      ? headerFaults('secrets.headers', secrets.data.headers)
      : issuesOf('secrets.', secrets.error)),
  ];
  if (!config.success || !secrets.success || faults.length > 0) {
    throw new ConnectorFailure(failureOf('destination_misconfigured', faults.join('; ')));
  }
  return fromWire(config.data, secrets.data);
}

function fromWire(
  wire: z.output<typeof httpConfigSchema>,
  secrets: z.output<typeof httpSecretsSchema>,
): HttpConfig {
  const response = wire.response;
  // The API refuses them there; what was stored before it did goes on, and is kept out of messages like the others.
  const inClear = [
    ...[wire.url, wire.delete_url ?? ''].flatMap(credentialsIn).map(({ value }) => value),
    ...Object.entries(wire.headers).flatMap(([name, value]) => (isCredential(name, value) ? [value] : [])),
  ];
  return {
    url: wire.url,
    method: wire.method,
    deleteUrl: wire.delete_url,
    deleteMethod: wire.delete_method,
    batchRows: wire.batch_rows,
    concurrency: wire.concurrency,
    timeoutMs: wire.timeout_seconds * 1000,
    rowsPerSecond: wire.rows_per_second,
    requestsPerSecond: wire.requests_per_second,
    headers: { ...lowerCased(wire.headers), ...lowerCased(secrets.headers) },
    secretTexts: hiddenTexts([...Object.values(secrets.headers), ...inClear].flatMap(secretParts)),
    rowsField: wire.request.rows_field,
    operationField: wire.request.operation_field,
    results: response?.match_by
      ? {
          resultsField: response.results_field,
          matchBy: response.match_by,
          keyFields: response.key_field ?? null,
          statusField: response.status_field,
          createdValues: response.created_values,
          updatedValues: response.updated_values,
          deletedValues: response.deleted_values,
          skippedValues: response.skipped_values,
        }
      : null,
    errorFields: {
      errors: response?.errors_field ?? null,
      message: response?.message_field ?? null,
      field: response?.field_field ?? null,
      code: response?.code_field ?? null,
    },
  };
}

function addressFault(text: string): string | null {
  if (!URL.canParse(text)) return 'is not an address like https://api.example.com/contacts';
  const url = new URL(text);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return 'must begin with http:// or https://';
  // The address is shown in answers of the API; a password in it would be shown too.
  if (url.username || url.password) return 'must not hold a user or password: use secrets.headers';
  return null;
}

function responseFault(response: z.output<typeof responseSchema>): string | null {
  if (response.match_by === null) {
    // Taking every 2xx as accepted although results are described would be a false success.
    const described = response.results_field ?? response.status_field ?? response.key_field;
    return described == null ? null : 'match_by is missing: say "index" or "key"';
  }
  if (response.status_field === null && response.errors_field === null) {
    return 'a result per row needs status_field or errors_field';
  }
  const { created_values: created, updated_values: updated } = response;
  if (response.status_field !== null && created.length + updated.length === 0) {
    return 'status_field needs created_values or updated_values';
  }
  return null;
}

function issuesOf(prefix: string, error: z.ZodError): string[] {
  return error.issues.map((issue) => `${prefix}${issue.path.join('.') || 'config'}: ${issue.message}`);
}
