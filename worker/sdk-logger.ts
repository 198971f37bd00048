// Owns what Temporal's SDK says in the worker's log: one line of JSON each, errors by an allow-list of their properties.
import { DefaultLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

const methods = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** Warnings and errors of the SDK, into `log`. */
export function sdkLogger(log: Pick<Logger, (typeof methods)[keyof typeof methods]>): DefaultLogger {
  return new DefaultLogger('WARN', ({ level, message, meta = {} }) => {
    const shown = Object.entries(meta).map(([name, value]) => [name, shownValue(value)]);
    log[methods[level]](Object.fromEntries(shown), message);
  });
}

// The SDK's own form prints every property of an error: those of drivers hold rows, and a line break in one of them would
// begin a line that looks like any other.
function shownValue(value: unknown): unknown {
  return value instanceof Error ? { ...shownError(value), stack: value.stack } : value;
}

function shownError(error: Error): object {
  // `type` is what an ApplicationFailure is about.
  const { name, message, cause, code, type } = error as Error & { code?: unknown; type?: unknown };
  return {
    name,
    message,
    ...(code === undefined ? {} : { code }),
    ...(type === undefined ? {} : { type }),
    ...(cause instanceof Error ? { cause: shownError(cause) } : {}),
  };
}
