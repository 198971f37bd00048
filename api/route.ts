// Owns how a resource declares its routes: method, path, scope, schemas, handler. Does not dispatch them.
import type { z } from 'zod';
import type { TokenScope } from '../db/configuration/token-store';

/** What a handler is given: everything checked, ids of the right form, the workspace from the token. */
export interface RouteRequest<Query, Body> {
  readonly workspaceId: string;
  readonly tokenId: string;
  readonly requestId: string;
  readonly query: Query;
  readonly body: Body;
  /** An id from the path; `param('sync_id')`. */
  param(name: string): string;
}

/** `status` defaults to 200; `body` becomes JSON, null is none (204). */
export interface RouteAnswer {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
}

/** One route below /api/v1. Parameters named `<kind>_id` must have the form of such an id, else it is 404. */
export interface RouteDefinition<Query, Body> {
  readonly method: 'GET' | 'POST' | 'PUT' | 'DELETE';
  readonly path: string;
  readonly scope: TokenScope;
  /** Query parameters; absent: none are allowed. */
  readonly query?: z.ZodType<Query>;
  /** JSON body of a POST or PUT; absent: it must be empty. */
  readonly body?: z.ZodType<Body>;
  readonly handle: (request: RouteRequest<Query, Body>) => Promise<RouteAnswer>;
}

export type Route = RouteDefinition<unknown, unknown>;

/** Ties the types of a route's schemas to its handler. */
export function route<Query = unknown, Body = unknown>(definition: RouteDefinition<Query, Body>): Route {
  return definition as Route;
}
