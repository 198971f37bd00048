// Owns what the API takes as an HTTP destination's config and secrets. The worker's connector checks it once more.
import { z } from 'zod';
import { credentialsIn, isCredential } from '../../domain/credentials';
import { leastPerSecond, longestBatchSeconds, tooSlowSeconds } from '../../domain/pace';
import { httpAddress } from '../configuration/http-address';
import { text } from '../fields';

const fieldName = text(200);
const optionalField = fieldName.nullable().default(null);
// A status may be a word, a number (201) or a flag (true); all are compared as text.
const statusValues = z
  .array(z.union([text(200), z.number(), z.boolean()]).transform(String))
  .max(100)
  .default([]);

const address = httpAddress('Must not hold a user or password: use secrets.headers.');

// Both set by the call itself: a header that changes the connection would break it.
const ownHeaders = new Set(
  'content-length host idempotency-key accept-encoding connection keep-alive transfer-encoding upgrade expect te trailer'.split(
    ' ',
  ),
);

// As much as servers take: with more each of its calls would be refused.
const mostHeaderCharacters = 16_000;

function headersOf(areSecret: boolean) {
  return z.record(z.string(), z.string().max(8_000)).check((context) => {
    const characters = Object.entries(context.value).reduce((sum, pair) => sum + pair.join('').length, 0);
    if (characters > mostHeaderCharacters) {
      const message = `Must have ${mostHeaderCharacters} characters together at most.`;
      context.issues.push({ code: 'custom', message, input: '' });
    }
    for (const [name, value] of Object.entries(context.value)) {
      const fault = headerFault(name, value, areSecret);
      // The value is not repeated in the answer: it may be a secret.
      if (fault) context.issues.push({ code: 'custom', message: fault, path: [name], input: '' });
    }
  });
}

const pace = z.number().min(leastPerSecond);

const request = z.strictObject({ rows_field: optionalField, operation_field: optionalField });

const response = z
  .strictObject({
    results_field: optionalField,
    match_by: z.enum(['index', 'key']).nullable().default(null),
    key_field: z.union([fieldName.transform((name) => [name]), z.array(fieldName).min(1).max(100)]).nullish(),
    status_field: optionalField,
    created_values: statusValues,
    updated_values: statusValues,
    deleted_values: statusValues,
    skipped_values: statusValues,
    errors_field: optionalField,
    message_field: optionalField,
    field_field: optionalField,
    code_field: optionalField,
  })
  .check((context) => {
    const fault = responseFault(context.value);
    if (fault) context.issues.push({ code: 'custom', ...fault, input: context.value });
  });

const fields = {
  url: address,
  method: z.enum(['POST', 'PUT', 'PATCH']),
  delete_url: address.nullable(),
  delete_method: z.enum(['POST', 'PUT', 'PATCH', 'DELETE']),
  batch_rows: z.int().min(1).max(10_000),
  concurrency: z.int().min(1).max(64),
  timeout_seconds: z.number().min(0.1).max(600),
  rows_per_second: pace.nullable(),
  requests_per_second: pace.nullable(),
  headers: headersOf(false),
  request,
  response: response.nullable(),
};

/** Public part as it is stored; unknown keys are faults, defaults are spelled out. */
export const httpConfig = z
  .strictObject({
    url: fields.url,
    method: fields.method.default('POST'),
    delete_url: fields.delete_url.default(null),
    delete_method: fields.delete_method.default('POST'),
    batch_rows: fields.batch_rows.default(500),
    concurrency: fields.concurrency.default(3),
    timeout_seconds: fields.timeout_seconds.default(30),
    rows_per_second: fields.rows_per_second.default(null),
    requests_per_second: fields.requests_per_second.default(null),
    headers: fields.headers.default({}),
    request: fields.request.prefault({}),
    response: fields.response.prefault({}),
  })
  .check((context) => {
    const { batch_rows: rows, rows_per_second: input } = context.value;
    const seconds = tooSlowSeconds(rows, input);
    if (seconds === null) return;
    const message = `A batch of ${rows} rows would take ${seconds} s, and ${longestBatchSeconds} s is the most: lower batch_rows, or raise this.`;
    context.issues.push({ code: 'custom', message, path: ['rows_per_second'], input });
  });

/** The same as it is given: what was stored before addresses were looked through goes on. */
export const newHttpConfig = httpConfig.check(openAddresses);

/** Addresses that are given for stored ones. */
export const newHttpAddresses = z
  .looseObject({ url: z.string().optional(), delete_url: z.string().nullish() })
  .check(openAddresses);

// They are shown, and stand in the logs of whoever is called.
function openAddresses(
  context: z.core.ParsePayload<{
    readonly url?: string | undefined;
    readonly delete_url?: string | null | undefined;
  }>,
): void {
  for (const key of ['url', 'delete_url'] as const) {
    const [credential] = credentialsIn(context.value[key] ?? '');
    if (!credential) continue;
    const message = `Has a credential in its query ("${credential.name}"): leave it out, and send it in a header of secrets.headers.`;
    context.issues.push({ code: 'custom', message, path: [key], input: '' });
  }
}

/** Any of the public part: what is to be different. */
export const httpConfigPatch = z.strictObject(fields).partial();

/** Sealed part: headers that hold credentials; null when there are none, which is nothing to seal. */
export const httpSecrets = z
  .strictObject({ headers: headersOf(true).default({}) })
  .transform((secrets) => (Object.keys(secrets.headers).length === 0 ? null : secrets));

function headerFault(name: string, value: string, isSecret: boolean): string | null {
  const lower = name.toLowerCase();
  if (!/^[!#$%&'*+.^_`|~\w-]{1,200}$/.test(name)) return 'Is not a header name.';
  if (!/^[\t\x20-\x7e\x80-\xff]*$/.test(value)) return 'Holds a character that no header may hold.';
  if (ownHeaders.has(lower)) return 'Is set by the call itself.';
  if (isSecret && value.trim() === '') return 'Must not be empty.';
  if (!isSecret && isCredential(name, value)) return `Is a credential: put it into secrets.headers.${name}.`;
  return null;
}

function responseFault(rules: z.output<typeof response>): { message: string; path: string[] } | null {
  if (rules.match_by === null) {
    // Taking every 2xx as accepted although results are described would be a false success.
    const described = rules.results_field ?? rules.status_field ?? rules.key_field;
    return described == null ? null : { message: 'Must be "index" or "key".', path: ['match_by'] };
  }
  if (rules.status_field === null && rules.errors_field === null) {
    return { message: 'A result per row needs status_field or errors_field.', path: ['status_field'] };
  }
  if (rules.status_field !== null && rules.created_values.length + rules.updated_values.length === 0) {
    return { message: 'status_field needs created_values or updated_values.', path: ['created_values'] };
  }
  return null;
}
