// Makes requests for the operations of the document that are wrong somewhere: path, query, headers, body or all of them.
import fc from 'fast-check';
import type { oas31 } from 'zod-openapi';
import { hostileBody, hostilePiece, hostileText, rawMarks } from './hostile-values';
import { type ValueSource, valuesOf } from './values-of-schema';

export interface BadRequest {
  readonly method: string;
  /** As it goes over the wire. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
}

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Requests for every operation of the document, each as often as any other. */
export function badRequests(source: ValueSource): fc.Arbitrary<BadRequest> {
  const operations = Object.entries(source.document.paths ?? {}).flatMap(([path, item]) =>
    methods.flatMap((method) => {
      const operation = item[method];
      return operation ? [requestsOf(source, method.toUpperCase(), path, operation)] : [];
    }),
  );
  return fc.oneof(...operations);
}

function requestsOf(
  source: ValueSource,
  method: string,
  path: string,
  operation: oas31.OperationObject,
): fc.Arbitrary<BadRequest> {
  const queries = (operation.parameters ?? []).filter(
    (parameter): parameter is oas31.ParameterObject => 'in' in parameter && parameter.in === 'query',
  );
  return fc
    .tuple(
      paths(source, method, path),
      queryTexts(source, queries),
      headersFor(method),
      bodies(source, operation),
    )
    .map(([filled, query, headers, body]) => ({
      method,
      path: filled + query,
      headers: body === null ? headers : { 'Content-Type': 'application/json', ...headers },
      body,
    }));
}

// What exists is found most of the time. It is never deleted: then nothing would be left to be found.
function paths({ ids }: ValueSource, method: string, path: string): fc.Arbitrary<string> {
  const pieces = path.split(/(\{\w+\})/).map((piece) => {
    const name = /^\{(\w+)\}$/.exec(piece)?.[1];
    if (name === undefined) return fc.constant(piece);
    const known = method === 'DELETE' ? undefined : ids[name];
    const unknown = fc.oneof(hostilePiece, fc.constantFrom('run_0', 'sync_0', 'src_0', 'x'.repeat(2_000)));
    return known === undefined
      ? unknown
      : fc.oneof({ weight: 6, arbitrary: fc.constant(known) }, { weight: 1, arbitrary: unknown });
  });
  return fc.tuple(...pieces).map((parts) => parts.join(''));
}

function queryTexts(source: ValueSource, queries: readonly oas31.ParameterObject[]): fc.Arbitrary<string> {
  const names = queries.map(({ name }) => name);
  const parameter =
    queries.length === 0
      ? fc.tuple(hostilePiece, hostilePiece)
      : fc.oneof(
          {
            weight: 6,
            arbitrary: fc.oneof(
              ...queries.map(({ name, schema }) =>
                valuesOf(source, schema, name).map((value): [string, string] => [
                  name,
                  encodeURIComponent(wellFormed(asText(value)).slice(0, 4_000)),
                ]),
              ),
            ),
          },
          { weight: 3, arbitrary: fc.tuple(fc.constantFrom(...names), hostilePiece) },
          { weight: 1, arbitrary: fc.tuple(hostilePiece, hostilePiece) },
        );
  return fc.oneof(
    { weight: 2, arbitrary: fc.constant('') },
    {
      weight: 5,
      arbitrary: fc
        .array(parameter, { minLength: 1, maxLength: 4 })
        .map((pairs) => `?${pairs.map((pair) => pair.join('=')).join('&')}`),
    },
    {
      weight: 1,
      arbitrary: fc.array(hostilePiece, { maxLength: 5 }).map((pieces) => `?${pieces.join('&')}`),
    },
  );
}

function headersFor(method: string): fc.Arbitrary<Record<string, string>> {
  const text = hostileText.map((value) => value.replaceAll(/[^\x20-\x7e\x80-\xff]/g, '?').slice(0, 2_000));
  const rarely = (arbitrary: fc.Arbitrary<string>) => fc.option(arbitrary, { freq: 12, nil: undefined });
  const mostly = (usual: string | undefined, ...others: string[]) =>
    fc.oneof(
      { weight: 12, arbitrary: fc.constant(usual) },
      { weight: 1, arbitrary: fc.constantFrom(...others) },
    );
  return fc
    .record({
      'Content-Type': mostly(
        undefined,
        'text/plain',
        'application/json; charset=utf-16',
        'application/xml',
        'multipart/form-data',
        '/',
        'json',
        'application/x-www-form-urlencoded',
        'application/vnd.api+json',
        'application/json;;;',
      ),
      'Content-Encoding': mostly(undefined, 'gzip', 'br', 'deflate', 'zstd', 'identity', 'gzip, gzip', 'x'),
      Accept: mostly(
        undefined,
        'text/event-stream',
        'text/csv',
        'application/x-ndjson',
        'image/png',
        '*/*;q=x',
        '',
      ),
      'Idempotency-Key': method === 'POST' ? rarely(text) : fc.constant(undefined),
      'If-Match': method === 'PATCH' ? mostly('*', '', '"', '"1"', 'W/"1"', '"1", "2"') : rarely(text),
      'If-None-Match': rarely(text),
      'Last-Event-ID': rarely(text),
      'X-Request-Id': rarely(text),
    })
    .map((headers) =>
      Object.fromEntries(
        Object.entries(headers).filter((entry): entry is [string, string] => entry[1] !== undefined),
      ),
    );
}

function bodies(source: ValueSource, { requestBody }: oas31.OperationObject): fc.Arbitrary<Buffer | null> {
  const schema =
    requestBody && 'content' in requestBody ? requestBody.content['application/json']?.schema : undefined;
  if (!schema)
    return fc.oneof({ weight: 9, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: hostileBody });
  return fc.oneof(
    { weight: 8, arbitrary: valuesOf(source, schema).map(asJson) },
    { weight: 1, arbitrary: hostileBody },
  );
}

function asJson(value: unknown): Buffer {
  let text = JSON.stringify(value);
  for (const [mark, raw] of Object.entries(rawMarks)) text = text.replaceAll(`"${mark}"`, raw);
  return Buffer.from(text);
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function wellFormed(text: string): string {
  return Buffer.from(text).toString();
}
