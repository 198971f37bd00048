import { openAlertChannel } from '../../../../connectors/registry';
import type { ChannelAnswer } from '../../../../connectors/alert-channel';
import { webhookEventOf } from '../../../../domain/alerts/webhook-event';
import { aMessage } from '../../../factories/a-message';
import { answerJson, httpStub, type HttpStub } from '../../../support/outside/http-stub';
import { loopbackGuard } from '../../../support/outside/loopback';
import { channelContract, never } from '../channel-contract';
import { webhookKind, webhookSecret } from '../channel-kinds';

describe('the contract', () => channelContract(webhookKind));

let stub: HttpStub;

beforeEach(async () => {
  stub = await httpStub((_call, response) => response.writeHead(204).end());
});
afterEach(() => stub.close());

async function deliver(
  message = aMessage(),
  secrets: object = { url: `${stub.url}/in`, secrets: [{ secret: webhookSecret, expires_at: null }] },
): Promise<ChannelAnswer> {
  const channel = openAlertChannel({ kind: 'webhook', config: {}, secrets: { ...secrets } }, loopbackGuard);
  try {
    return await channel.deliver(message, never);
  } finally {
    await channel.close();
  }
}

test('the body is the event, as one line of JSON, the same bytes at every try', async () => {
  const message = aMessage();
  await deliver(message);
  // As it comes back from the database, whose keys stand in another order.
  await deliver(JSON.parse(JSON.stringify(message)) as typeof message);
  const [first, second] = stub.calls;
  expect(first?.body.toString()).toBe(JSON.stringify(webhookEventOf(message)));
  expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
  expect(first?.headers['webhook-id']).toBe(message.id);
  expect(second?.headers['webhook-id']).toBe(message.id);
});

test('a name and a password in the address go as a header, and the rest of the address as it is', async () => {
  await deliver(aMessage(), webhookKind.secretsAt(stub.url));
  const [call] = stub.calls;
  const [user, password] = Buffer.from(call?.headers.authorization?.slice('Basic '.length) ?? '', 'base64')
    .toString()
    .split(':');
  expect([user, password]).toEqual(['user', webhookKind.canaries[0]]);
  expect(call?.path).toBe(`/in?token=${webhookKind.canaries[0]}2`);
});

test.each([200, 201, 202, 204, 299])('HTTP %i accepts the message', async (status) => {
  stub.respond((_call, response) => response.writeHead(status).end());
  expect(await deliver()).toMatchObject({ verdict: 'accepted', httpStatus: status });
});

test.each([400, 413, 422])(
  'HTTP %i is about the message: it does not hold up the others for long',
  async (status) => {
    stub.respond((_call, response) => answerJson(response, status, { message: 'unknown type' }));
    expect(await deliver()).toMatchObject({
      verdict: 'trouble',
      isAboutMessage: true,
      answer: '{"message":"unknown type"}',
    });
  },
);

test.each([401, 403, 404, 405, 429, 500])('HTTP %i is about the channel', async (status) => {
  stub.respond((_call, response) => response.writeHead(status).end());
  expect((await deliver()).isAboutMessage).toBeUndefined();
});
