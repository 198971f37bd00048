// Owns doing a request with an Idempotency-Key once: key, effect and answer are committed together, or none of them is.
import type { Knex } from 'knex';
import type { Logger } from 'pino';
import {
  keepAnswer,
  type KeptAnswer,
  type KeyedRequest,
  takeKey,
} from '../../db/idempotency/idempotency-store';
import type { SecretKey } from '../../db/seal';
import type { AfterCommitDependencies, FollowUp } from '../after-commit';
import { keyInFlight, keyReused } from '../errors';
import type { Inspector } from '../configuration/inspector';
import type { Route, RouteAnswer, RouteRequest } from '../route';
import { Inspections, InspectionWanted } from './inspections';

/** What a route is built over while a request has a transaction of its own. */
export interface HeldDependencies extends Required<AfterCommitDependencies> {
  readonly inspector: Inspector;
  /** Whether the transaction has been committed. */
  readonly isCommitted: () => boolean;
}

export interface AnswerOnceDependencies {
  readonly knex: Knex;
  readonly secretKey: SecretKey;
  readonly inspector: Inspector;
  readonly logger: Logger;
  /** Hears how each keyed request went. */
  count(outcome: KeyOutcome): void;
  /** The same route over other connections: it holds no state, so that it may be built for one request. */
  routeOver(route: Route, held: HeldDependencies): Route;
}

/** How a keyed request went. */
export type KeyOutcome = 'done' | 'replayed' | 'in_flight' | 'reused';

/** A request under its key, and the route that does it. */
export interface KeyedCall {
  readonly route: Route;
  readonly keyed: KeyedRequest;
  readonly request: RouteRequest<unknown, unknown>;
}

/** Answers a request under its key. Throws 409 while another one with the key is at work, 422 when that was another request. */
export type AnswerOnce = (call: KeyedCall) => Promise<RouteAnswer>;

export function answerOnce(deps: AnswerOnceDependencies): AnswerOnce {
  return async (call) => {
    const inspections = new Inspections(deps.inspector);
    for (;;) {
      try {
        return await attempt(deps, call, inspections);
      } catch (error) {
        if (!(error instanceof InspectionWanted)) throw error;
        await inspections.make(error.input);
      }
    }
  };
}

async function attempt(
  deps: AnswerOnceDependencies,
  { route, keyed, request }: KeyedCall,
  inspections: Inspections,
): Promise<RouteAnswer> {
  const { knex, secretKey, logger } = deps;
  const followUps: FollowUp[] = [];
  let isCommitted = false;
  // A refusal is thrown, so that nothing is kept of it: mended, the request may come again under the same key.
  const answer = await knex.transaction(async (trx) => {
    const state = await takeKey(trx, secretKey, keyed);
    if (state.is === 'answered') return replayOf(state.answer);
    if (state.is !== 'free') {
      deps.count(state.is);
      throw state.is === 'reused' ? keyReused() : keyInFlight();
    }
    const held = {
      knex: trx,
      inspector: inspections.known,
      afterCommit: (followUp: FollowUp) => void followUps.push(followUp),
      isCommitted: () => isCommitted,
    };
    const given = await deps.routeOver(route, held).handle(request);
    const kept = keptForm(given);
    await keepAnswer(trx, secretKey, keyed, kept);
    return sentForm(kept);
  });
  isCommitted = true;
  deps.count(answer.headers?.[replayHeader] ? 'replayed' : 'done');
  for (const followUp of followUps) {
    await followUp(knex).catch((error: unknown) =>
      logger.warn(
        { request_id: request.requestId, err: error },
        'what follows a request is left to a worker',
      ),
    );
  }
  return answer;
}

const replayHeader = 'Idempotency-Replayed';

function keptForm({ status = 200, headers = {}, etag, body }: RouteAnswer): KeptAnswer {
  return {
    status,
    headers: { ...headers, ...(etag === undefined ? {} : { ETag: `"${etag}"` }) },
    body: body === null || body === undefined ? null : JSON.stringify(body),
  };
}

// The first answer goes out as the kept one does, so that all of them have the same bytes.
function sentForm({ status, headers, body }: KeptAnswer): RouteAnswer {
  const type = body === null ? {} : { 'Content-Type': 'application/json; charset=utf-8' };
  return { status, headers: { ...type, ...headers }, body };
}

function replayOf(kept: KeptAnswer): RouteAnswer {
  const answer = sentForm(kept);
  return { ...answer, headers: { ...answer.headers, [replayHeader]: 'true' } };
}
