// Owns what the demo's inbox has to show once a start is ready: a sync that failed is told of once, however often it failed,
// and again when it works. Starts nothing.
import { until } from './until';

interface Message {
  readonly kind: 'slack' | 'webhook';
  readonly body: { readonly text?: string; readonly data?: { readonly summary: string } };
}

const sync = 'Accounts to a table';

/** What each of the two channels is told of the sync, in its order. */
const told = [
  `${sync} failed: Model query failed: column "plan" does not exist at line 1`,
  `${sync} has failed 3 times in a row: Model query failed: column "plan" does not exist at line 1`,
  `${sync} works again: `,
  `${sync} works again: `,
];
const ends = [
  /: run_\w+ completed .+, after 3 failures in a row$/,
  /: run_\w+ completed .+, after 3 failures over \d+ s$/,
];

/** `output`: of a start, with its Ready block. */
export async function expectTheInboxToTell(output: string): Promise<void> {
  const url = /alerts \(inbox\) +(\S+)/.exec(output)?.[1];
  const messages = await until('the messages in the inbox', async () => {
    const all = await messagesAt(`${url}/messages`);
    return all.length >= 2 * told.length ? all : null;
  });
  for (const kind of ['slack', 'webhook'] as const) {
    const sentences = messages.filter((message) => message.kind === kind).map(sentenceOf);
    expect(sentences).toEqual(told.map((text) => expect.stringContaining(text)));
    for (const end of ends) expect(sentences).toContainEqual(expect.stringMatching(end));
  }
  expect(await (await fetch(String(url))).text()).toContain('3 times since');
}

async function messagesAt(url: string): Promise<Message[]> {
  const { messages } = (await (await fetch(url)).json()) as { messages: Message[] };
  return messages.filter((message) => sentenceOf(message).includes(sync));
}

function sentenceOf({ body }: Message): string {
  return (body.text ?? body.data?.summary ?? '').split('\n')[0] ?? '';
}
