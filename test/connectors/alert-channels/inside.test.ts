// No alert channel calls inside the network: not by an address however it is written, not by a name, not by a name that changes
// its mind, not through a resolver that lies, not by a redirect (S5).
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { addressGuard } from '../../../connectors/address-guard';
import type { AlertChannel, ChannelAnswer } from '../../../connectors/alert-channel';
import { openAlertChannel } from '../../../connectors/registry';
import { aMessage } from '../../factories/a-message';
import { httpStub } from '../../support/outside/http-stub';
import { insideAddresses } from '../../support/outside/inside-addresses';
import { never } from './channel-contract';
import { channelKinds, slackKind, webhookKind } from './channel-kinds';

const refusal = {
  verdict: 'trouble',
  httpStatus: null,
  error: expect.stringContaining('leads inside the network'),
  answer: null,
};

/** Counts every connection on one port of all loopback addresses. */
let server: Server;
let port: number;
let connections: Socket[];
/** Whether it does so without a word. */
let hangsUp: boolean;
let opened: AlertChannel[];

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
  await Promise.all(opened.map((channel) => channel.close()));
  for (const socket of connections) socket.destroy();
  await new Promise((resolve) => server.close(resolve));
});

async function deliver(
  kind: typeof slackKind,
  url: string,
  guard = addressGuard([]),
): Promise<ChannelAnswer> {
  const channel = openAlertChannel({ kind: kind.kind, config: {}, secrets: kind.secretsAt(url) }, guard);
  opened.push(channel);
  return channel.deliver(aMessage(), never);
}

test.each(insideAddresses)('%s is not called', async (address) => {
  for (const kind of channelKinds) expect(await deliver(kind, `${address}:${port}`)).toMatchObject(refusal);
  expect(connections).toHaveLength(0);
});

test.each(channelKinds)(
  '$kind: a name that leads inside when it is called again is judged each time',
  async (kind) => {
    let asked = 0;
    // 127.0.0.2 stands for the world outside: it alone is allowed.
    const guard = addressGuard(['127.0.0.2'], (_hostname, _options, callback) => {
      asked += 1;
      callback(null, [{ address: asked === 1 ? '127.0.0.2' : '127.0.0.1', family: 4 }]);
    });
    hangsUp = true;
    const url = `http://rebinding.example:${port}`;
    expect(await deliver(kind, url, guard)).toMatchObject({ verdict: 'trouble', error: 'connection lost' });
    expect(await deliver(kind, url, guard)).toMatchObject(refusal);
    expect([asked, connections.length]).toEqual([2, 1]);
  },
);

test.each(channelKinds)(
  '$kind: what was connected to is looked at once more, before a byte is sent',
  async (kind) => {
    const guard = addressGuard(['127.0.0.2']);
    // Whoever comes between the lookup and the socket: a resolver that does not do as it says.
    const lying: typeof guard = {
      ...guard,
      lookup: (_hostname, { all }, callback) =>
        all ? callback(null, [{ address: '127.0.0.1', family: 4 }]) : callback(null, '127.0.0.1', 4),
    };
    const received: Buffer[] = [];
    server.on('connection', (socket: Socket) => socket.on('data', (data) => received.push(data)));
    expect(await deliver(kind, `http://lying.example:${port}`, lying)).toMatchObject(refusal);
    expect(received).toEqual([]);
  },
);

test.each(channelKinds)('$kind: a message tells nothing of what a name leads to', async (kind) => {
  const answer = await deliver(kind, `http://localhost:${port}`);
  expect(JSON.stringify(answer)).not.toMatch(/127\.0\.0\.1|::1/);
});

test.each([301, 302, 303, 307, 308])(
  'a redirect (%i) from an allowed address leads nowhere',
  async (status) => {
    const location = `http://127.0.0.1:${port}/latest/meta-data`;
    const stub = await httpStub((_call, response) => response.writeHead(status, { location }).end());
    try {
      const guard = addressGuard(['127.0.0.1']);
      for (const kind of [slackKind, webhookKind])
        expect(await deliver(kind, stub.url, guard)).toMatchObject({
          verdict: 'trouble',
          httpStatus: status,
        });
      expect(connections).toHaveLength(0);
    } finally {
      await stub.close();
    }
  },
);
