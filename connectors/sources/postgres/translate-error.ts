// Owns turning a source's errors into run failures: the connection's trouble, or the model's, with the user's own line.
import { DatabaseError } from 'pg';
import { failureOf } from '../../../domain/failure';
import { messagePattern } from '../../../domain/message-pattern';
import { ConnectorFailure } from '../../connector-failure';
import { causeOf, connectionTrouble, sqlState } from '../../postgres-error';
import { lineAt } from './model-statement';

/** What is being run, kept up to date while it is, so that an error can be laid at its door. */
export interface StatementFacts {
  /** The user's text as it stood in the statement; null when the statement was ours alone. */
  model: string | null;
  /** Characters of ours before it. */
  before: number;
  readonly timeoutSeconds: number;
  /** performance.now() when it began. */
  startedMs: number;
}

/** The failure that the error amounts to; anything that is no PostgreSQL matter is returned as it is. */
export function sourceFailure(error: unknown, facts: StatementFacts | null): unknown {
  if (error instanceof ConnectorFailure) return error;
  const trouble = connectionTrouble(error);
  if (trouble)
    return new ConnectorFailure(failureOf('source_connection_failed', trouble.detail, causeOf(error)));
  if (!(error instanceof DatabaseError)) return error;
  const passing = passingTrouble(sqlState(error));
  if (passing) return new ConnectorFailure(failureOf('source_connection_failed', passing, causeOf(error)));
  return modelFailure(modelDetail(error, facts), causeOf(error));
}

/** A `model_query_failed` with its detail. */
export function modelFailure(detail: string, cause: string | null = null): ConnectorFailure {
  return new ConnectorFailure(failureOf('model_query_failed', detail, cause));
}

// The server's own passing troubles: the same statement may well succeed in a minute.
function passingTrouble(state: string): string | null {
  if (state === '40001' || state === '40P01') return 'the server cancelled the query over a conflict';
  if (state === '55P03') return 'a lock could not be had in time';
  if (state.startsWith('53')) return 'the server is out of resources';
  return null;
}

function modelDetail(error: DatabaseError, facts: StatementFacts | null): string {
  if (error.code === '57014') return cancelledDetail(facts);
  // exec_parse_message is the routine that refuses a second statement; its message may be translated, its name not.
  if (error.code === '42601' && error.routine === 'exec_parse_message') {
    return 'a model is one statement, and this one has several';
  }
  const position = Number(error.position ?? error.internalPosition ?? Number.NaN);
  const line = facts?.model && error.position ? lineAt(facts.model, position, facts.before) : null;
  if (line === null) return speaksOfRows(sqlState(error)) ? messagePattern(error.message) : error.message;
  // The page's own form; which word it stumbled over is in the cause.
  return `${error.code === '42601' ? 'syntax error' : error.message} at line ${line}`;
}

// Of data, of constraints, and what functions raise: such messages quote the value they stumbled over. A failure's message goes
// to whoever is told of it; the whole one is in the cause.
function speaksOfRows(state: string): boolean {
  return /^(22|23|P0)/.test(state);
}

/** 57014 is one state for a timeout and for somebody's cancel: the clock tells them apart in every language. */
function cancelledDetail(facts: StatementFacts | null): string {
  if (facts && performance.now() - facts.startedMs >= facts.timeoutSeconds * 1000 - 50) {
    return `statement timeout after ${facts.timeoutSeconds} s`;
  }
  return 'the statement was cancelled in the source';
}
