// Owns the errors a call can end with, and what of them a person is told.

/** What the API says when it refuses (RFC 9457). */
interface Problem {
  readonly detail?: string;
  readonly code?: string;
  readonly request_id?: string;
  readonly errors?: readonly { readonly pointer: string; readonly detail: string }[];
}

/** The API answered, and refused. */
export class ApiProblem extends Error {
  override readonly name = 'ApiProblem';
  readonly problem: Problem;

  constructor(
    readonly status: number,
    problem: Problem,
  ) {
    super(problem.detail ?? `The API answered ${status} and did not say why.`);
    this.problem = problem;
  }

  /** Whether the same call may be answered later. */
  get mayPass(): boolean {
    return this.status === 429 || this.status >= 500;
  }
}

/** Nothing answered, or the connection broke. */
export class Unreachable extends Error {
  override readonly name = 'Unreachable';

  constructor(url: string, cause: unknown) {
    super(`Nothing answers at ${url}${reasonOf(cause)}.`, { cause });
  }
}

/** The command line or the settings are not right, in words for whoever typed them. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

// fetch hides what happened behind "fetch failed".
function reasonOf(error: unknown): string {
  const { cause } = error as { cause?: { code?: string; message?: string } };
  const reason = cause?.code ?? cause?.message;
  return reason === undefined ? '' : ` (${reason})`;
}
