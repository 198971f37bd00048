// Owns the table alert_attempts: every try of a delivery, begun before its call and ended after it.
import type { Knex } from 'knex';

export interface AttemptPlace {
  readonly workspaceId: string;
  readonly deliveryId: string;
  /** From 1, over all tries of the delivery there ever were. */
  readonly attempt: number;
}

/** What became of a try. */
export interface AttemptEnd {
  readonly durationMs: number;
  readonly httpStatus: number | null;
  /** Null: it was accepted. */
  readonly error: string | null;
  readonly answer: string | null;
}

/** The next try of the delivery, whose row the transaction holds; returns its number. */
export async function insertAttempt(
  trx: Knex.Transaction,
  { workspaceId, deliveryId }: Omit<AttemptPlace, 'attempt'>,
): Promise<number> {
  const { rows } = await trx.raw<{ rows: { attempts: number }[] }>(
    `WITH counted AS (
       UPDATE alert_deliveries SET attempts = attempts + 1, gathers = false, next_attempt_at = NULL
       WHERE id = ? RETURNING id, workspace_id, attempts)
     INSERT INTO alert_attempts (delivery_id, workspace_id, attempt)
     SELECT id, workspace_id, attempts FROM counted RETURNING attempt AS attempts`,
    [deliveryId],
  );
  const attempt = rows[0]?.attempts;
  if (attempt === undefined) throw new Error(`delivery ${deliveryId} of ${workspaceId} is gone`);
  return attempt;
}

/** A try that another one has overtaken is ended all the same: it was made. */
export async function endAttemptRow(
  trx: Knex.Transaction,
  { deliveryId, attempt }: AttemptPlace,
  { durationMs, httpStatus, error, answer }: AttemptEnd,
): Promise<void> {
  await trx('alert_attempts')
    .where({ delivery_id: deliveryId, attempt })
    .update({ duration_ms: durationMs, http_status: httpStatus, error, answer });
}
