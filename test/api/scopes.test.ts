// Who may call what: every route of the table with every set of scopes, and with tokens that are none.
import { createHash } from 'node:crypto';
import { type AppDependencies, apiRoutes } from '../../api/create-app';
import { dispatch } from '../../api/dispatch';
import { route as declared } from '../../api/route';
import { type TokenScope, tokenScopes } from '../../db/configuration/token-store';
import { nobodysWorld } from '../support/requests/a-world';
import { goodRequest } from '../support/requests/good-requests';
import { blanked, plainCall } from '../support/requests/plain-call';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;
const tokens = new Map<string, string>();

/** Every set of scopes, the empty one too. */
const scopeSets: TokenScope[][] = tokenScopes.reduce<TokenScope[][]>(
  (sets, scope) => [...sets, ...sets.map((set) => [...set, scope])],
  [[]],
);

beforeAll(async () => {
  api = await startApi();
  for (const scopes of scopeSets) tokens.set(scopes.join(), await api.newToken(scopes));
});
afterAll(() => api.stop());

const routes = apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies);
const table = routes.map((route) => [`${route.method} ${route.path}`, route] as const);

test('there are sixteen sets of scopes, and each is needed by some route', () => {
  expect(scopeSets).toHaveLength(16);
  expect(tokenScopes.filter((scope) => routes.some((route) => route.scope === scope))).toEqual(
    expect.arrayContaining(['read', 'trigger', 'write']),
  );
});

test.each(table)('%s is open to exactly the tokens with its scope', async (_, route) => {
  for (const scopes of scopeSets) {
    const token = tokens.get(scopes.join()) ?? '';
    const answer = await plainCall(api.url, token, goodRequest(route, nobodysWorld));
    const isOpen = scopes.includes(route.scope);
    // Nobody has these ids: with the scope the answer is anything but 401 and 403.
    if (isOpen) expect([401, 403]).not.toContain(answer.status);
    else expect([answer.status, JSON.parse(answer.text).code]).toEqual([403, 'scope_missing']);
  }
});

/** Headers that are no token, made from one that is good. */
const noTokens: readonly (readonly [string, (good: string) => string])[] = [
  ['a token that nobody was given', () => `Bearer ${'A'.repeat(43)}`],
  ['a token without its last character', (good) => `Bearer ${good.slice(0, -1)}`],
  ['a token with one more', (good) => `Bearer ${good}A`],
  ['a token in the wrong case', (good) => `Bearer ${swapped(good)}`],
  ['two tokens', (good) => `Bearer ${good} ${good}`],
  ['a token without its scheme', (good) => good],
  ['a token in another scheme', (good) => `Basic ${Buffer.from(`${good}:`).toString('base64')}`],
  ['an empty token', () => 'Bearer '],
  ['the hash of a token', () => `Bearer ${'0'.repeat(64)}`],
];

function swapped(text: string): string {
  return [...text]
    .map((letter) => (/[a-z]/.test(letter) ? letter.toUpperCase() : letter.toLowerCase()))
    .join('');
}

test.each(table)(
  '%s is closed to everything that is no token, always in the same words',
  async (_, route) => {
    const good = goodRequest(route, nobodysWorld);
    const seen = new Set<string>();
    for (const [, header] of noTokens) {
      const headers = { ...good.headers, Authorization: header(api.token) };
      const answer = await plainCall(api.url, null, { ...good, headers });
      expect([answer.status, JSON.parse(answer.text).code]).toEqual([401, 'unauthenticated']);
      expect(answer.headers['www-authenticate']).toMatch(/^Bearer /);
      seen.add(blanked(answer, []));
    }
    // One sentence for what has no form of a token, one for what nobody was given.
    expect(seen.size).toBe(2);
    const unsent = await plainCall(api.url, null, good);
    expect(unsent.status).toBe(401);
  },
);

test.each(table)('%s is closed to a token from the moment it is revoked', async (_, route) => {
  const token = await api.newToken(tokenScopes);
  const good = goodRequest(route, nobodysWorld);
  expect((await plainCall(api.url, token, good)).status).not.toBe(401);
  const hash = createHash('sha256').update(token).digest();
  expect(await api.knex('api_tokens').where({ token_hash: hash }).update({ revoked_at: new Date() })).toBe(1);
  expect((await plainCall(api.url, token, good)).status).toBe(401);
});

test('the scheme may be written in any case, the token may not', async () => {
  const [name, route] = table[0] ?? [];
  if (!route) throw new Error(`no route, ${name}`);
  const good = goodRequest(route, nobodysWorld);
  const headers = { Authorization: `bEARER ${api.token}` };
  expect((await plainCall(api.url, null, { ...good, headers })).status).toBe(200);
});

test('a route without a scope, or with an unknown one, cannot be built', () => {
  const open = declared({ method: 'GET', path: '/open', scope: 'read', handle: async () => ({ body: {} }) });
  expect(() => dispatch('/api/v1', [open])).not.toThrow();
  for (const scope of [undefined, 'public']) {
    const forgotten = { ...open, scope } as unknown as typeof open;
    expect(() => dispatch('/api/v1', [forgotten])).toThrow('GET /open declares no scope');
  }
});
