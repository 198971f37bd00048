// Owns the form of log lines: JSON on stdout, errors by an allow-list of their properties.
import { type DestinationStream, type Logger, pino } from 'pino';

/**
 * Errors of drivers carry rows and statements' details in further properties: only these are logged. `destination` takes
 * the place of stdout.
 */
export function createLogger(level: string, destination?: DestinationStream): Logger {
  const options = { level, base: { process: 'api' }, serializers: { err: shownError } };
  return destination ? pino(options, destination) : pino(options);
}

function shownError(error: unknown): object {
  return { ...shownCause(error), stack: (error as Error).stack };
}

// Stacks of causes lie in libraries and are longer than all the rest.
function shownCause(error: unknown): object {
  const { name, message, code, cause } = error as Error & { code?: unknown };
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(cause === undefined ? {} : { cause: shownCause(cause) }),
  };
}
