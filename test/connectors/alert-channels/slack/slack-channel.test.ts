import { openAlertChannel } from '../../../../connectors/registry';
import type { ChannelAnswer } from '../../../../connectors/alert-channel';
import { createInbox, type Inbox } from '../../../../demo/inbox/create-inbox';
import { aMessage } from '../../../factories/a-message';
import { loopbackGuard } from '../../../support/outside/loopback';
import { channelContract, never } from '../channel-contract';
import { slackKind } from '../channel-kinds';

describe('the contract', () => channelContract(slackKind));

let inbox: Inbox;

beforeEach(async () => {
  inbox = await createInbox();
});
afterEach(() => inbox.close());

async function deliver(message = aMessage()): Promise<ChannelAnswer> {
  const channel = openAlertChannel(
    { kind: 'slack', config: {}, secrets: { url: inbox.slackUrl } },
    loopbackGuard,
  );
  try {
    return await channel.deliver(message, never);
  } finally {
    await channel.close();
  }
}

const bodies = (): object[] => inbox.book.calls().map(({ body }) => body as object);

test('Slack takes the blocks, and has the sentence as text too', async () => {
  const message = aMessage();
  expect(await deliver(message)).toMatchObject({ verdict: 'accepted', httpStatus: 200, answer: 'ok' });
  expect(bodies()).toEqual([
    {
      text: expect.stringContaining(message.alerts[0]?.sentence ?? ''),
      blocks: expect.any(Array),
      unfurl_links: false,
      unfurl_media: false,
    },
  ]);
});

test.each([
  'invalid_payload',
  'invalid_blocks',
  'invalid_blocks_format',
  'no_text',
  'msg_too_long',
  'msg_blocks_too_long',
  'some_new_word',
  'user_not_found',
])('blocks that are refused with %s go once more as plain text', async (word) => {
  inbox.behaviour.change({ slack: { status: 400, text: word, times: 1 } });
  expect(await deliver()).toMatchObject({ verdict: 'accepted' });
  expect(bodies().map((body) => 'blocks' in body)).toEqual([true, false]);
  for (const body of bodies()) expect(body).toMatchObject({ text: expect.any(String), unfurl_links: false });
});

test('a message that is refused as plain text too is refused', async () => {
  inbox.behaviour.change({ slack: { status: 400, text: 'invalid_payload' } });
  expect(await deliver()).toMatchObject({
    verdict: 'refused',
    error: 'invalid_payload: the message cannot be read',
    answer: 'invalid_payload',
  });
  expect(bodies()).toHaveLength(2);
});

test('too many messages are not tried as plain text, but waited for', async () => {
  inbox.behaviour.change({ slack: { status: 429, text: 'rate_limited', headers: { 'retry-after': '7' } } });
  expect(await deliver()).toMatchObject({
    verdict: 'trouble',
    retryAfterMs: 7_000,
    error: 'HTTP 429: too many messages',
  });
  expect(bodies()).toHaveLength(1);
});

test.each([
  [500, 'rollup_error', 'HTTP 500'],
  [200, '<html>Sign in to the guest network</html>', "HTTP 200 without Slack's ok"],
  [204, '', "HTTP 204 without Slack's ok"],
  [404, 'a page that is not there', 'HTTP 404'],
])('HTTP %i %s is trouble', async (status, text, error) => {
  inbox.behaviour.change({ slack: { status, text } });
  expect(await deliver()).toMatchObject({ verdict: 'trouble', httpStatus: status, error });
});

test('a word that is new, of both forms, is about the message while it is a 400', async () => {
  inbox.behaviour.change({ slack: { status: 400, text: 'some_new_word' } });
  expect(await deliver()).toMatchObject({
    verdict: 'trouble',
    isAboutMessage: true,
    answer: 'some_new_word',
  });
});

test.each(['constructor', '__proto__', 'toString'])('the word %s is no word of ours', async (word) => {
  inbox.behaviour.change({ slack: { status: 500, text: word } });
  expect(await deliver()).toMatchObject({ verdict: 'trouble', error: 'HTTP 500' });
});
