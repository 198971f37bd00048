// Owns the error a person can act on: its message is printed as it is, without a stack.

/** Something outside our control stands in the way; the message says what and what to do about it. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}
