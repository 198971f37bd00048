// Owns turning a destination's errors into run failures, and telling them apart from what is wrong with single rows.
import { DatabaseError } from 'pg';
import { failureOf } from '../../../domain/failure';
import { ConnectorFailure } from '../../connector-failure';
import { causeOf, connectionTrouble, sqlState } from '../../postgres-error';

/**
 * SQLSTATE classes that speak of the connection, the transaction, the schema or the server, never of one row's values.
 * All others are a row's matter: data exceptions, constraints, and whatever a trigger raises.
 */
export const runLevelClasses = [
  '08',
  '0A',
  '25',
  '26',
  '28',
  '3B',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '55',
  '57',
  '58',
  'F0',
  'XX',
];

/** datatype_mismatch stands in class 42 but speaks of a value. */
export const rowLevelExceptions = ['42804'];

/** insufficient_privilege: of the role in general, but of one row where row security is on. */
export const rowSecurityState = '42501';

/** Whether the error is about values of some row, so that the others can still be written. */
export function isRowTrouble(error: unknown, rowSecurity: boolean): boolean {
  const state = sqlState(error);
  if (state === '') return false;
  if (rowLevelExceptions.includes(state) || (rowSecurity && state === rowSecurityState)) return true;
  return !runLevelClasses.includes(state.slice(0, 2));
}

/** Whether others' writes were in the way, so that the very same batch may pass a moment later. */
export function isConflict(error: unknown): boolean {
  return sqlState(error) === '40001' || sqlState(error) === '40P01';
}

/** Whether another row was in the way: unique_violation, exclusion_violation. */
export function isTakenState(state: string | null): boolean {
  return state === '23505' || state === '23P01';
}

// Passing troubles of the server; 57014 can only be our own statement_timeout, an abort is told apart before.
const passing: Readonly<Record<string, string>> = {
  '25006': 'the database is read-only at the moment',
  '40001': 'other writers were in the way',
  '40P01': 'other writers were in the way',
  '55P03': 'a lock could not be had in time',
  '57014': 'a statement took too long',
};

/** The failure that the error amounts to; anything that is no PostgreSQL matter is returned as it is. */
export function destinationFailure(error: unknown): unknown {
  if (error instanceof ConnectorFailure) return error;
  const cause = causeOf(error);
  const trouble = connectionTrouble(error);
  if (trouble?.kind === 'credentials')
    return new ConnectorFailure(failureOf('destination_auth_expired', undefined, cause));
  if (trouble?.kind === 'connection') return unreachable(trouble.detail, cause);
  if (trouble) return misconfigured(trouble.detail, cause);
  if (!(error instanceof DatabaseError)) return error;
  const state = sqlState(error);
  if (passing[state]) return unreachable(passing[state], cause);
  if (state.startsWith('53') || state.startsWith('58'))
    return unreachable('the server is out of resources', cause);
  if (state.startsWith('XX')) return unreachable('the server had an internal error', cause);
  return misconfigured(error.message, cause);
}

/**
 * The failure to commit when the server's answer proves that nothing was applied: it speaks of rows, of other writers or
 * of a statement that was cancelled. Null for every other error: one of the server itself may follow upon the commit.
 */
export function commitRefusal(error: unknown): ConnectorFailure | null {
  if (!isRowTrouble(error, false) && !isConflict(error) && sqlState(error) !== '57014') return null;
  const translated = destinationFailure(error);
  return translated instanceof ConnectorFailure ? withoutEffect(translated) : null;
}

/** What a COMMIT amounts to that the server answered with ROLLBACK. */
export function rolledBack(): ConnectorFailure {
  return withoutEffect(unreachable('the transaction had failed and was rolled back', null));
}

function withoutEffect({ failure, retryAfterMs }: ConnectorFailure): ConnectorFailure {
  return new ConnectorFailure(failure, retryAfterMs, true);
}

/** A `destination_misconfigured`: waiting does not help, somebody has to change something. */
export function misconfigured(detail: string, cause: string | null = null): ConnectorFailure {
  return new ConnectorFailure(failureOf('destination_misconfigured', detail, cause));
}

/** A `destination_unreachable`: waiting may help. */
function unreachable(detail: string, cause: string | null): ConnectorFailure {
  return new ConnectorFailure(failureOf('destination_unreachable', detail, cause));
}
