// Owns asking the API all the time while a fault is on, and what its answers were worth. Judges by the rules of its errors.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ApiReply, ChaosPlace } from './chaos-place';

/** What a user met who kept asking. */
export interface ProbeReport {
  readonly asked: number;
  readonly unavailable: number;
  /** Calls that the caller gave up after ten seconds. */
  readonly silent: number;
  readonly slowestMs: number;
  /** Answers that are neither a success nor an honest 503, in words. */
  readonly wrong: readonly string[];
}

export interface Probes {
  /** Ends the asking and tells. */
  stop(): Promise<ProbeReport>;
}

const everyMs = 250;

/** Sends `ask` again and again, each after the answer to the one before. */
export function probe(
  ask: () => Promise<ApiReply>,
  heard: (reply: ApiReply) => void = () => undefined,
): Probes {
  const replies: ApiReply[] = [];
  const stopping = new AbortController();
  const asking = (async () => {
    for (; !stopping.signal.aborted; await sleep(everyMs)) {
      const reply = await ask();
      replies.push(reply);
      heard(reply);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await asking;
      return reportOf(replies);
    },
  };
}

/** The list of syncs: one read of the database. */
export function askSyncs(place: ChaosPlace): () => Promise<ApiReply> {
  return () => place.send('GET', '/api/v1/syncs');
}

function reportOf(replies: readonly ApiReply[]): ProbeReport {
  const silent = replies.filter(({ body }) => String(body).startsWith('TimeoutError'));
  const wrong = replies
    .filter((reply) => (reply.status >= 300 || reply.status === 0) && !silent.includes(reply))
    .flatMap(faultOf);
  return {
    asked: replies.length,
    unavailable: replies.filter(({ status }) => status === 503).length,
    silent: silent.length,
    slowestMs: Math.max(0, ...replies.map(({ tookMs }) => tookMs)),
    wrong: [...new Set(wrong)],
  };
}

function faultOf({ status, headers, body }: ApiReply): string[] {
  if (status !== 503) return [`${status} ${String(body?.code ?? body)}`];
  const isProblem = headers.get('content-type')?.startsWith('application/problem+json') === true;
  if (!isProblem) return ['503 that is no problem+json'];
  return headers.get('retry-after') === null ? ['503 without Retry-After'] : [];
}
