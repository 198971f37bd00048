import { randomBytes } from 'node:crypto';
import { Webhook } from 'standardwebhooks';
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';

const secret = `whsec_${randomBytes(24).toString('base64')}`;
let inbox: Inbox;

beforeEach(async () => {
  inbox = await createInbox({ secrets: [secret] });
});
afterEach(() => inbox.close());

const json = { 'content-type': 'application/json' };

async function post(url: string, body: string, headers: Record<string, string> = json) {
  const answer = await fetch(url, { method: 'POST', headers, body });
  return { status: answer.status, text: await answer.text(), headers: answer.headers };
}

function signed(body: string, id = 'dlv_1', by = secret): Record<string, string> {
  const now = new Date();
  return {
    ...json,
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
    'webhook-signature': new Webhook(by).sign(id, now, body),
  };
}

test('a Slack message is answered as Slack answers it', async () => {
  expect(await post(inbox.slackUrl, '{"text":"hello"}')).toMatchObject({ status: 200, text: 'ok' });
  expect(await post(inbox.slackUrl, '{"text":')).toMatchObject({ status: 400, text: 'invalid_payload' });
  expect(await post(inbox.slackUrl, '{"text":"x"}', { 'content-type': 'text/plain' })).toMatchObject({
    status: 400,
    text: 'invalid_payload',
  });
  expect(await post(inbox.slackUrl, '{}')).toMatchObject({ status: 400, text: 'no_text' });
  expect(await post(`${inbox.url}/services/T0`, '{"text":"x"}')).toMatchObject({
    status: 404,
    text: 'no_service',
  });
});

test('on demand it refuses, so many times', async () => {
  inbox.behaviour.change({
    slack: { status: 429, text: 'rate_limited', headers: { 'Retry-After': '3' }, times: 2 },
  });
  const answers = [];
  for (let sent = 0; sent < 3; sent += 1) answers.push(await post(inbox.slackUrl, '{"text":"x"}'));
  expect(answers.map(({ status, headers }) => [status, headers.get('retry-after')])).toEqual([
    [429, '3'],
    [429, '3'],
    [200, null],
  ]);
  expect(inbox.book.taken()).toHaveLength(1);
});

test('a webhook is stored when its signature fits, and refused with the reason when not', async () => {
  const body = '{"type":"alert.raised.v1","data":{"summary":"it failed"}}';
  expect(await post(inbox.webhookUrl, body, signed(body))).toMatchObject({ status: 204 });
  expect(await post(inbox.webhookUrl, `${body} `, signed(body))).toMatchObject({
    status: 401,
    text: 'no signature fits',
  });
  expect(await post(inbox.webhookUrl, body)).toMatchObject({ status: 401, text: 'a header is missing' });
  expect(inbox.book.taken()).toMatchObject([{ kind: 'webhook', id: 'dlv_1', body: JSON.parse(body) }]);
});

test('the same message again is known by its id', async () => {
  const body = '{"type":"channel.test.v1","data":{}}';
  for (const id of ['dlv_1', 'dlv_2', 'dlv_1']) await post(inbox.webhookUrl, body, signed(body, id));
  expect(inbox.book.taken().map(({ id, repeat_of: first }) => [id, first])).toEqual([
    ['dlv_1', null],
    ['dlv_2', null],
    ['dlv_1', 1],
  ]);
});

test('it can hang before it stores and after', async () => {
  for (const hang of ['before', 'after'] as const) {
    inbox.behaviour.change({ hang });
    const sending = post(inbox.slackUrl, '{"text":"x"}');
    while (inbox.behaviour.waitingCalls === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(inbox.book.taken()).toHaveLength(hang === 'before' ? 0 : 2);
    inbox.behaviour.change({ hang: null });
    expect(await sending).toMatchObject({ status: 200 });
  }
});

test('the page shows messages as they are meant, with everything escaped, and needs no script', async () => {
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'Users &lt;b&gt; failed' } },
    { type: 'section', fields: [{ type: 'mrkdwn', text: '*Rows*\n1 &amp; 2' }] },
    {
      type: 'section',
      text: { type: 'mrkdwn', text: '<https://x.example/?a=1&amp;b=2|Run> javascript:alert(1)' },
    },
    { type: 'context', elements: [{ type: 'mrkdwn', text: 'Default' }] },
  ];
  await post(inbox.slackUrl, JSON.stringify({ text: '<script>alert(1)</script>', blocks }));
  const evil = '{"type":"<img src=x onerror=alert(1)>","data":{"summary":"\\"><script>alert(2)</script>"}}';
  await post(inbox.webhookUrl, evil, signed(evil));
  const answer = await fetch(inbox.url);
  const page = await answer.text();
  expect(page).not.toMatch(/<script|<img|javascript:alert\(1\)"/i);
  expect(page).toContain('<h2>Users &#60;b&#62; failed</h2>');
  expect(page).toContain('<strong>Rows</strong>');
  expect(page).toContain('<a href="https://x.example/?a=1&#38;b=2" rel="noreferrer">Run</a>');
  expect(answer.headers.get('content-security-policy')).toBe(
    "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
  );
});

test('each call has a page of its own, as it came, also when it was refused', async () => {
  await post(inbox.slackUrl, '{"text":"hello"}');
  await post(inbox.webhookUrl, '{"no": "signature"}');
  const page = await (await fetch(inbox.url)).text();
  for (const [n, raw] of [
    [1, '{"text":"hello"}'],
    [2, '{"no": "signature"}'],
  ] as const) {
    expect(page).toContain(`<a href="/messages/${n}">`);
    expect(await (await fetch(`${inbox.url}/messages/${n}`)).json()).toMatchObject({ n, raw });
  }
  for (const other of ['0', '3', '01', 'x'])
    expect((await fetch(`${inbox.url}/messages/${other}`)).status).toBe(404);
});

test('the address of the webhook is not on the page, and the messages are JSON too', async () => {
  await post(inbox.slackUrl, '{"text":"hello"}');
  const page = await (await fetch(inbox.url)).text();
  expect(page).not.toContain('demo-demo');
  const listed = (await (await fetch(`${inbox.url}/messages`)).json()) as object;
  expect(listed).toMatchObject({ calls: 1, messages: [{ kind: 'slack', body: { text: 'hello' } }] });
});
