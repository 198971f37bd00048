// The end of a real API process as a deploy asks for it: what it has begun is ended in order, nothing new is taken, and it
// leaves with 0.
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { connect as connectSocket, type Socket } from 'node:net';
import { join } from 'node:path';
import type { Knex } from 'knex';
import { connect } from '../../db/connect';
import { anyFreePort } from '../../scripts/launcher/free-port';
import { aLiveRun } from '../factories/a-live-run';
import { aToken, aWorkspace, testSecretKey } from '../factories/a-workspace';
import { createTestDatabase, type TestDatabase } from '../support/database';
import { testServers } from '../support/servers';
import { until } from '../support/until';
import { OpenStream } from './events/open-stream';

let database: TestDatabase;
let knex: Knex;
let workspaceId: string;
let token: string;
let child: ChildProcess | undefined;

beforeAll(async () => {
  database = await createTestDatabase();
  knex = connect(database.url, { poolSize: 3 });
  workspaceId = (await aWorkspace(knex)).id;
  token = (await aToken(knex, workspaceId)).token;
});
afterEach(() => child?.kill('SIGKILL'));
afterAll(async () => {
  await knex.destroy();
  await database.drop();
});

/** The compiled program, as `npm start` and deploys run it. */
async function startProcess(): Promise<string> {
  const host = '127.0.0.1';
  child = fork(join(__dirname, '..', '..', 'dist', 'api', 'main.js'), {
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    env: {
      HOST: host,
      PORT: String(await anyFreePort(host)),
      DATABASE_URL: database.url,
      TEMPORAL_ADDRESS: testServers().temporalAddress,
      SECRET_KEY: testSecretKey.toString('hex'),
    },
  });
  const [ready] = (await Promise.race([once(child, 'message'), once(child, 'exit')])) as [unknown];
  const { url } = (ready ?? {}) as { url?: string };
  if (url === undefined) throw new Error(`the API process ended with ${String(ready)}`);
  return url;
}

/** A request whose headers have arrived and whose body has not. */
async function begunRequest(url: string, body: string): Promise<{ socket: Socket; heard: () => string }> {
  const { hostname, port } = new URL(url);
  const socket = connectSocket(Number(port), hostname);
  let text = '';
  socket.on('data', (chunk: Buffer) => (text += chunk.toString()));
  socket.write(
    `POST /api/v1/sources HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer ${token}\r\nExpect: 100-continue\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`,
  );
  await until('the headers to be taken', () => text.includes('100 Continue'));
  return { socket, heard: () => text };
}

const isRefused = (url: string): Promise<boolean> =>
  fetch(`${url}/livez`, { headers: { connection: 'close' } }).then(
    () => false,
    () => true,
  );

test.each(['SIGTERM', 'SIGINT'] as const)(
  'on %s an open request is answered, streams end between events, and the process leaves with 0',
  async (signal) => {
    const url = await startProcess();
    const run = await aLiveRun(knex, { workspaceId });
    const stream = await OpenStream.open({ url, token }, run.events);
    expect(await stream.nextEvent()).toMatchObject({ event: 'run_queued' });
    const body = JSON.stringify({
      name: `Made at the end, ${signal}`,
      kind: 'postgres',
      config: { url: 'postgres://reader@warehouse.invalid/db' },
    });
    const { socket, heard } = await begunRequest(url, body);
    const gone = once(child as ChildProcess, 'exit');
    const hungUp = once(socket, 'close');
    child?.kill(signal);
    await until('new connections to be refused', () => isRefused(url));
    // Cut, reading it would fail.
    const rest = await stream.rest();
    expect(rest.map(({ event }) => event)).not.toContain('end');
    socket.write(body);
    await hungUp;
    expect(heard()).toMatch(/^HTTP\/1\.1 201 Created$/m);
    expect(heard()).toMatch(/^Connection: close$/im);
    expect(await gone).toEqual([0, null]);
    expect(await knex('sources').where({ name: `Made at the end, ${signal}` })).toHaveLength(1);
  },
);
