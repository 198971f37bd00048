// Owns the demo CRM's HTTP surface: paths, key, limits, and the form of answers. What a call does is the contact book's.

import crypto from 'node:crypto';
import { bodyParser } from '@koa/bodyparser';
import { Router } from '@koa/router';
import Koa, { type Context } from 'koa';
import type { BehaviourSwitch } from './behaviour';
import type { CallEntry } from './call-entry';
import type { Contact, ContactFields } from './contact';
import type { Call, ContactBook } from './contact-book';
import { answerErrors, limitRate, maxBody, onlyPost, refuseBody, refusing, requireKey } from './gates';
import { overviewPage } from './overview-page';

/** Rows one call may bring; more is answered 413. Bulk APIs of CRMs stop between 200 and 10,000. */
const maxRowsPerCall = 1000;

/** A Koa app over the contacts; it does not listen. Reading needs no key, so that a browser can look. */
export function createCrmApp(book: ContactBook, behaviour: BehaviourSwitch, apiKey: string): Koa {
  const app = new Koa();
  const router = new Router();
  const needsKey = requireKey(apiKey, () => true);
  const needsLiveKey = requireKey(apiKey, () => !behaviour.now.expire_key);
  const readBody = bodyParser({ enableTypes: ['json'], jsonLimit: maxBody, onError: refuseBody });

  const addCall = (path: string, operation: Call['operation']): void => {
    // The key is asked for before the method, so that any request can serve a caller as a check of its access.
    router.all(path, refusing(book, operation, needsLiveKey), onlyPost);
    router.post(path, refusing(book, operation, limitRate(behaviour)), readBody, (ctx) =>
      answerCall(ctx, operation, book, behaviour),
    );
  };
  addCall('/api/contacts/batch', 'upsert');
  addCall('/api/contacts/delete', 'delete');

  router.get('/', (ctx) => {
    ctx.type = 'html';
    ctx.set('Content-Security-Policy', "default-src 'none'; style-src 'unsafe-inline'");
    ctx.body = overviewPage(book);
  });
  router.get('/api/contacts', (ctx) => {
    // 100 contacts are a readable page, 1,000 a quick answer.
    const perPage = pageNumber(ctx.query['per_page'], 100, 1000);
    const page = pageNumber(ctx.query['page'], 1, Number.MAX_SAFE_INTEGER);
    const contacts = book.all();
    const data = contacts.slice((page - 1) * perPage, page * perPage).map(presentContact);
    ctx.body = { data, page, per_page: perPage, total: contacts.length };
  });
  router.get('/api/contacts/:id', (ctx) => {
    const contact = book.find(ctx.params['id'] ?? '');
    ctx.body = contact ? presentContact(contact) : ctx.throw(404, 'no such contact');
  });
  router.get('/api/stats', (ctx) => {
    ctx.body = book.stats();
  });

  router.get('/admin/ledger', needsKey, (ctx) => {
    const after = pageNumber(ctx.query['after'], 0, Number.MAX_SAFE_INTEGER);
    const limit = pageNumber(ctx.query['limit'], Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER);
    ctx.body = { calls: book.callsAfter(after, limit).map(presentCall), total: book.stats().calls };
  });
  router.post('/admin/behaviour', needsKey, readBody, (ctx) => {
    const fault = behaviour.change(ctx.request.body);
    if (fault !== null) ctx.throw(400, fault);
    ctx.body = behaviour.now;
  });
  router.post('/admin/clear', needsKey, (ctx) => {
    book.clear();
    ctx.body = book.stats();
  });

  app.use(answerErrors);
  app.use(router.routes());
  app.use(router.allowedMethods());
  return app;
}

async function answerCall(
  ctx: Context,
  operation: Call['operation'],
  book: ContactBook,
  behaviour: BehaviourSwitch,
): Promise<void> {
  if (behaviour.now.latency_ms > 0) {
    await new Promise((resolve) => setTimeout(resolve, behaviour.now.latency_ms));
  }
  // A caller that hung up while it waited gets nothing done, as a server that starts to work after accepting would do.
  if (!(await behaviour.untilAwake(ctx.res))) return void (ctx.respond = false);

  const call = { operation, idempotencyKey: ctx.get('Idempotency-Key') || null, bodySha256: bodyDigest(ctx) };
  const rows = rowsOf(ctx.request.body);
  if (rows === null || rows.length > maxRowsPerCall) {
    const status = rows === null ? 400 : 413;
    book.note(call, status);
    ctx.throw(
      status,
      rows === null ? 'records must be an array of objects' : `at most ${maxRowsPerCall} records a call`,
    );
  }
  const earlier = book.callByKey(call.idempotencyKey);
  if (earlier && (earlier.body_sha256 !== call.bodySha256 || earlier.operation !== operation)) {
    book.note(call, 422);
    ctx.throw(422, 'this Idempotency-Key was used for another call');
  }
  if (earlier) book.note(call, 200, earlier.n);
  const results = earlier ? earlier.results : book.carryOut({ ...call, rows });
  if (behaviour.now.hang === 'after_write') return void (ctx.respond = false);
  ctx.body = { results };
}

// Foreign words on the wire: this API, like most CRMs, calls its rows records.
function rowsOf(body: unknown): ContactFields[] | null {
  const rows = (body as { records?: unknown } | null | undefined)?.records;
  if (!Array.isArray(rows)) return null;
  return rows.every((row) => typeof row === 'object' && row !== null && !Array.isArray(row)) ? rows : null;
}

function bodyDigest(ctx: Context): string {
  return crypto
    .createHash('sha256')
    .update(ctx.request.rawBody ?? '')
    .digest('hex');
}

function presentContact(contact: Contact) {
  return {
    id: contact.id,
    ...contact.fields,
    CreatedDate: contact.created_at,
    LastModifiedDate: contact.updated_at,
  };
}

function presentCall(call: CallEntry) {
  return {
    n: call.n,
    at: call.at,
    operation: call.operation,
    http_status: call.http_status,
    idempotency_key: call.idempotency_key,
    replay_of: call.replay_of,
    row_ids: call.results.map((result) => result.external_id),
    outcomes: call.results.map((result) => result.status),
  };
}

function pageNumber(text: string | string[] | undefined, fallback: number, most: number): number {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= 0
    ? Math.min(Math.max(value, Math.min(fallback, 1)), most)
    : fallback;
}
