// Owns the routes of tokens: made with a secret that is shown once, read without it, revoked for good.
import type { Knex } from 'knex';
import { LastAdminTokenError, TokenStore } from '../../db/configuration/token-store';
import { findToken, tokenList, type TokenView } from '../../db/views/tokens-view';
import { ApiError, notFound, scopeMissing, unprocessable } from '../errors';
import { configurationQuery } from '../fields';
import { paged, pageRequest } from '../lists/paged';
import { type Route, route } from '../route';
import { wireTime } from '../wire-time';
import { newTokenAnswer, tokenAnswer, tokenListAnswer } from './answers';
import { presentToken } from './presenter';
import { newToken } from './schema';
import { newTokenSecret } from './token-secret';

export interface TokenRoutesDependencies {
  readonly knex: Knex;
}

export function tokenRoutes({ knex }: TokenRoutesDependencies): Route[] {
  const tokens = new TokenStore(knex);
  return [
    route({
      method: 'GET',
      path: '/tokens',
      scope: 'admin',
      tag: 'Tokens',
      summary: 'List tokens, expired and revoked ones too',
      query: configurationQuery,
      answers: { 200: tokenListAnswer },
      async handle({ workspaceId, query }) {
        const request = pageRequest(query);
        return { body: paged(await tokenList(knex, workspaceId, query, request), request, presentToken) };
      },
    }),
    route({
      method: 'POST',
      path: '/tokens',
      scope: 'admin',
      tag: 'Tokens',
      summary: 'Create a token; its secret is shown this once',
      body: newToken,
      answers: { 201: newTokenAnswer },
      problems: ['name_taken', 'scope_missing', 'unprocessable'],
      async handle({ workspaceId, tokenId, body }) {
        const { name, scopes, expires_at: expiresAt } = body;
        const maker = await find(workspaceId, tokenId);
        const missing = scopes.find((scope) => !maker.scopes.includes(scope));
        if (missing) throw scopeMissing(missing);
        assertEndsBefore(maker, expiresAt);
        const token = newTokenSecret();
        const given = { workspaceId, name, token, scopes, expiresAt, createdBy: tokenId };
        const { id } = await tokens.create(given);
        const headers = { Location: `/api/v1/tokens/${id}` };
        return { status: 201, headers, body: { ...presentToken(await find(workspaceId, id)), token } };
      },
    }),
    route({
      method: 'GET',
      path: '/tokens/:token_id',
      scope: 'admin',
      tag: 'Tokens',
      summary: 'Read a token',
      answers: { 200: tokenAnswer },
      problems: ['not_found'],
      handle: async ({ workspaceId, param }) => ({
        body: presentToken(await find(workspaceId, param('token_id'))),
      }),
    }),
    route({
      method: 'DELETE',
      path: '/tokens/:token_id',
      scope: 'admin',
      tag: 'Tokens',
      summary: 'Revoke a token',
      answers: { 204: null },
      problems: ['last_admin_token', 'not_found'],
      async handle({ workspaceId, tokenId, param }) {
        const isThere = await tokens.revoke(workspaceId, param('token_id'), tokenId).catch(asProblem);
        if (!isThere) throw notFound('This token');
        return { status: 204, body: null };
      },
    }),
  ];

  async function find(workspaceId: string, id: string): Promise<TokenView> {
    const token = await findToken(knex, workspaceId, id);
    if (!token) throw notFound('This token');
    return token;
  }
}

// Else whoever has a token for a week could have one for ever.
function assertEndsBefore({ expiresAt: latest }: TokenView, expiresAt: Date | null): void {
  if (latest === null || (expiresAt !== null && expiresAt <= latest)) return;
  const detail = `Must be ${wireTime(latest)} at the latest: the token that makes it expires then.`;
  throw unprocessable([{ pointer: '/expires_at', code: 'outlives_its_maker', detail }]);
}

function asProblem(error: unknown): never {
  if (error instanceof LastAdminTokenError) {
    const detail =
      'It is the last token with the scope "admin" that lasts: make another one without an end first.';
    throw new ApiError('last_admin_token', detail);
  }
  throw error;
}
