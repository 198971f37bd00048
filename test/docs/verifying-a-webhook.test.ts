// Owns the proof that the code in docs/alerts.md verifies what is sent, and nothing else: it is run as it stands there.
import { randomBytes } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import { runInNewContext } from 'node:vm';
import { openAlertChannel } from '../../connectors/registry';
import { never } from '../connectors/alert-channels/channel-contract';
import { aMessage, namedAlert } from '../factories/a-message';
import { httpStub, type HttpStub } from '../support/outside/http-stub';
import { loopbackGuard } from '../support/outside/loopback';
import { markedBlock } from './markdown';

type IsSigned = (headers: IncomingHttpHeaders, body: Buffer, secret: string, nowMs?: number) => boolean;

const example = markedBlock('docs/alerts.md', 'webhook: verify');
const isSigned = runInNewContext(`${example}\nisSigned`, { require, Buffer }) as IsSigned;
const aSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [secret, former, foreign] = [aSecret(), aSecret(), aSecret()];
const expiry = new Date(Date.now() + 3_600_000).toISOString();

let stub: HttpStub;
let headers: IncomingHttpHeaders;
let body: Buffer;
let sentMs: number;

beforeAll(async () => {
  stub = await httpStub((_call, response) => response.writeHead(204).end());
  const secrets = [
    { secret, expires_at: null },
    { secret: former, expires_at: expiry },
  ];
  const channel = openAlertChannel(
    { kind: 'webhook', config: {}, secrets: { url: stub.url, secrets } },
    loopbackGuard,
  );
  const sentence = 'Users → CRM failed: "100 %" \\ 🔥';
  await channel.deliver(aMessage({ alerts: [namedAlert({ sentence })] }), never);
  await channel.close();
  const [call] = stub.calls;
  if (!call) throw new Error('nothing was sent');
  ({ headers, body } = call);
  sentMs = Number(headers['webhook-timestamp']) * 1_000;
});
afterAll(() => stub.close());

test('what was sent is ours', () => {
  expect(isSigned(headers, body, secret)).toBe(true);
});

test('while the secret is being changed either is enough, and no other is', () => {
  expect([secret, former, foreign].map((each) => isSigned(headers, body, each))).toEqual([true, true, false]);
});

test.each([
  [-301, false],
  [-299, true],
  [299, true],
  [301, false],
])('%i seconds after it was sent it is taken: %s', (seconds, isTaken) => {
  expect(isSigned(headers, body, secret, sentMs + seconds * 1_000)).toBe(isTaken);
});

test('a body that was parsed and written anew is not what was signed', () => {
  const anew = JSON.stringify(JSON.parse(body.toString()), null, 1);
  expect(isSigned(headers, Buffer.from(anew), secret)).toBe(false);
});

test.each([
  ['webhook-id', 'dlv_other'],
  ['webhook-timestamp', 'soon'],
  ['webhook-signature', 'v1,'],
  ['webhook-signature', 'v1a,AAAA'],
])('with another %s it is not ours: %s', (name, value) => {
  expect(isSigned({ ...headers, [name]: value }, body, secret)).toBe(false);
});

test.each(['webhook-id', 'webhook-timestamp', 'webhook-signature'])('without %s it is not ours', (name) => {
  const { [name]: _left, ...others } = headers;
  expect(isSigned(others, body, secret)).toBe(false);
});
