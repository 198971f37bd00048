// Owns the form of log lines: JSON on stdout, errors by an allow-list of their properties.
import { type Logger, pino } from 'pino';

/** Errors of drivers carry rows and statements' details in further properties: only these are logged. */
export function createLogger(level: string): Logger {
  return pino({ level, base: { process: 'api' }, serializers: { err: shownError } });
}

function shownError(error: unknown): object {
  const { name, message, code, stack, cause } = error as Error & { code?: unknown };
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    stack,
    ...(cause === undefined ? {} : { cause: shownError(cause) }),
  };
}
