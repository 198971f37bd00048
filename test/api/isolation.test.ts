// A workspace is closed: on every route of the table, what another workspace has answers like what nobody has.
import type { Knex } from 'knex';
import { type AppDependencies, apiRoutes } from '../../api/create-app';
import type { Route } from '../../api/route';
import { tokenScopes } from '../../db/configuration/token-store';
import { aWorkspace } from '../factories/a-workspace';
import { aWorld, canary, missingWorld, nobodysWorld, type World } from '../support/requests/a-world';
import { goodRequest, withQuery } from '../support/requests/good-requests';
import { blanked, plainCall, type PlainAnswer } from '../support/requests/plain-call';
import { type RunningApi, startApi } from './running-api';

let api: RunningApi;
/** Of another workspace, with every scope there is. */
let stranger: string;

beforeAll(async () => {
  api = await startApi();
  stranger = await api.newToken(tokenScopes, (await aWorkspace(api.knex)).id);
});
afterAll(() => api.stop());

const routes = apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies);
const named = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [`${route.method} ${route.path}`, route] as const);
const isAboutOne = ({ path }: Route): boolean => /:\w+_id/.test(path);
const aboutOne = named(isAboutOne);
const lists = named((route) => route.method === 'GET' && !isAboutOne(route));
const naming = named((route) => /_0{26}/.test(JSON.stringify(goodRequest(route, nobodysWorld).body ?? {})));

const accepts = ['application/json', 'text/event-stream', 'text/csv'];
const idsOf = (...worlds: World[]) => worlds.flatMap(({ values }) => Object.values(values));

async function call(route: Route, world: World, token: string, accept: string): Promise<PlainAnswer> {
  const good = goodRequest(route, world);
  return plainCall(api.url, token, { ...good, headers: { ...good.headers, Accept: accept } });
}

/** Everything stored for a workspace, as text. */
async function stored(knex: Knex, workspaceId: string): Promise<string> {
  const { rows: tables } = await knex.raw<{ rows: { table_name: string }[] }>(
    `SELECT table_name FROM information_schema.columns
     WHERE table_schema = 'public' AND column_name = 'workspace_id' ORDER BY table_name`,
  );
  expect(tables.length).toBeGreaterThan(8);
  const parts = [];
  for (const { table_name: table } of tables) {
    const { rows } = await knex.raw(
      `SELECT coalesce(json_agg(t ORDER BY t::text), '[]')::text AS rows FROM ?? t WHERE workspace_id = ?`,
      [table, workspaceId],
    );
    parts.push(`${table} ${rows[0].rows}`);
  }
  return parts.join('\n');
}

test('the table has routes of every kind', () => {
  expect(aboutOne.length).toBeGreaterThan(15);
  expect(lists.length).toBeGreaterThan(3);
  expect(naming.length).toBeGreaterThan(1);
});

test.each(aboutOne)('%s: what a stranger asks for is not there, byte for byte', async (_, route) => {
  const world = await aWorld(api.knex, api.workspaceId);
  const missing = missingWorld(world);
  const before = await stored(api.knex, api.workspaceId);
  for (const accept of route.method === 'GET' ? accepts : accepts.slice(0, 1)) {
    const there = await call(route, world, stranger, accept);
    const nowhere = await call(route, missing, stranger, accept);
    expect(there.status).toBe(404);
    expect(there.text).not.toContain(canary);
    expect(blanked(there, idsOf(world))).toBe(blanked(nowhere, idsOf(missing)));
  }
  expect(await stored(api.knex, api.workspaceId)).toBe(before);
  // For whom it belongs to it is there: else all of this would hold of a route that never finds anything.
  expect((await call(route, world, api.token, 'application/json')).status).not.toBe(404);
});

test.each(lists)('%s tells a stranger nothing of what others have', async (_, route) => {
  const outsider = await api.newToken(tokenScopes, (await aWorkspace(api.knex)).id);
  const ask = () => call(route, missingWorld(world), outsider, 'application/json');
  const world = await aWorld(api.knex, api.workspaceId);
  // The first call of a token is noted in its list.
  await ask();
  const before = await ask();
  const more = await aWorld(api.knex, api.workspaceId);
  const after = await ask();
  expect(before.status).toBe(200);
  expect(withoutTimes(after)).toBe(withoutTimes(before));
  expect(after.text).not.toContain(canary);
  for (const { values } of [world, more]) expect(after.text).not.toContain(values['run_id']);
  // Its owner is told of it.
  const owner = await call(route, world, api.token, 'application/json');
  expect(withoutTimes(owner)).not.toBe(withoutTimes(after));
});

function withoutTimes(answer: PlainAnswer): string {
  return blanked(answer, []).replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'time');
}

test.each(lists)(
  '%s, filtered by what a stranger may not see, is as if it were not there',
  async (_, route) => {
    const world = await aWorld(api.knex, api.workspaceId);
    const missing = missingWorld(world);
    for (const name of Object.keys(world.values).filter((key) => key.endsWith('_id'))) {
      const filtered = (of: World): Promise<PlainAnswer> => {
        const good = goodRequest(route, of);
        return plainCall(api.url, stranger, {
          ...good,
          path: withQuery(good.path, `${name}=${of.values[name]}`),
        });
      };
      expect(blanked(await filtered(world), idsOf(world))).toBe(
        blanked(await filtered(missing), idsOf(missing)),
      );
    }
  },
);

test.each(naming)('%s: a body that names what a stranger may not see names nothing', async (_, route) => {
  const world = await aWorld(api.knex, api.workspaceId);
  const missing = missingWorld(world);
  // The path is the stranger's own; what the body names is not.
  const own = await aWorld(api.knex, (await aWorkspace(api.knex)).id);
  const token = await api.newToken(tokenScopes, own.workspaceId);
  const ask = (of: World): Promise<PlainAnswer> => {
    const good = goodRequest(route, of).body;
    const body = { ...good, ...(good && 'name' in good ? { name: 'The same both times' } : {}) };
    return plainCall(api.url, token, { ...goodRequest(route, own), body });
  };
  const [there, nowhere] = [await ask(world), await ask(missing)];
  expect(there.status).toBe(422);
  expect(blanked(there, idsOf(world))).toBe(blanked(nowhere, idsOf(missing)));
});
