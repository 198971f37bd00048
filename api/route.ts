// Owns how a resource declares its routes: method, path, scope, schemas, handler. Does not dispatch them.
import type { z } from 'zod';
import type { TokenScope } from '../db/configuration/token-store';
import type { ProblemCode } from './problems/problems';

/** What a handler is given: everything checked, ids of the right form, the workspace from the token. */
export interface RouteRequest<Query, Body> {
  readonly workspaceId: string;
  readonly tokenId: string;
  readonly requestId: string;
  readonly query: Query;
  readonly body: Body;
  /** An id from the path; `param('sync_id')`. */
  param(name: string): string;
  /** A header of the request, '' when it was not sent. */
  header(name: string): string;
  /**
   * Which of these media types the caller likes best, the first when it has no wish; false: it takes none of them. The
   * answer then says that it varies with `Accept`.
   */
  accepts(...mediaTypes: readonly string[]): string | false;
}

/**
 * `status` defaults to 200; `body` becomes JSON, null is none (204), a stream is sent as it comes and names its type in
 * `headers`. With `etag` (unquoted) a GET that has it already is answered 304.
 */
export interface RouteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly etag?: string;
  readonly body: unknown;
}

/** What a route may answer: JSON of a schema, nothing, or text of another media type. */
export type AnswerForm = z.ZodType | null | { readonly mediaType: string };

/** The parts of the API, as its documentation groups them. */
export type RouteTag =
  | 'Sources'
  | 'Models'
  | 'Destinations'
  | 'Syncs'
  | 'Schedules'
  | 'Runs'
  | 'Row errors'
  | 'Insights'
  | 'Alerts'
  | 'Tokens';

/** One route below /api/v1. Parameters named `<kind>_id` must have the form of such an id, else it is 404. */
export interface RouteDefinition<Query, Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly path: string;
  readonly scope: TokenScope;
  readonly tag?: RouteTag;
  /** One line for the documentation, as a sentence without its full stop. */
  readonly summary?: string;
  /** What it answers when all is well, by status; several forms where the caller chooses. */
  readonly answers?: Readonly<Record<number, AnswerForm | readonly AnswerForm[]>>;
  /**
   * A POST that changes nothing: it is done each time it is sent, and does not look at an Idempotency-Key.
   */
  readonly isSafe?: true;
  /** Draws on a limit of its own; absent: on that of reads (GET) or of writes. */
  readonly limit?: 'triggers';
  /** Problems of its own, beside those every route may answer. */
  readonly problems?: readonly ProblemCode[];
  /** Query parameters; absent: none are allowed. */
  readonly query?: z.ZodType<Query>;
  /** JSON body of a POST, PUT or PATCH; absent: it must be empty. */
  readonly body?: z.ZodType<Body>;
  readonly handle: (request: RouteRequest<Query, Body>) => Promise<RouteAnswer>;
}

export type Route = RouteDefinition<unknown, unknown>;

/** Whether sending it again under its Idempotency-Key gives the first answer. The dispatch and the document ask here. */
export function takesKey({ method, isSafe }: Pick<Route, 'method' | 'isSafe'>): boolean {
  return method === 'POST' && !isSafe;
}

/** Ties the types of a route's schemas to its handler. */
export function route<Query = unknown, Body = unknown>(definition: RouteDefinition<Query, Body>): Route {
  return definition as Route;
}
