// Owns the delivery of one batch: one call when all goes well, halves of it when the destination refuses it as a whole.
import { doubtRefusals, goesAlone, isJudged, rowOutcome } from '../../../../domain/row-outcome';
import type { BatchAnswer, BatchSoFar, OutgoingBatch, RowRefusal } from '../../../destination';
import type { BatchBody } from './batch-body';
import { bodyMessage, parsedJson, shownWord, valueAt } from '../../../http/foreign-text';
import type { HttpAnswer } from '../../../http/answer-reader';
import type { HttpConfig } from '../http-config';
import { beginAnew, callEndpoint, type CallScope, type HttpEndpoint } from '../calls/http-endpoint';
import { judgeAnswer } from '../calls/judge-answer';
import type { PieceAnswer } from './piece-answer';
import { readResults } from './read-results';

// Past 64 refused pieces bad rows are everywhere, and more halving costs more calls than it saves.
const mostRefusedPieces = 64;

// A crash asks again about five seconds of rows; and of the time of a write (two timeouts and ten seconds) enough is left
// for a whole call and its quick tries.
const keepEveryMs = 5_000;

const nothingSoFar: BatchSoFar = { outcomes: null, keep: async () => undefined };

/**
 * One outcome per row. A batch that is refused as a whole (400, 409, 413, 422 and their like) is halved until single
 * rows are refused, always at the same places, each piece under its own idempotency key. What is known is kept on the
 * way, so that it may take as long as it is answered. Trouble in the middle throws and leaves the batch without an
 * answer: a further try sends the piece that has none, under its key, and what comes after it.
 */
export async function deliverBatch(
  endpoint: HttpEndpoint,
  batch: OutgoingBatch,
  body: BatchBody,
  scope: CallScope,
  soFar: BatchSoFar = nothingSoFar,
): Promise<BatchAnswer> {
  const outcomes = soFar.outcomes ? Uint8Array.from(soFar.outcomes) : new Uint8Array(body.rows);
  const refusals: RowRefusal[] = [];
  const pieces: [number, number][] = body.rows === 0 ? [] : [[0, body.rows]];
  let refusedPieces = 0;
  let hasNews = false;
  let keptMs = performance.now();
  const known = (): BatchAnswer => {
    const told = outcomes.slice();
    if (scope.unanswered) doubtRefusals(told);
    return { outcomes: told, refusals, callMs: scope.callMs };
  };

  for (let piece = pieces.pop(); piece; piece = pieces.pop()) {
    const [from, to] = piece;
    const standing = standingOf(outcomes, from, to);
    if (standing === 'judged') continue;
    if (performance.now() - keptMs >= keepEveryMs) {
      keptMs = performance.now();
      await beginAnew(scope, () => soFar.keep(known(), scope.unanswered));
    }
    if (standing === 'open') {
      let answered: PieceAnswer | null;
      try {
        answered = await sendPiece(endpoint, batch, body, from, to, scope);
      } catch (error) {
        // What cannot be kept is asked about once more; the trouble is what there is to tell.
        if (hasNews) await soFar.keep(known(), true).catch(() => undefined);
        throw error;
      }
      if (answered !== null) {
        hasNews = true;
        outcomes.set(answered.outcomes, from);
        for (const refused of answered.refusals) {
          refusals.push({ ...refused, row: from + refused.row, origin: 'destination' });
        }
        continue;
      }
      refusedPieces++;
      if (refusedPieces > mostRefusedPieces) {
        outcomes.fill(goesAlone, from, to);
        // Kept before the first of them goes: whoever goes on from here cuts at the same places.
        keptMs = -Infinity;
      }
    }
    // The last pushed is sent first, so rows go out in their order.
    const middle = from + Math.ceil((to - from) / 2);
    pieces.push([middle, to], [from, middle]);
  }
  return known();
}

/**
 * What is to be done with a piece: it is `open` and goes out as it is; or all its rows are `judged`; or it is `split`,
 * since a call with all of it was refused before.
 */
function standingOf(outcomes: Uint8Array, from: number, to: number): 'open' | 'judged' | 'split' {
  const rows = outcomes.subarray(from, to);
  if (rows.every(isJudged)) return 'judged';
  return rows.length === 1 || rows.every((outcome) => outcome === rowOutcome.unknown) ? 'open' : 'split';
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
