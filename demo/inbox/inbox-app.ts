// Owns the demo inbox's HTTP surface: an address that behaves like Slack's incoming webhooks, one that verifies signed
// webhooks, and a page of what has come. What Slack refuses and how signatures are verified stand beside it.
import Koa, { type Context } from 'koa';
import { Router } from '@koa/router';
import type { BehaviourOnDemand, DemandedAnswer } from './inbox-behaviour';
import { inboxPage } from './inbox-page';
import { type MessageBook, parsed, type ReceivedMessage } from './message-book';
import { refusalOf } from './slack-rules';
import { faultOf } from './verify';

// A message of ours has some kilobytes; Slack takes more than this.
const longestBody = 1_000_000;

const shownHeaders = ['content-type', 'user-agent', 'webhook-id', 'webhook-timestamp', 'webhook-signature'];

export interface InboxParts {
  readonly book: MessageBook;
  readonly behaviour: BehaviourOnDemand;
  /** Secrets that a webhook may be signed with; none: no signature is asked for. */
  readonly secrets: () => readonly string[];
}

/** How a call ends. */
interface Ending {
  readonly status: number;
  readonly text: string;
  readonly refusal: string | null;
  readonly headers?: Readonly<Record<string, string>>;
}

/** A Koa app that does not listen. Reading needs no key, so that a browser can look. */
export function createInboxApp(parts: InboxParts): Koa {
  const { book } = parts;
  const app = new Koa();
  const router = new Router();

  router.post('/services/:team/:service/:key', (ctx) => receive(ctx, 'slack', parts, slackEnding));
  router.post('/services/*rest', (ctx) =>
    receive(ctx, 'slack', parts, () => refused({ status: 404, word: 'no_service' })),
  );
  router.post('/webhook', (ctx) => receive(ctx, 'webhook', parts, webhookEnding));

  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.set(
      'Content-Security-Policy',
      "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'",
    );
    ctx.set('X-Content-Type-Options', 'nosniff');
    ctx.body = inboxPage(book.calls(), book.total);
  });
  router.get('/messages', (ctx) => {
    ctx.body = { messages: book.taken(), calls: book.total };
  });
  // A page of its own: what is unfolded on one that reloads itself is folded again before it is read.
  router.get('/messages/:n', (ctx) => {
    const message = book.calls().find(({ n }) => String(n) === ctx['params'].n);
    if (message) ctx.body = message;
  });

  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

type Judge = (call: Call, parts: InboxParts) => Ending;

interface Call {
  readonly raw: string;
  /** Null when it is no JSON. */
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;
}

async function receive(
  ctx: Context,
  kind: ReceivedMessage['kind'],
  parts: InboxParts,
  judge: Judge,
): Promise<void> {
  const { behaviour, book } = parts;
  const call = await read(ctx);
  await behaviour.delay();
  // A caller that hung up while it waited gets nothing done.
  if (!(await behaviour.untilAwake(ctx.res, 'before'))) return void (ctx.respond = false);
  const demanded = behaviour.demanded(kind);
  const ending = demanded ? demandedEnding(demanded) : judge(call, parts);
  const { status, refusal } = ending;
  const { raw, headers } = call;
  book.note({ kind, status, refusal, id: headers['webhook-id'] ?? null, raw, headers });
  if (!(await behaviour.untilAwake(ctx.res, 'after'))) return void (ctx.respond = false);
  ctx.status = status;
  ctx.type = 'text/plain';
  ctx.set({ ...ending.headers });
  ctx.body = ending.text;
}

function slackEnding({ body, headers }: Call): Ending {
  if (!headers['content-type']?.startsWith('application/json') || body === null)
    return refused({ status: 400, word: 'invalid_payload' });
  const refusal = refusalOf(body);
  return refusal ? refused(refusal) : { status: 200, text: 'ok', refusal: null };
}

function webhookEnding({ raw, headers }: Call, { secrets }: InboxParts): Ending {
  const known = secrets();
  const fault =
    known.length === 0
      ? null
      : faultOf(
          {
            id: headers['webhook-id'] ?? '',
            timestamp: headers['webhook-timestamp'] ?? '',
            signature: headers['webhook-signature'] ?? '',
            body: raw,
          },
          known,
        );
  return fault === null
    ? { status: 204, text: '', refusal: null }
    : { status: 401, text: fault, refusal: fault };
}

function refused({ status, word }: { status: number; word: string }): Ending {
  return { status, text: word, refusal: word };
}

function demandedEnding({ status, text, headers = {} }: DemandedAnswer): Ending {
  const isTaken = status >= 200 && status < 300;
  return { status, text, headers, refusal: isTaken ? null : `HTTP ${status} ${text}`.trim() };
}

async function read(ctx: Context): Promise<Call> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of ctx.req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > longestBody) ctx.throw(413, 'the body is too long');
    chunks.push(chunk);
  }
  const raw = Buffer.concat(chunks).toString('utf8');
  const headers = Object.fromEntries(
    shownHeaders.flatMap((name) => (ctx.get(name) ? [[name, ctx.get(name)]] : [])),
  );
  return { raw, body: parsed(raw), headers };
}
