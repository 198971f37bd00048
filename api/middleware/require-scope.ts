// Owns what a token may do: each route names the scope it needs.
import { type StoredToken, type TokenScope, tokenScopes } from '../../db/configuration/token-store';
import { scopeMissing } from '../errors';

/** Throws when a route does not say its scope: a forgotten one must not be open to everyone. */
export function assertScopeDeclared(route: { method: string; path: string; scope?: string }): void {
  if (!tokenScopes.includes(route.scope as TokenScope)) {
    throw new Error(`${route.method} ${route.path} declares no scope`);
  }
}

/** Ends the request with 403 when the token lacks the scope. */
export function requireScope(token: StoredToken, scope: TokenScope): void {
  if (!token.scopes.includes(scope)) throw scopeMissing(scope);
}
