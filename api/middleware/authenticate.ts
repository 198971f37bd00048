// Owns who is asking: a bearer token, looked up by its hash, its use noted now and then. What it may do is require-scope's.
import type { TokenStore } from '../../db/configuration/token-store';
import type { ApiContext, Next } from '../api-context';
import { unauthenticated } from '../errors';

/** Leaves the token on the request, or ends it with 401. */
export function authenticate(tokens: TokenStore) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    const header = ctx.get('Authorization');
    if (header === '') throw unauthenticated('Send a token: Authorization: Bearer <token>.');
    const presented = /^Bearer +([\x21-\x7e]+)$/i.exec(header)?.[1];
    if (presented === undefined) throw unauthenticated('The Authorization header must be: Bearer <token>.');
    const token = await tokens.findByToken(presented);
    if (!token) throw unauthenticated('The token is unknown, has expired or has been revoked.');
    if (token.isUseDue) await tokens.noteUse(token.id);
    ctx.state.token = token;
    await next();
  };
}
