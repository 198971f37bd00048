// Owns telling errors of PostgreSQL and its driver apart by what the caller can do. Does not know HTTP.

// Connection lost or refused, server starting or stopping, too many connections, statement timeout.
const unavailableStates = /^(08...|57P0[1-5]|53[0-9]{3}|57014)$/;
const unavailableSystem = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);
// The driver and the pool give these no code.
const unavailableText =
  /^(Connection terminated|timeout expired|timeout exceeded when trying to connect|Client has encountered a connection error|Knex: Timeout acquiring a connection)/;

/** Whether the database did not answer, so that asking again later may help. */
export function isDatabaseUnavailable(error: unknown): boolean {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] };
  // Several addresses of one host, each refused, come as one AggregateError.
  if (Array.isArray(errors) && errors.length > 0) return errors.every(isDatabaseUnavailable);
  if (code !== undefined && (unavailableStates.test(code) || unavailableSystem.has(code))) return true;
  return message !== undefined && unavailableText.test(withoutStatement(message));
}

/** Whether a statement was broken off because it took longer than it may. */
export function isStatementTimeout(error: unknown): boolean {
  return (error as { code?: string }).code === '57014';
}

// Deadlock and serialisation, a lock not had in time, and a standby that is not yet promoted (25006).
const passingStates = /^(40...|55P03|25006)$/;

/** Whether the database is away or busy: waiting helps, however long it takes. */
export function isDatabaseTrouble(error: unknown): boolean {
  if (typeof error !== 'object' || error === null) return false;
  if (isDatabaseUnavailable(error)) return true;
  return 'code' in error && typeof error.code === 'string' && passingStates.test(error.code);
}

// Characters Postgres' text or jsonb cannot hold, and values beyond their type.
const unstorableStates = new Set(['22021', '22P02', '22P05', '22003', '22008']);

/** Whether Postgres refused a value as such: the caller sent something no column can hold. */
export function isUnstorable(error: unknown): boolean {
  const { code } = error as { code?: string };
  return code !== undefined && unstorableStates.has(code);
}

/** PostgreSQL's or the driver's own sentence, without the statement that knex puts before it. */
export function databaseMessage(error: unknown): string {
  const { code, message, errors } = error as { code?: string; message?: string; errors?: unknown[] };
  // Node reports a refused connection to several addresses as one error with an empty message.
  if (!message && Array.isArray(errors) && errors.length > 0) return databaseMessage(errors[0]);
  return message ? withoutStatement(message) : (code ?? String(error));
}

// Knex puts the statement and " - " before the driver's own message.
function withoutStatement(message: string): string {
  const at = message.lastIndexOf(' - ');
  return at === -1 ? message : message.slice(at + 3);
}
