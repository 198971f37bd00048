// An HTTP destination does not call inside the network: not by an address however it is written, not by a name, not by a name
// that changes its mind, not by a redirect.
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { addressGuard } from '../../../../connectors/address-guard';
import type { Destination } from '../../../../connectors/destination';
import { httpDestination } from '../../../../connectors/destinations/http/http-destination';
import { ownPace } from '../../../../connectors/shared-pace';
import { answerJson, type HttpStub, httpStub } from '../../../support/outside/http-stub';
import { insideAddresses } from '../../../support/outside/inside-addresses';
import { aBatch } from '../../outgoing-batch';
import { failureOfPromise, never, someRows, target, write } from './http-fixture';

const refusal = {
  failure: {
    code: 'destination_misconfigured',
    message: expect.stringContaining('leads inside the network'),
  },
  nothingApplied: true,
  retryable: false,
};

/** Counts every connection on one port of all loopback addresses. */
let server: Server;
let port: number;
let connections: Socket[];
/** Whether it does so without a word. */
let hangsUp: boolean;
let opened: Destination[];

beforeEach(async () => {
  opened = [];
  connections = [];
  hangsUp = false;
  server = createServer((socket) => {
    connections.push(socket);
    if (hangsUp) socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(0, '::', resolve));
  ({ port } = server.address() as AddressInfo);
});

afterEach(async () => {
  await Promise.all(opened.map((destination) => destination.close()));
  for (const socket of connections) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

function open(url: string, guard = addressGuard([])): Destination {
  const config = { url, timeout_seconds: 5, response: null };
  const destination = httpDestination({ kind: 'http', config, secrets: {} }, ownPace(), { guard });
  opened.push(destination);
  return destination;
}

test.each(insideAddresses)('%s is not called', async (address) => {
  const destination = open(`${address}:${port}/in`);
  await expect(destination.prepare(target, never)).rejects.toMatchObject(refusal);
  expect(await destination.check(never)).toMatchObject({
    ok: false,
    checks: [{ name: 'connection', ok: false, detail: expect.stringContaining('ALLOWED_INSIDE_ADDRESSES') }],
  });
  await expect(write(destination, aBatch(someRows(1)))).rejects.toMatchObject(refusal);
  expect(connections).toHaveLength(0);
});

test('a message tells nothing of what a name leads to', async () => {
  const failure = await failureOfPromise(open(`http://localhost:${port}/in`).prepare(target, never));
  expect(failure.message).not.toMatch(/127\.0\.0\.1|::1/);
});

test('a name that leads outside when it is judged and inside when it is called again is judged each time', async () => {
  let asked = 0;
  // 127.0.0.2 stands for the world outside: it alone is allowed.
  const guard = addressGuard(['127.0.0.2'], (_hostname, _options, callback) => {
    asked += 1;
    callback(null, [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
  });
  const destination = open(`http://rebinding.example:${port}/in`, guard);
  // The call is tried again, over another connection, and the name asked for again.
  hangsUp = true;
  await expect(destination.prepare(target, never)).rejects.toMatchObject({ failure: refusal.failure });
  expect(asked).toBe(2);
  expect(connections).toHaveLength(1);
});

test('what was connected to is looked at once more, before a byte is sent', async () => {
  const guard = addressGuard(['127.0.0.2']);
  // Whoever comes between the lookup and the socket: a resolver that does not do as it says.
  const lying: typeof guard = {
    ...guard,
    lookup: (_hostname, { all }, callback) =>
      all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
  };
  const received: Buffer[] = [];
  server.on('connection', (socket: Socket) => socket.on('data', (data) => received.push(data)));
  await expect(open(`http://lying.example:${port}/in`, lying).prepare(target, never)).rejects.toMatchObject(
    refusal,
  );
  expect(received).toEqual([]);
});

describe('a redirect', () => {
  let stub: HttpStub;

  beforeEach(async () => {
    stub = await httpStub((_call, response) => answerJson(response, 200, {}));
  });
  afterEach(() => stub.close());

  test.each([301, 302, 303, 307, 308])('(%i) from an allowed address leads nowhere', async (status) => {
    const location = `http://127.0.0.1:${port}/latest/meta-data`;
    stub.respond((_call, response) => answerJson(response, status, {}, { location }));
    const guard = addressGuard(['127.0.0.1']);
    await expect(write(open(stub.url, guard), aBatch(someRows(1)))).rejects.toMatchObject({
      failure: { code: 'destination_misconfigured' },
    });
    expect(connections).toHaveLength(0);
  });
});
