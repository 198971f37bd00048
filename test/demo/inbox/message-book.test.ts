// What the inbox has received is there after a restart: the newest, with their numbers, and never half a message.
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createInbox, type Inbox } from '../../../demo/inbox/create-inbox';
import { MessageBook } from '../../../demo/inbox/message-book';

let folder: string;
let file: string;
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'inbox-'));
  file = path.join(folder, 'deeper', 'messages.ndjson');
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

const post = (inbox: Inbox, id: string, text: string) =>
  fetch(inbox.webhookUrl, { method: 'POST', headers: { 'webhook-id': id }, body: JSON.stringify({ text }) });

const aCall = (n: number) => ({
  kind: 'webhook' as const,
  status: 204,
  refusal: null,
  id: `dlv_${n}`,
  raw: `{"n":${n}}`,
  headers: {},
});

const linesOf = () => fs.readFileSync(file, 'utf8').trimEnd().split('\n');

test('a restarted inbox shows what came before it, and knows it when it comes again', async () => {
  const first = await createInbox({ file });
  for (const id of ['dlv_1', 'dlv_2']) await post(first, id, `of ${id}`);
  const shown = await (await fetch(`${first.url}/messages`)).text();
  await first.close();
  const second = await createInbox({ file });
  try {
    expect(await (await fetch(`${second.url}/messages`)).text()).toBe(shown);
    await post(second, 'dlv_1', 'of dlv_1');
    expect(second.book.calls().map(({ n, id, repeat_of: of }) => [n, id, of])).toEqual([
      [1, 'dlv_1', null],
      [2, 'dlv_2', null],
      [3, 'dlv_1', 1],
    ]);
  } finally {
    await second.close();
  }
});

test('a message that was cut off by a kill was never answered, and is not there', async () => {
  const book = await MessageBook.open(file);
  for (const n of [1, 2]) book.note(aCall(n));
  book.close();
  fs.truncateSync(file, fs.statSync(file).size - 5);
  const after = await MessageBook.open(file);
  after.note(aCall(3));
  after.close();
  expect(after.calls().map(({ n, body }) => [n, body])).toEqual([
    [1, { n: 1 }],
    [2, { n: 3 }],
  ]);
  expect(linesOf()).toHaveLength(2);
});

test('the newest thousand are kept, and the file does not grow beyond twice as many', async () => {
  const book = await MessageBook.open(file);
  let longest = 0;
  for (let n = 1; n <= 2_500; n += 1) {
    book.note(aCall(n));
    if (n % 500 === 0 || n === 2_001) longest = Math.max(longest, linesOf().length);
  }
  book.close();
  expect(longest).toBe(2_000);
  const after = await MessageBook.open(file);
  after.close();
  expect([after.total, after.calls().length, after.calls()[0]?.n]).toEqual([2_500, 1_000, 1_501]);
  expect(fs.readdirSync(path.dirname(file))).toEqual(['messages.ndjson']);
});

test('an inbox whose port is taken says so', async () => {
  const first = await createInbox({ file });
  await expect(createInbox({ file: path.join(folder, 'other'), port: first.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  await first.close();
});
