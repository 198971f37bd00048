// Owns judging an answer by the document: status, media type, body, headers. An answer it does not describe is a fault.
import type { z } from 'zod';
import { formsOf } from '../../../api/openapi/operation';
import { problemAnswer } from '../../../api/problems/answers';
import type { DocumentedApi, DocumentedOperation } from './documented-api';
import type { SchemaFaults } from './schema-faults';

/** A request and what it was answered with. */
export interface Exchange {
  readonly method: string;
  /** Without its query. */
  readonly path: string;
  readonly status: number;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  /** Null: too much to be kept; only the rest is judged. */
  readonly body: Buffer | null;
}

// What every HTTP server sends, and what every answer of ours has alike (api/create-app.ts); 405 brings Allow.
const untold: ReadonlySet<string> = new Set([
  'date',
  'connection',
  'keep-alive',
  'transfer-encoding',
  'vary',
  'allow',
  'content-type',
  'content-length',
  'content-encoding',
  'cache-control',
  'x-content-type-options',
  'content-security-policy',
  'cross-origin-resource-policy',
  'referrer-policy',
  // For proxies, of a stream.
  'x-accel-buffering',
]);

const problemType = 'application/problem+json';

/** What is wrong with it, in words; empty when it is as documented. */
export function faultsOfAnswer(api: DocumentedApi, schemaFaults: SchemaFaults, exchange: Exchange): string[] {
  const operation = api.find(exchange.method, exchange.path);
  if (!operation) return faultsOfStray(exchange);
  const response = operation.response(exchange.status);
  if (!response) return ['the document has no such status here'];
  const allowed = Object.keys(response.content ?? {});
  const type = mediaTypeOf(exchange);
  const faults = [...headerFaults(operation, Object.keys(response.headers ?? {}), exchange)];
  if (isEmpty(exchange)) {
    // An export of nothing has no line.
    const isText = allowed.includes(type) && !/[/+]json$/.test(type);
    const mayBeEmpty = allowed.length === 0 || isText || exchange.method === 'HEAD';
    return mayBeEmpty ? faults : [...faults, `there is no body, of ${allowed.join(' or ')}`];
  }
  if (!allowed.includes(type)) {
    return [...faults, `the body is ${type || 'of no type'}, not ${allowed.join(' or ') || 'empty'}`];
  }
  if (exchange.body === null || !/[/+]json$/.test(type)) return faults;
  const value: unknown = JSON.parse(exchange.body.toString());
  return [
    ...faults,
    ...zodFaults(operation, exchange.status, type, value),
    ...schemaFaults(response.content?.[type]?.schema, value),
  ];
}

/** Where the document has no operation there is a problem to tell. */
function faultsOfStray({ method, status, headers, body }: Exchange): string[] {
  if (status < 400) return ['the document does not have this path and method'];
  if (headers['content-type'] !== problemType) return [`the body is not ${problemType}`];
  if (method === 'HEAD' || body === null) return [];
  return issuesOf(problemAnswer, JSON.parse(body.toString()));
}

function zodFaults(operation: DocumentedOperation, status: number, type: string, value: unknown): string[] {
  if (type === problemType) return issuesOf(problemAnswer, value);
  const schemas = formsOf(operation.answers?.[status]).filter(
    (form) => form !== null && !('mediaType' in form),
  );
  const found = schemas.map((schema) => issuesOf(schema as z.ZodType, value));
  return found.some((faults) => faults.length === 0) ? [] : found.flat();
}

function issuesOf(schema: z.ZodType, value: unknown): string[] {
  const { error } = schema.safeParse(value);
  return (error?.issues ?? []).map(({ path, message }) => `${path.join('.') || 'the body'}: ${message}`);
}

function headerFaults(operation: DocumentedOperation, documented: string[], exchange: Exchange): string[] {
  const known = new Set(documented.map((name) => name.toLowerCase()));
  const strange = Object.keys(exchange.headers).filter((name) => !untold.has(name) && !known.has(name));
  const missing = operation
    .promised(exchange.status)
    .filter((name) => !(name.toLowerCase() in exchange.headers));
  return [
    ...strange.map((name) => `the document does not have the header ${name} here`),
    ...missing.map((name) => `the header ${name} is missing`),
  ];
}

function isEmpty({ body }: Exchange): boolean {
  return body !== null && body.length === 0;
}

function mediaTypeOf({ headers }: Exchange): string {
  return (headers['content-type'] ?? '').split(';')[0]?.trim() ?? '';
}
