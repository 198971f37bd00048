// Owns turning whatever was thrown into application/problem+json. Unknown errors are logged and answered without detail.
import type { Logger } from 'pino';
import { goneReference } from '../../db/configuration/gone-reference';
import { NameTakenError } from '../../db/configuration/name-taken';
import {
  isDatabaseTrouble,
  isDatabaseUnavailable,
  isStatementTimeout,
  isUnstorable,
} from '../../db/database-error';
import { SyncNotFoundError } from '../../db/configuration/sync-lock';
import { mostQueuedRuns, QueueFullError } from '../../db/runs/queue-limit';
import type { ApiContext, Next } from '../api-context';
import { ApiError, nameTaken, notFound, queueFull, unavailable, unprocessable } from '../errors';
import { InspectionUnavailableError } from '../configuration/inspector';
import { problemTable, problemType } from '../problems/problems';

/** Must stand outside everything that can throw. */
export function handleErrors(logger: Logger) {
  return async (ctx: ApiContext, next: Next): Promise<void> => {
    try {
      await next();
    } catch (error) {
      const problem = asApiError(error);
      if (problem.status >= 500) {
        logger.error({ request_id: ctx.state.requestId, code: problem.code, err: error }, 'request failed');
      } else if (isUnstorable(error)) {
        // Schemas are to refuse it: the one that did not has to be found.
        logger.warn({ request_id: ctx.state.requestId, err: error }, 'a value came as far as the database');
      }
      writeProblem(ctx, problem);
    }
  };
}

function writeProblem(ctx: ApiContext, problem: ApiError): void {
  ctx.status = problem.status;
  ctx.set({ ...problem.headers });
  ctx.body = JSON.stringify({
    type: problemType(problem.code),
    title: problemTable[problem.code].title,
    status: problem.status,
    detail: problem.detail,
    instance: ctx.path,
    code: problem.code,
    request_id: ctx.state.requestId,
    errors: problem.faults,
    ...problem.members,
  });
  ctx.type = 'application/problem+json';
}

// Five seconds: a database restarts or fails over within a few of them.
const databaseRetrySeconds = 5;
// Ten seconds: workers restart within them.
const inspectionRetrySeconds = 10;

function asApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  if (error instanceof NameTakenError) return nameTaken(error.taken);
  if (error instanceof SyncNotFoundError) return notFound('This sync');
  if (error instanceof QueueFullError) return queueFull(mostQueuedRuns);
  if (isStatementTimeout(error)) {
    const detail = 'The database took too long for this; ask for less of it, or try again soon.';
    return unavailable('query_timed_out', detail, databaseRetrySeconds);
  }
  if (isDatabaseTrouble(error)) {
    const trouble = isDatabaseUnavailable(error) ? 'does not answer' : 'could not do this just now';
    const detail = `The database ${trouble}; try again soon.`;
    return unavailable('database_unavailable', detail, databaseRetrySeconds);
  }
  if (error instanceof InspectionUnavailableError) {
    const detail = error.isBusy
      ? 'The workers are busy with other inspections; try again soon.'
      : 'No worker answered in time; try again soon.';
    return unavailable('inspection_unavailable', detail, inspectionRetrySeconds);
  }
  const gone = goneReference(error);
  if (gone) {
    const detail = `This ${gone} does not exist.`;
    return unprocessable([{ pointer: `/${gone}_id`, code: `unknown_${gone}`, detail }]);
  }
  if (isUnstorable(error)) {
    return new ApiError('invalid_request', 'The request holds a value that cannot be stored.');
  }
  return new ApiError('internal', 'Something went wrong on our side; the request id helps to find it.');
}
