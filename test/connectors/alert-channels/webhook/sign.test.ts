// What receivers verify (S12): with the package that Standard Webhooks brings, and with Node's crypto alone, which share no code.
import { createHmac, randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { openAlertChannel } from '../../../../connectors/registry';
import { signedHeaders, type SigningSecret } from '../../../../connectors/alert-channels/webhook/sign';
import { createInbox, type Inbox } from '../../../../demo/inbox/create-inbox';
import { faultOf } from '../../../../demo/inbox/verify';
import { aMessage } from '../../../factories/a-message';
import { loopbackGuard } from '../../../support/outside/loopback';
import { never } from '../channel-contract';

const now = new Date();
const id = 'dlv_1';
const body = JSON.stringify({ type: 'alert.raised.v1', data: { summary: 'Users → CRM: "100 %"', n: 1 } });
const aSecret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const [current, former, foreign] = [aSecret(), aSecret(), aSecret()];
const lasting = (secret: string): SigningSecret => ({ secret, expiresAt: null });
const until = (secret: string, at: Date): SigningSecret => ({ secret, expiresAt: at });
const inAnHour = new Date(now.getTime() + 3_600_000);

/** By both; they must say the same. */
function isTaken(headers: ReturnType<typeof signedHeaders>, secret: string, text = body): boolean {
  const byPackage = (() => {
    try {
      new Webhook(secret).verify(text, { ...headers });
      return true;
    } catch {
      return false;
    }
  })();
  const byHand =
    faultOf(
      {
        id: headers['webhook-id'],
        timestamp: headers['webhook-timestamp'],
        signature: headers['webhook-signature'],
        body: text,
      },
      [secret],
    ) === null;
  expect(byHand).toBe(byPackage);
  return byHand;
}

test('a request is verified with the secret, and with no other', () => {
  const headers = signedHeaders(id, body, [lasting(current)], now);
  expect([current, foreign].map((secret) => isTaken(headers, secret))).toEqual([true, false]);
});

test('the signature is HMAC-SHA256 over id, timestamp and body, by dots', () => {
  const headers = signedHeaders(id, body, [lasting(current)], now);
  const key = Buffer.from(current.slice('whsec_'.length), 'base64');
  const signed = `${id}.${Math.floor(now.getTime() / 1_000)}.${body}`;
  expect(headers['webhook-signature']).toBe(
    `v1,${createHmac('sha256', key).update(signed).digest('base64')}`,
  );
});

test('while a secret is being changed both are good, and each receiver knows one of them', () => {
  const headers = signedHeaders(id, body, [lasting(current), until(former, inAnHour)], now);
  expect(headers['webhook-signature'].split(' ')).toHaveLength(2);
  expect([current, former, foreign].map((secret) => isTaken(headers, secret))).toEqual([true, true, false]);
});

test.each([
  ['a millisecond before its end', 1, true],
  ['at its end', 0, false],
])('the former secret is used %s: %#', (_when, leftMs, isGood) => {
  const headers = signedHeaders(
    id,
    body,
    [lasting(current), until(former, new Date(now.getTime() + leftMs))],
    now,
  );
  expect([isTaken(headers, current), isTaken(headers, former)]).toEqual([true, isGood]);
});

test.each([
  [-301, false],
  [-299, true],
  [299, true],
  [301, false],
])('a request of %i seconds from now is taken: %s', (seconds, isGood) => {
  const at = new Date(Date.now() + seconds * 1_000);
  expect(isTaken(signedHeaders(id, body, [lasting(current)], at), current)).toBe(isGood);
});

test('another timestamp, id or body under the same signature is refused', () => {
  const headers = signedHeaders(id, body, [lasting(current)], now);
  const later = String(Number(headers['webhook-timestamp']) + 1);
  expect(isTaken({ ...headers, 'webhook-timestamp': later }, current)).toBe(false);
  expect(isTaken({ ...headers, 'webhook-id': 'dlv_2' }, current)).toBe(false);
  expect(isTaken(headers, current, body.replace('100', '101'))).toBe(false);
});

test('a body that was parsed and written anew is refused: its bytes are others', () => {
  const headers = signedHeaders(id, body, [lasting(current)], now);
  expect(isTaken(headers, current, JSON.stringify(JSON.parse(body), null, 1))).toBe(false);
  const reordered = JSON.stringify({
    data: { n: 1, summary: 'Users → CRM: "100 %"' },
    type: 'alert.raised.v1',
  });
  expect(isTaken(headers, current, reordered)).toBe(false);
});

describe('over the wire', () => {
  let inbox: Inbox;
  beforeEach(async () => {
    inbox = await createInbox({ secrets: [former] });
  });
  afterEach(() => inbox.close());

  const deliver = async (secrets: object[]) => {
    const channel = openAlertChannel(
      { kind: 'webhook', config: {}, secrets: { url: inbox.webhookUrl, secrets } },
      loopbackGuard,
    );
    const answer = await channel.deliver(aMessage(), never);
    await channel.close();
    return answer.httpStatus;
  };

  test('a receiver that changes its secret while both are valid misses nothing', async () => {
    const both = [
      { secret: current, expires_at: null },
      { secret: former, expires_at: inAnHour.toISOString() },
    ];
    expect(await deliver(both)).toBe(204);
    inbox.trust([current]);
    expect(await deliver(both)).toBe(204);
    expect(await deliver([{ secret: current, expires_at: null }])).toBe(204);
  });

  test('one that knows neither refuses', async () => {
    inbox.trust([foreign]);
    expect(await deliver([{ secret: current, expires_at: null }])).toBe(401);
  });
});
