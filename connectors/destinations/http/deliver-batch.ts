// Owns the delivery of one batch: one call when all goes well, halves of it when the destination refuses it as a whole.
import { failureOf } from '../../../domain/failure';
import { doubtRefusals, rowOutcome } from '../../../domain/row-outcome';
import { ConnectorFailure } from '../../connector-failure';
import type { BatchAnswer, OutgoingBatch, RowRefusal } from '../../destination';
import type { BatchBody } from './batch-body';
import { bodyMessage, parsedJson, shownWord, valueAt } from './foreign-text';
import type { HttpAnswer } from './http-client';
import type { HttpConfig } from './http-config';
import { callEndpoint, type CallScope, type HttpEndpoint } from './http-endpoint';
import { judgeAnswer } from './judge-answer';
import type { PieceAnswer } from './piece-answer';
import { readResults } from './read-results';

// Past 64 refused pieces bad rows are everywhere, and more halving costs more calls than it saves.
const mostRefusedPieces = 64;

/**
 * One outcome per row. A batch that is refused as a whole (400, 409, 413, 422 and their like) is halved until single
 * rows are refused, always at the same places, each piece under its own idempotency key. Trouble in the middle throws
 * and leaves the whole batch without an answer: its pieces are sent again, which upserts by key make harmless.
 */
export async function deliverBatch(
  endpoint: HttpEndpoint,
  batch: OutgoingBatch,
  body: BatchBody,
  scope: CallScope,
): Promise<BatchAnswer> {
  const outcomes = new Uint8Array(body.rows);
  const refusals: RowRefusal[] = [];
  const pieces: [number, number][] = body.rows === 0 ? [] : [[0, body.rows]];
  let refusedPieces = 0;

  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const [from, to] = piece;
    if (refusedPieces > 0 && performance.now() >= scope.endsAtMs) throw halvingTookTooLong(body.rows);
    const answered = await sendPiece(endpoint, batch, body, from, to, scope);
    if (answered !== null) {
      outcomes.set(answered.outcomes, from);
      for (const refused of answered.refusals) {
        refusals.push({ ...refused, row: from + refused.row, origin: 'destination' });
      }
      continue;
    }
    refusedPieces++;
    // The last pushed is sent first, so rows go out in their order.
    if (refusedPieces > mostRefusedPieces) {
      for (let row = to - 1; row >= from; row--) pieces.push([row, row + 1]);
    } else {
      const middle = from + Math.ceil((to - from) / 2);
      pieces.push([middle, to], [from, middle]);
    }
  }
  if (scope.unanswered) doubtRefusals(outcomes);
  return { outcomes, refusals, callMs: scope.callMs };
}

/** The answer of one piece; null when it holds several rows and was refused as a whole. */
async function sendPiece(
  endpoint: HttpEndpoint,
  batch: OutgoingBatch,
  body: BatchBody,
  from: number,
  to: number,
  scope: CallScope,
): Promise<PieceAnswer | null> {
  const { config } = endpoint;
  const isWhole = from === 0 && to === body.rows;
  const deleting = batch.kind === 'delete';
  const call = {
    method: deleting ? config.deleteMethod : config.method,
    url: deleting ? (config.deleteUrl ?? config.url) : config.url,
    headers: {
      'content-type': 'application/json',
      accept: 'application/json',
      'accept-encoding': 'identity',
      'user-agent': 'signalsmith-sync-runs',
      ...config.headers,
      'idempotency-key': isWhole ? batch.key : `${batch.key}/${from}-${to}`,
    },
    body: body.body(from, to),
  };
  const { verdict, answer } = await callEndpoint(endpoint, call, to - from, scope, judgeAnswer);
  // Whoever refuses rows has let us in as well.
  endpoint.slots.openAll();
  if (verdict === 'accepted') return readResults(answer.text, config, body.asked(from, to));
  return to - from > 1 ? null : refusedRow(answer, config);
}

function refusedRow(answer: HttpAnswer, config: HttpConfig): PieceAnswer {
  const { errorFields, secretTexts } = config;
  const parsed = parsedJson(answer.text);
  // The message may stand in the answer itself or in its list of errors.
  const errors = errorFields.errors === null ? undefined : valueAt(parsed, errorFields.errors);
  const error: unknown = (Array.isArray(errors) ? (errors[0] as unknown) : errors) ?? parsed;
  const text = error === parsed || error === '' ? answer.text : JSON.stringify(error);
  const field = errorFields.field === null ? null : shownWord(valueAt(error, errorFields.field), secretTexts);
  const message = bodyMessage(text, errorFields.message, secretTexts) ?? `HTTP ${answer.status}`;
  return {
    outcomes: [rowOutcome.failed],
    refusals: [{ row: 0, field, message, code: `http_${answer.status}` }],
  };
}

function halvingTookTooLong(rows: number): ConnectorFailure {
  const advice = `finding the refused rows of a batch of ${rows} took too long; a lower batch_rows helps`;
  return new ConnectorFailure(failureOf('destination_unreachable', advice));
}
