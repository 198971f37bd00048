// Owns calls with patience: the turn, the call, its verdict, and a few quick tries. Longer waits are the caller's.
import { failureOf } from '../../../../domain/failure';
import { inlinePauseMs, nextPause } from '../../../../domain/patience';
import { CallWithheld } from '../../../call-withheld';
import { ConnectorFailure } from '../../../connector-failure';
import type { CallPacer } from './call-pacer';
import type { CallSlots } from './call-slots';
import type { HttpAnswer } from '../../../http/answer-reader';
import { CallTrouble, type HttpCall, type HttpClient } from '../../../http/http-client';
import type { HttpConfig } from '../http-config';
import type { Verdict } from './judge-answer';
import { pause } from './pause';

// Two more tries get past a restart or a connection closed while idle; what lasts longer is not for this loop.
const triesPerCall = 3;

/** What all lanes of one destination share. */
export interface HttpEndpoint {
  readonly config: HttpConfig;
  readonly client: HttpClient;
  readonly pacer: CallPacer;
  readonly slots: CallSlots;
}

/** One `write`, `check` or `prepare`: when it must have ended, and the calls it made. */
export interface CallScope {
  /** Cuts calls in flight. */
  readonly signal: AbortSignal;
  /** Of a write: no call is begun once it is aborted, so that a batch still waiting for its turn stays unsent. */
  readonly stop: AbortSignal | null;
  /** How long it may take. */
  readonly limitMs: number;
  /** By performance.now(). */
  endsAtMs: number;
  /** The same as a time of day. */
  endsAtTime: number;
  readonly callMs: number[];
  /** Longest wait for the first turn; past it the batch is withheld, to go later. */
  readonly mostTurnMs: number;
  /** Set once a call may have changed something over there. */
  mayHaveApplied: boolean;
  /** Set once such a call had no clear answer: what a later try is refused may have been applied by then. */
  unanswered: boolean;
}

/** Gives the scope its whole time once more, counted from before `noted`, which is to make that known. */
export async function beginAnew(scope: CallScope, noted: () => Promise<void>): Promise<void> {
  const endsAtMs = performance.now() + scope.limitMs;
  const endsAtTime = Date.now() + scope.limitMs;
  await noted();
  scope.endsAtMs = endsAtMs;
  scope.endsAtTime = endsAtTime;
}

export interface JudgedAnswer {
  readonly verdict: Verdict;
  readonly answer: HttpAnswer;
}

/** What an answer means; throws ConnectorFailure for a failure of the run. */
export type Judge = (answer: HttpAnswer, config: HttpConfig) => Verdict;

/** Makes one call, again after short trouble. Throws ConnectorFailure when the trouble lasts or waiting cannot help. */
export async function callEndpoint(
  endpoint: HttpEndpoint,
  call: HttpCall,
  rows: number,
  scope: CallScope,
  judge: Judge,
): Promise<JudgedAnswer> {
  let sinceMs: number | null = null;
  for (let attempt = 1; ; attempt++) {
    try {
      const mostMs = scope.mayHaveApplied ? Infinity : scope.mostTurnMs;
      await whileWanted(scope, (signal) => endpoint.pacer.turn(rows, signal, mostMs));
      // The stretch of trouble begins with the first call, its turn not counted: after a timeout there is no time
      // left for quick tries.
      sinceMs ??= performance.now();
      const answer = await callOnce(endpoint, call, scope);
      const verdict = judge(answer, endpoint.config);
      // A refusal counts too: some destinations apply the rows before the bad one.
      scope.mayHaveApplied = true;
      return { answer, verdict };
    } catch (error) {
      if (!(error instanceof ConnectorFailure)) throw error;
      noteForAllLanes(endpoint.pacer, error);
      if (!error.nothingApplied) scope.mayHaveApplied = scope.unanswered = true;
      if (!error.retryable || attempt >= triesPerCall) throw ofWholeScope(error, scope);
      const trouble = { spentMs: sinceMs === null ? 0 : performance.now() - sinceMs, attempt };
      const wait = nextPause(trouble, inlinePauseMs, Math.random(), error.retryAfterMs);
      if (wait === null || performance.now() + wait >= scope.endsAtMs) throw ofWholeScope(error, scope);
      await whileWanted(scope, (signal) => pause(wait, signal));
    }
  }
}

/**
 * Waits before a call. Where nothing may have been applied yet a stop ends the wait, and the batch is as it was; where
 * something may have, the next call is what settles it, and the grace period of open calls holds for it too.
 */
async function whileWanted(scope: CallScope, wait: (signal: AbortSignal) => Promise<void>): Promise<void> {
  const { stop, signal } = scope;
  if (stop === null || scope.mayHaveApplied) return wait(signal);
  try {
    stop.throwIfAborted();
    await wait(stop);
    // Asked again: a turn that is free at once does not look at its signal.
    stop.throwIfAborted();
  } catch (error) {
    throw stop.aborted ? new CallWithheld(stop.reason) : error;
  }
}

async function callOnce(
  { config, client }: HttpEndpoint,
  call: HttpCall,
  scope: CallScope,
): Promise<HttpAnswer> {
  const leftMs = scope.endsAtMs - performance.now();
  // performance.now() stands still while the machine sleeps, and Date.now() can be set: a call that is too late by either
  // may land on what a later run has written.
  if (leftMs <= 0 || Date.now() >= scope.endsAtTime)
    throw new ConnectorFailure(failureOf('destination_unreachable', 'timeout'), undefined, true);
  const startedMs = performance.now();
  try {
    return await client.call(call, Math.min(config.timeoutMs, leftMs), scope.signal);
  } catch (error) {
    throw error instanceof CallTrouble ? failureOfTrouble(error) : error;
  } finally {
    scope.callMs.push(performance.now() - startedMs);
  }
}

function failureOfTrouble({ message, mayPass, nothingSent, foreignText }: CallTrouble): ConnectorFailure {
  const code = mayPass ? 'destination_unreachable' : 'destination_misconfigured';
  return new ConnectorFailure(failureOf(code, message, foreignText), undefined, nothingSent);
}

// That the last call applied nothing says nothing of the calls before it.
function ofWholeScope(error: ConnectorFailure, scope: CallScope): ConnectorFailure {
  if (!scope.mayHaveApplied) return error;
  return new ConnectorFailure(error.failure, error.retryAfterMs, false);
}

function noteForAllLanes(pacer: CallPacer, error: ConnectorFailure): void {
  if (error.failure.code === 'destination_auth_expired') pacer.stop(error);
  else if (error.retryAfterMs !== undefined) pacer.hold(error, error.retryAfterMs);
}
