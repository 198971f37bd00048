// Owns the word for a batch that was not sent because the run was stopped first. No failure: the run has its own end.

/** Thrown by a lane's `write` or `commit` when nothing of it has left the house: the batch's rows are not attempted. */
export class CallWithheld extends Error {
  override readonly name = 'CallWithheld';

  constructor(reason: unknown) {
    super('stopped before the batch was sent', { cause: reason });
  }
}
