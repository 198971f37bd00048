// Owns the one HTML page of the demo inbox: what has come, the newest first, as Slack would show it. Reads only.
import type { ReceivedMessage } from './message-book';

// As many as somebody scrolls through.
const shown = 50;

/** The page as HTML. Every value is escaped: messages hold whatever was sent. It needs no script. */
export function inboxPage(calls: readonly ReceivedMessage[], total: number): string {
  const newest = calls.toReversed().slice(0, shown);
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width">
<title>Demo inbox</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 46rem; padding: 0 1rem; color: #1d2330; }
article { border: 1px solid #d9dde4; border-radius: 8px; padding: .8rem 1rem; margin: 1rem 0; overflow-wrap: anywhere; }
article.refused { border-color: #c62f2f; background: #fdf3f3; }
.meta { color: #5a6375; font-size: 13px; margin: 0; }
h2 { font-size: 17px; margin: .3rem 0; }
.fields { display: grid; grid-template-columns: 1fr 1fr; gap: .3rem 1rem; }
article p, .fields div { white-space: pre-line; margin: .4rem 0; }
</style>
</head>
<body>
<h1>Demo inbox</h1>
<p>What the alert channels of the demo were told, the newest first: “Demo Slack” as Slack would show it, and “Demo webhook”, whose
signature was verified. ${total} ${total === 1 ? 'call' : 'calls'} so far. Also as JSON: <a href="/messages">/messages</a>.</p>
${newest.map(articleOf).join('\n') || '<p>Nothing has come yet.</p>'}
</body>
</html>
`;
}

function articleOf(message: ReceivedMessage): string {
  const { n, at, kind, status, refusal, id, repeat_of: first, body } = message;
  const meta = [
    `#${n}`,
    at.replace('T', ' ').replace(/\.\d+Z$/, ' UTC'),
    kind === 'slack' ? 'Slack' : 'webhook',
    `answered ${status}`,
    ...(refusal === null ? [] : [`refused: ${refusal}`]),
    ...(id === null ? [] : [id]),
    ...(first === null ? [] : [`again: the same as #${first}`]),
  ].map(escape);
  const said = kind === 'slack' ? slackBody(body) : webhookBody(body);
  return `<article${refusal === null ? '' : ' class="refused"'}>
<p class="meta">${meta.join(' · ')}</p>
${said}
<p class="meta"><a href="/messages/${n}">as it came</a></p>
</article>`;
}

interface TextObject {
  readonly text?: unknown;
}

interface Block {
  readonly type?: unknown;
  readonly text?: TextObject;
  readonly fields?: readonly TextObject[];
  readonly elements?: readonly TextObject[];
}

function slackBody(body: unknown): string {
  const { blocks, text } = (body ?? {}) as { blocks?: unknown; text?: unknown };
  if (!Array.isArray(blocks)) return `<p>${mrkdwn(text)}</p>`;
  return (blocks as Block[]).map(blockHtml).join('\n');
}

function blockHtml({ type, text, fields, elements }: Block): string {
  if (type === 'header') return `<h2>${escape(unescaped(text?.text))}</h2>`;
  if (Array.isArray(fields))
    return `<div class="fields">${fields.map((field: TextObject) => `<div>${mrkdwn(field.text)}</div>`).join('')}</div>`;
  if (Array.isArray(elements))
    return elements.map((element: TextObject) => `<p class="meta">${mrkdwn(element.text)}</p>`).join('');
  return `<p>${mrkdwn(text?.text)}</p>`;
}

function webhookBody(body: unknown): string {
  const { type, data } = (body ?? {}) as { type?: unknown; data?: { summary?: unknown } };
  return `<h2>${escape(data?.summary ?? '')}</h2><p class="meta">${escape(type ?? '')}</p>`;
}

/** Slack's markup as far as our messages have any: bold words, and links, whose addresses are shown. */
function mrkdwn(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text
    .split(/(<[^>]*>|\*[^*\n]+\*)/)
    .map((part) => {
      const link = /^<(https?:[^|>]*)\|([^>]*)>$/.exec(part);
      if (link)
        return `<a href="${escape(unescaped(link[1]))}" rel="noreferrer">${escape(unescaped(link[2]))}</a>`;
      if (/^\*[^*]+\*$/.test(part)) return `<strong>${escape(unescaped(part.slice(1, -1)))}</strong>`;
      return escape(unescaped(part));
    })
    .join('');
}

/** Slack's three entities as the signs they stand for. */
function unescaped(text: unknown): string {
  if (typeof text !== 'string') return '';
  return text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
}

function escape(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '');
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
