// Owns the errors routes throw to answer with a problem: one factory per kind. Does not write the answer.
import type { TokenScope } from '../db/configuration/token-store';
import { mostReadings } from '../domain/row-key';
import type { FinalStatus, RunStatus } from '../domain/run';
import { type ProblemCode, problemTable } from './problems/problems';

/** One fault of a request. `pointer`: JSON pointer into the body, or `/<name>` of a query parameter. */
export interface Fault {
  readonly pointer: string;
  readonly code: string;
  readonly detail: string;
}

/** Anything a request can be refused with; becomes application/problem+json. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly code: ProblemCode,
    /** One sentence for the caller. */
    readonly detail: string,
    readonly faults: readonly Fault[] = [],
    readonly headers: Readonly<Record<string, string>> = {},
    /** Members of the problem beside the usual ones. */
    readonly members: Readonly<Record<string, string>> = {},
  ) {
    super(detail);
  }

  get status(): number {
    return problemTable[this.code].status;
  }
}

export function notFound(what: string): ApiError {
  return new ApiError('not_found', `${what} does not exist.`);
}

export function methodNotAllowed(method: string, allowed: readonly string[]): ApiError {
  const detail = `${method} is not possible here; possible: ${allowed.join(', ')}.`;
  return new ApiError('method_not_allowed', detail, [], { Allow: allowed.join(', ') });
}

export function unauthenticated(detail: string): ApiError {
  return new ApiError('unauthenticated', detail, [], { 'WWW-Authenticate': 'Bearer realm="signalsmith"' });
}

export function scopeMissing(scope: TokenScope): ApiError {
  const challenge = `Bearer realm="signalsmith", error="insufficient_scope", scope="${scope}"`;
  return new ApiError('scope_missing', `This needs a token with the scope "${scope}".`, [], {
    'WWW-Authenticate': challenge,
  });
}

/** Most faults that an answer tells: whoever mends a hundred learns the rest from the next answer. */
const mostFaults = 100;

/** The first faults, and how many more there are. */
function told(faults: readonly Fault[]): readonly Fault[] {
  const more = faults.length - mostFaults;
  if (more <= 0) return faults;
  const rest = { pointer: '', code: 'more_faults', detail: `And ${more} more, which are not listed.` };
  return [...faults.slice(0, mostFaults), rest];
}

export function invalidRequest(faults: readonly Fault[]): ApiError {
  return new ApiError('invalid_request', summaryOf(faults), told(faults));
}

/** A cursor that leads nowhere in this list. */
export function invalidCursor(code: 'unknown_cursor' | 'foreign_cursor', detail: string): ApiError {
  return new ApiError('invalid_cursor', detail, [{ pointer: '/cursor', code, detail }]);
}

/** Faults that only stored data shows: an unknown reference, a mapping that does not fit. */
export function unprocessable(faults: readonly Fault[], code: ProblemCode = 'unprocessable'): ApiError {
  return new ApiError(code, summaryOf(faults), told(faults));
}

export function nameTaken(name: string): ApiError {
  const detail = `The name "${name}" is already used in this workspace.`;
  return new ApiError('name_taken', detail, [{ pointer: '/name', code: 'name_taken', detail }]);
}

/** `what`: `This model`; `users`: what needs it, by name. */
export function inUse(what: string, users: readonly string[]): ApiError {
  return new ApiError('in_use', `${what} is still used by ${users.join(', ')}.`);
}

export function preconditionRequired(): ApiError {
  return new ApiError('precondition_required', 'Send If-Match with the ETag of what you have read.');
}

export function preconditionFailed(): ApiError {
  return new ApiError(
    'precondition_failed',
    'It was changed since you read it: read it again, then change it.',
  );
}

/** A sync cannot go while a run of it is not finished. */
export function syncActive(blockingRun: string): ApiError {
  const detail = `The run ${blockingRun} is not finished: cancel it, or wait for its end.`;
  return new ApiError('sync_active', detail, [], {}, { blocking_run: blockingRun });
}

/** The row is at the destination of a mirror sync, as far as the sync knows. */
export function rowStillMirrored(): ApiError {
  const detail =
    'This sync deletes at the destination what its model no longer has, and needs the row’s key for that. Take the row out of the model, let a run delete it, and erase it then.';
  return new ApiError('row_still_mirrored', detail);
}

/** The row key can be read as too many keys of several columns. */
export function ambiguousRowKey(): ApiError {
  const detail = `With this many commas it can be read as more than ${mostReadings} keys of the sync’s columns.`;
  return unprocessable([{ pointer: '/row_key', code: 'ambiguous_row_key', detail }]);
}

/** `most` runs of the sync are waiting. */
export function queueFull(most: number): ApiError {
  const detail = `${most} runs of this sync are waiting, and no more may: cancel some, or wait until some have run.`;
  return new ApiError('queue_full', detail);
}

/** What is over is neither acknowledged nor muted. */
export function alertResolved(): ApiError {
  const detail = 'The alert is resolved; when its cause comes again, another one is opened.';
  return new ApiError('alert_resolved', detail, [], {}, { alert_state: 'resolved' });
}

/** A run that has completed or failed stays so. */
export function runFinished(status: FinalStatus): ApiError {
  return new ApiError(
    'run_finished',
    `The run has already ended: it is ${status}.`,
    [],
    {},
    { run_status: status },
  );
}

/** A run that cannot be retried, or not in this way. */
export function retryRefused(
  code: 'run_not_finished' | 'nothing_to_retry' | 'retry_scope_lost',
  detail: string,
  status: RunStatus,
): ApiError {
  return new ApiError(code, detail, [], {}, { run_status: status });
}

/** Another request with the same key has not been answered yet. */
export function keyInFlight(): ApiError {
  const detail = 'A request with this Idempotency-Key has not been answered yet; repeat it soon.';
  // One second: most requests take less.
  return new ApiError('idempotency_key_in_flight', detail, [], { 'Retry-After': '1' });
}

export function keyReused(): ApiError {
  const detail =
    'This Idempotency-Key was sent here with another query or body, or by another token; a new request needs a new key.';
  return new ApiError('idempotency_key_reused', detail);
}

/** `headers` tell how the limit stands. */
export function tooManyRequests(
  who: 'token' | 'workspace',
  limit: string,
  perMinute: number,
  retryAfterSeconds: number,
  headers: Readonly<Record<string, string>>,
): ApiError {
  const detail = `The ${who} may make ${perMinute} ${limit} a minute; the next one in ${retryAfterSeconds} s.`;
  const all = { ...headers, 'Retry-After': String(retryAfterSeconds) };
  return new ApiError('too_many_requests', detail, [], all, { limit });
}

/** `retryAfterSeconds`: when asking again may help. */
export function unavailable(
  code: 'database_unavailable' | 'query_timed_out' | 'inspection_unavailable',
  detail: string,
  retryAfterSeconds: number,
): ApiError {
  return new ApiError(code, detail, [], { 'Retry-After': String(retryAfterSeconds) });
}

function summaryOf(faults: readonly Fault[]): string {
  const [first] = faults;
  if (!first) return 'The request has a fault.';
  const rest = faults.length > 1 ? ` (and ${faults.length - 1} more)` : '';
  return `${first.pointer || 'The whole body'}: ${first.detail}${rest}`;
}
