// Owns what the calls of all alert channels have in common: their limits, and how an answer is kept. What it means is each
// channel's.
import type { AddressGuard } from '../address-guard';
import type { ChannelAnswer } from '../alert-channel';
import { headerOf, type HttpAnswer } from '../http/answer-reader';
import { shownText } from '../http/foreign-text';
import { CallTrouble, type HttpCall, type HttpClient, httpClient } from '../http/http-client';
import { retryAfterMs } from '../http/retry-after';

/** Ten seconds: who takes a message in takes it in at once, and works on it later. */
export const deliveryDeadlineMs = 10_000;
// 64 kB: an answer is a word; of an error page the first 2 kB are kept.
const mostAnswerBytes = 64_000;
const keptAnswerBytes = 2_000;

/** Connections of one channel; a message at a time goes there. */
export function channelClient(guard: AddressGuard): HttpClient {
  return httpClient({ connections: 1, guard, mostAnswerBytes, cutsAnswers: true });
}

/** What came back from one call: an answer, or the trouble there was instead. */
export type CallResult =
  | { readonly answer: HttpAnswer; readonly trouble?: undefined }
  | { readonly answer?: undefined; readonly trouble: string };

/** One call within what is left of the deadline. Throws the signal's reason only. */
export async function callChannel(
  client: HttpClient,
  call: HttpCall,
  leftMs: number,
  signal: AbortSignal,
): Promise<CallResult> {
  if (leftMs <= 0) return { trouble: 'timeout' };
  try {
    return { answer: await client.call(call, leftMs, signal) };
  } catch (error) {
    if (error instanceof CallTrouble) return { trouble: error.message };
    throw error;
  }
}

/** A try that brought no answer. */
export function withoutAnswer(trouble: string, durationMs: number): ChannelAnswer {
  return { verdict: 'trouble', httpStatus: null, error: trouble, answer: null, durationMs };
}

/** A judged answer, with what is kept of it. */
export function judged(
  answer: HttpAnswer,
  verdict: Pick<ChannelAnswer, 'verdict' | 'error' | 'isAboutMessage'>,
  durationMs: number,
  secretTexts: readonly string[],
): ChannelAnswer {
  const askedMs = retryAfterMs(headerOf(answer, 'retry-after'), Date.now(), headerOf(answer, 'date'));
  return {
    ...verdict,
    httpStatus: answer.status,
    answer: keptText(answer.text, secretTexts),
    durationMs,
    ...(verdict.verdict === 'trouble' && askedMs !== undefined ? { retryAfterMs: askedMs } : {}),
  };
}

/** 2 kB at most, without secrets; null: there is nothing. */
function keptText(text: string, secretTexts: readonly string[]): string | null {
  const shown = shownText(text, secretTexts);
  if (shown === null || Buffer.byteLength(shown) <= keptAnswerBytes) return shown;
  // What a cut has left of a sign of several bytes is no sign.
  return Buffer.from(shown)
    .subarray(0, keptAnswerBytes)
    .toString()
    .replace(/\ufffd+$/, '');
}
