// Owns the word for a batch that was not sent: the run was stopped first, or its turn did not come. No failure of the run.

/**
 * Thrown by a lane's `write` or `commit` when nothing of it has left the house: the batch's rows are not attempted.
 * Where nobody has stopped the run the batch is to go later.
 */
export class CallWithheld extends Error {
  override readonly name = 'CallWithheld';

  constructor(reason: unknown) {
    super('not sent: its turn did not come before a stop or in time', { cause: reason });
  }
}
