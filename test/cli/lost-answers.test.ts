// What the command line changes when the connection breaks: it is sent again under the same key, and done once.
import type { IncomingHttpHeaders } from 'node:http';
import { aQueuedRun } from '../factories/a-planned-run';
import { aSync } from '../factories/a-sync';
import { type RunningApi, startApi } from '../api/running-api';
import { type HttpStub, httpStub } from '../support/outside/http-stub';
import { runCli } from './signalsmith';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** A way to the API that brings every request there, and loses the answers to the first `losses` changes. */
async function lineThatLoses(losses: number): Promise<HttpStub> {
  const line = await httpStub(async ({ method, path, headers, body }, response) => {
    const answer = await fetch(`${api.url}${path}`, {
      method,
      headers: passedOn(headers),
      ...(body.length > 0 ? { body } : {}),
    });
    const text = await answer.text();
    if (method === 'POST' && keysOf(line).length <= losses) response.destroy();
    else response.writeHead(answer.status, { 'Content-Type': 'application/json' }).end(text);
  });
  return line;
}

/** The keys of all changes that came, in order. */
function keysOf({ calls }: HttpStub): (string | string[] | undefined)[] {
  return calls.filter(({ method }) => method === 'POST').map(({ headers }) => headers['idempotency-key']);
}

function passedOn(headers: IncomingHttpHeaders): Record<string, string> {
  const names = ['authorization', 'content-type', 'idempotency-key', 'accept'];
  return Object.fromEntries(names.flatMap((name) => (headers[name] ? [[name, String(headers[name])]] : [])));
}

const runs = (line: HttpStub, ...args: string[]) =>
  runCli(['runs', ...args], { SIGNALSMITH_URL: line.url, SIGNALSMITH_TOKEN: api.token });

const runsOf = async (syncId: string) => (await api.get(`/api/v1/syncs/${syncId}/runs`)).body.data;

test('a trigger whose answer was lost is sent once more, and one run has started', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const line = await lineThatLoses(1);
  const { status, stdout, stderr } = await runs(line, 'trigger', sync.name, '--note', 'by hand');
  await line.close();
  const made = await runsOf(sync.id);
  expect([status, stdout, stderr]).toEqual([0, `${made[0].id} started\n`, '']);
  expect(made).toHaveLength(1);
  const keys = keysOf(line);
  expect(keys).toEqual([expect.stringMatching(/^[\w-]{36}$/), keys[0]]);
});

test('a second call is a second run: each has a key of its own', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const line = await lineThatLoses(0);
  for (const how of ['started', 'queued'])
    expect((await runs(line, 'trigger', sync.name)).stdout).toMatch(new RegExp(`^run_\\w+ ${how}\n$`));
  await line.close();
  expect(await runsOf(sync.id)).toHaveLength(2);
  expect(new Set(keysOf(line)).size).toBe(2);
});

test('a cancel whose answer was lost is sent once more', async () => {
  const queued = await aQueuedRun(api.knex, await aSync(api.knex, { workspaceId: api.workspaceId }));
  const line = await lineThatLoses(1);
  const { status, stdout } = await runs(line, 'cancel', queued.syncId, queued.runId);
  await line.close();
  expect([status, stdout]).toEqual([0, `${queued.runId} is asked to end; it is still queued\n`]);
  const keys = keysOf(line);
  expect(keys).toEqual([expect.any(String), keys[0]]);
});

test('a line that loses the second answer too is told as it is', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const line = await lineThatLoses(2);
  const { status, stderr } = await runs(line, 'trigger', sync.name);
  await line.close();
  expect([status, keysOf(line).length]).toEqual([5, 2]);
  expect(stderr).toContain(`Nothing answers at ${line.url}`);
  expect(await runsOf(sync.id)).toHaveLength(1);
});
