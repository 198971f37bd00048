// Ten thousand requests that are wrong somewhere, made from the document: each gets an answer, and none is a fault of ours.
import fc from 'fast-check';
import { type AppDependencies, apiRoutes } from '../../api/create-app';
import { openApiDocument } from '../../api/openapi/document';
import { problemAnswer } from '../../api/problems/answers';
import { badRequests, type BadRequest } from '../support/bad-inputs/bad-requests';
import { type RawCaller, rawCaller } from '../support/bad-inputs/raw-call';
import { randomCases } from '../support/cases';
import { aWorld } from '../support/requests/a-world';
import { type RunningApi, startApi } from './running-api';

// Eight at a time over eight connections; fast-check tells the seed, and which of the twenty it was.
const together = 20;
const { options, limitMs } = randomCases(10_000 / together);
// Each of them is a whole request, which takes some four milliseconds alone and ten times that beside other tests.
const longestMs = limitMs * 10;
jest.setTimeout(longestMs);

let api: RunningApi;
let caller: RawCaller;

beforeAll(async () => {
  api = await startApi();
  caller = rawCaller(api.url, api.token);
});
afterAll(async () => {
  caller.close();
  await api.stop();
});

async function expectAnswer(request: BadRequest): Promise<number> {
  const { status, type, text } = await caller.call(request);
  const shown = `${request.method} ${request.path} ${status} ${text.slice(0, 500)}`;
  if (status >= 500 || status < 200) {
    const logged = api
      .logged()
      .split('\n')
      .filter((line) => line.includes('"level":50'));
    throw new Error(`a fault of ours: ${shown}\n${logged.at(-1)?.slice(0, 2_000)}`);
  }
  if (status < 400) return status;
  if (type !== 'application/problem+json') throw new Error(`no problem: ${shown}`);
  problemAnswer.parse(JSON.parse(text));
  return status;
}

test('ten thousand bad requests are answered, and not one with a fault of ours', async () => {
  const { values } = await aWorld(api.knex, api.workspaceId);
  const document = openApiDocument(apiRoutes({ secretKey: Buffer.alloc(32) } as AppDependencies));
  const seen = new Map<number, number>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(badRequests({ document, ids: values }), { minLength: together, maxLength: together }),
      async (requests) => {
        for (const status of await Promise.all(requests.map(expectAnswer))) {
          seen.set(status, (seen.get(status) ?? 0) + 1);
        }
      },
    ),
    { ...options, interruptAfterTimeLimit: longestMs - 10_000 },
  );
  expect([...seen.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(10_000);
  // Not all were refused at the door: many reach what is behind it, and what is good is still taken.
  expect([...seen.keys()]).toEqual(expect.arrayContaining([200, 400, 404, 413, 415, 422]));
  expect((await api.get('/livez', null)).status).toBe(200);
  expect((await api.get('/api/v1/syncs')).status).toBe(200);
  // Line breaks and quotes in paths, headers and bodies make no line of their own in the log.
  const lines = api.logged().trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(5_000);
  for (const line of lines)
    expect(JSON.parse(line)).toMatchObject({
      level: expect.any(Number),
      time: expect.any(Number),
      msg: expect.any(String),
    });
});
