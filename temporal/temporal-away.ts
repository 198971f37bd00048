// Owns telling that Temporal does not answer at all from its refusing one call. Retries nothing.
import { isGrpcServiceError, ServiceError } from '@temporalio/client';
import { NamespaceNotFoundError } from '@temporalio/common';

// Of gRPC's codes: cancelled by a connection that went, deadline exceeded, resource exhausted, unavailable.
const awayCodes: readonly number[] = [1, 4, 8, 14];

/** Whether any other call would have met the same trouble. */
export function isTemporalAway(error: unknown): boolean {
  // A server that is starting has no namespace yet.
  if (error instanceof NamespaceNotFoundError) return true;
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && awayCodes.includes(cause.code);
}
