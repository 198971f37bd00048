// Owns the headers answers carry and which answers carry them. What every server sends (Date, Content-Type …) is not told.
import type { oas31 } from 'zod-openapi';
import type { Route } from '../route';

/** One answer of one operation. */
export interface AnswerSite {
  readonly method: Route['method'];
  /** As declared: `/syncs/:sync_id`, below the prefix unless no token is needed. */
  readonly path: string;
  readonly status: number;
  readonly needsToken: boolean;
  /** What the path names can be changed by a PATCH. */
  readonly isEditable: boolean;
  /** It is done once for each Idempotency-Key. */
  readonly takesKey: boolean;
  /** Its query has pages. */
  readonly isPaged: boolean;
}

interface AnswerHeader {
  readonly description: string;
  readonly schema: oas31.SchemaObject;
  readonly example?: string;
  /** Absent: it may be there. */
  readonly isAlwaysThere?: (site: AnswerSite) => boolean;
  readonly on: (site: AnswerSite) => boolean;
}

const isGood = ({ status }: AnswerSite): boolean => status < 300;
/** What is read, and stays the same until somebody changes it or for ever. */
const tagged: ReadonlySet<string> = new Set([
  '/syncs/:sync_id/runs/:run_id',
  '/syncs/:sync_id/schedule',
  '/alert-rules/:rule',
  '/syncs/:sync_id/alert-rules/:rule',
  // What it answers is the channel, as it is from then on.
  '/alert-channels/:channel_id/rotate-secret',
  '/api/v1/openapi.json',
  '/docs/:file',
]);
/** What goes on by itself: an answer says when there may be more. */
const changing: ReadonlySet<string> = new Set(['/syncs/:sync_id/runs/:run_id']);
const launching = /\/(trigger|retry)$/;

const answerHeaders = {
  'X-Request-Id': {
    description: 'The id of this request, in logs and problems too; yours, when you sent one.',
    schema: { type: 'string' },
    isAlwaysThere: () => true,
    on: () => true,
  },
  ETag: {
    description: 'The version of what was read: for `If-Match` of a change, and for `If-None-Match`.',
    schema: { type: 'string' },
    example: '"3"',
    on: (site) =>
      (isGood(site) || site.status === 304) &&
      site.method !== 'DELETE' &&
      (tagged.has(site.path) || site.isEditable),
  },
  Location: {
    description: 'The path of what was made.',
    schema: { type: 'string' },
    isAlwaysThere: () => true,
    on: ({ method, path, status }) =>
      method === 'POST' && (status === 201 || (status === 202 && launching.test(path))),
  },
  Link: {
    description: 'The next and previous pages (RFC 8288), where there are any.',
    schema: { type: 'string' },
    on: (site) => site.isPaged && isGood(site),
  },
  'Content-Disposition': {
    description: 'The name of the file that this is saved as.',
    schema: { type: 'string' },
    on: (site) => isGood(site) && site.path.endsWith('/export'),
  },
  'X-Total-Errors': {
    description:
      'How many row errors there are in the file, if it arrives whole; absent where counting them takes as long as reading them.',
    schema: { type: 'integer', minimum: 0 },
    on: (site) => isGood(site) && site.path.endsWith('/errors/export'),
  },
  'WWW-Authenticate': {
    description: 'What kind of token is missing (RFC 6750).',
    schema: { type: 'string' },
    isAlwaysThere: () => true,
    on: ({ status }) => status === 401 || status === 403,
  },
  'Retry-After': {
    description: 'Seconds after which asking again may help, or may have something new to tell.',
    schema: { type: 'integer', minimum: 0 },
    isAlwaysThere: ({ status }) => status === 429 || status === 503,
    on: (site) =>
      site.needsToken &&
      (site.status === 429 ||
        site.status === 503 ||
        site.status === 409 ||
        (isGood(site) && changing.has(site.path))),
  },
  'RateLimit-Policy': {
    description:
      'Which limit of the token this draws on: requests (`q`) in seconds (`w`). When the workspace has used up its own: that one.',
    schema: { type: 'string' },
    example: '"reads";q=600;w=60',
    on: ({ needsToken, status }) => needsToken && status !== 401,
  },
  RateLimit: {
    description: 'How it stands: requests that are left (`r`), and seconds until all are there again (`t`).',
    schema: { type: 'string' },
    example: '"reads";r=599;t=1',
    on: ({ needsToken, status }) => needsToken && status !== 401,
  },
  'Idempotency-Replayed': {
    description: '`true`: the request was done before; this is its answer of then.',
    schema: { type: 'string', const: 'true' },
    on: (site) => site.takesKey && isGood(site),
  },
} as const satisfies Record<string, AnswerHeader>;

/** The headers of one answer, as the document has them. */
export function headersOf(site: AnswerSite): oas31.HeadersObject {
  const names = Object.entries<AnswerHeader>(answerHeaders).filter(([, header]) => header.on(site));
  return Object.fromEntries(names.map(([name]) => [name, { $ref: `#/components/headers/${name}` }]));
}

/** Names of headers that this answer must have. */
export function promisedHeaders(site: AnswerSite): string[] {
  return Object.entries<AnswerHeader>(answerHeaders)
    .filter(([, header]) => header.on(site) && header.isAlwaysThere?.(site))
    .map(([name]) => name);
}

/** What `headersOf` points to. */
export function headerComponents(): Record<string, oas31.HeaderObject> {
  return Object.fromEntries(
    Object.entries<AnswerHeader>(answerHeaders).map(([name, { description, schema, example }]) => [
      name,
      { description, schema, ...(example === undefined ? {} : { example }) },
    ]),
  );
}
