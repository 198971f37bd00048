// Owns finding the failure in what the work of a run threw: by codes, never by message text.
import { ActivityFailure, ApplicationFailure } from '@temporalio/workflow';
import { type Failure, failureOf, isFailureCode } from '../domain/failure';

/** The failure inside whatever the work threw; anything without one of our codes is internal. */
export function failureIn(error: unknown): Failure {
  const cause = error instanceof ActivityFailure ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.type && isFailureCode(cause.type)) {
    const detail = cause.details?.[0] as Failure | undefined;
    return detail ?? { ...failureOf(cause.type), message: cause.message };
  }
  const text = cause instanceof Error ? cause.message : String(cause);
  return failureOf('internal', undefined, text);
}
