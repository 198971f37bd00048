// Owns the proof that the example of docs/alerts.md verifies a webhook: it is taken out of the page as it stands, and given what
// the product sends.
import { createRequire } from 'node:module';
import { runInNewContext } from 'node:vm';
import type { IncomingHttpHeaders } from 'node:http';
import { randomBytes } from 'node:crypto';
import { openAlertChannel } from '../../connectors/registry';
import { aMessage, namedAlert } from '../factories/a-message';
import { httpStub, type HttpStub, type StubCall } from '../support/outside/http-stub';
import { loopbackGuard } from '../support/outside/loopback';
import { markedBlock } from './markdown';

type IsSigned = (headers: IncomingHttpHeaders, body: Buffer, secret: string, nowMs?: number) => boolean;

const isSigned = runInNewContext(`${markedBlock('docs/alerts.md', 'webhook: verify')}; isSigned`, {
  require: createRequire(__filename),
  Buffer,
}) as IsSigned;

const aSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [current, former, foreign] = [aSecret(), aSecret(), aSecret()];
const toleranceMs = 5 * 60_000;

let stub: HttpStub;
beforeAll(async () => {
  stub = await httpStub((_call, response) => response.writeHead(204).end());
});
afterAll(() => stub.close());

/** What arrives at a receiver. */
async function sent(secrets: readonly { secret: string; expires_at: string | null }[]): Promise<StubCall> {
  const channel = openAlertChannel(
    { kind: 'webhook', config: {}, secrets: { url: stub.url, secrets } },
    loopbackGuard,
  );
  // Letters of several bytes: characters are not what is signed.
  const message = aMessage({ alerts: [namedAlert({ sentence: 'Nutzer → CRM: Größe "100 %" 📈' })] });
  await channel.deliver(message, new AbortController().signal);
  await channel.close();
  return stub.calls.at(-1) as StubCall;
}

test('what was sent is ours, by its secret and by no other', async () => {
  const { headers, body } = await sent([{ secret: current, expires_at: null }]);
  expect([current, foreign].map((secret) => isSigned(headers, body, secret))).toEqual([true, false]);
});

test('while a secret is being changed a receiver that knows either is content', async () => {
  const soon = new Date(Date.now() + 3_600_000).toISOString();
  const { headers, body } = await sent([
    { secret: current, expires_at: null },
    { secret: former, expires_at: soon },
  ]);
  expect([current, former, foreign].map((secret) => isSigned(headers, body, secret))).toEqual([
    true,
    true,
    false,
  ]);
});

test('what was changed on its way, or is of another message, is not', async () => {
  const { headers, body } = await sent([{ secret: current, expires_at: null }]);
  const other = await sent([{ secret: current, expires_at: null }]);
  const anew = Buffer.from(JSON.stringify(JSON.parse(body.toString()), null, 1));
  expect(isSigned(headers, anew, current)).toBe(false);
  expect(isSigned(other.headers, body, current)).toBe(false);
  for (const name of ['webhook-id', 'webhook-timestamp', 'webhook-signature']) {
    const { [name]: _, ...rest } = headers;
    expect([name, isSigned(rest, body, current)]).toEqual([name, false]);
  }
  for (const signature of ['', 'v1,', 'v1a,AAAA', String(headers['webhook-signature']).replace('v1,', 'v2,')])
    expect(isSigned({ ...headers, 'webhook-signature': signature }, body, current)).toBe(false);
});

test('more than five minutes before or after, it is old or early', async () => {
  const { headers, body } = await sent([{ secret: current, expires_at: null }]);
  const at = Number(headers['webhook-timestamp']) * 1_000;
  const taken = [-toleranceMs - 1, -toleranceMs, toleranceMs, toleranceMs + 1].map((off) =>
    isSigned(headers, body, current, at + off),
  );
  expect(taken).toEqual([false, true, true, false]);
});
