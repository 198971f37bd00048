// Owns what a reconciler writes about a run: closed as found, acted upon, waiting for an operator. Each compare-and-set.
import type { Knex } from 'knex';
import { closeAsInternal, type ClosedRun, closeRun, type RunEnding } from '../close-run';
import type { LeaseHolder } from '../lease';
import { writeEvent, writeEventOfRun } from '../run-events';

/** What was found at odds, and what was done about it; the detail of the event `reconciled`. */
export interface Reconciled {
  readonly found: string;
  readonly did: string;
  readonly because?: string | null;
}

// Two workers that do the same at once have done one thing.
const sameActSeconds = 5;

/** Writes the event that tells of an act that writes none itself. */
export async function noteReconciled(knex: Knex, runId: string, detail: Reconciled): Promise<void> {
  await knex.transaction(async (trx) => {
    await trx.raw(`SELECT 1 FROM runs WHERE id = ? FOR NO KEY UPDATE`, [runId]);
    const { rows } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM run_events WHERE run_id = ? AND type = 'reconciled' AND detail->>'did' = ?
         AND at > clock_timestamp() - interval '${sameActSeconds} seconds'`,
      [runId, detail.did],
    );
    if (rows.length === 0) await writeEventOfRun(trx, runId, 'reconciled', { ...detail });
  });
}

/**
 * Closes a run whose workflow will not, with the event in the same transaction. Returns the lease's next holder, to be
 * told; `isClosed` is false when somebody else had closed the run before, and nothing was written.
 * `atAnyCost`: in the way that always works, as closing in order has failed before.
 */
export async function closeAsFound(
  knex: Knex,
  runId: string,
  ending: RunEnding,
  detail: Reconciled,
  atAnyCost = false,
): Promise<{ isClosed: boolean; next: LeaseHolder | null }> {
  return knex.transaction(async (trx) => {
    const wasOpen = await lockOpenRun(trx, runId);
    if (wasOpen) await writeEvent(trx, wasOpen, 'reconciled', { ...detail });
    const closed: ClosedRun = atAnyCost
      ? await closeAsInternal(trx, runId, ending.failure?.cause ?? detail.found)
      : await closeRun(trx, runId, ending);
    return { isClosed: wasOpen !== null, next: closed.next };
  });
}

/** The sync's row lock, under which alone a run gets a final status; null when the run has one. */
async function lockOpenRun(
  trx: Knex.Transaction,
  runId: string,
): Promise<{ workspaceId: string; syncId: string; runId: string } | null> {
  await trx.raw(`SELECT 1 FROM syncs WHERE id = (SELECT sync_id FROM runs WHERE id = ?) FOR NO KEY UPDATE`, [
    runId,
  ]);
  const { rows } = await trx.raw<{ rows: { workspace_id: string; sync_id: string }[] }>(
    `SELECT workspace_id, sync_id FROM runs WHERE id = ? AND completed_at IS NULL`,
    [runId],
  );
  const run = rows[0];
  return run ? { workspaceId: run.workspace_id, syncId: run.sync_id, runId } : null;
}

// Temporal's clock and ours may differ by so much; two pauses by hand lie further apart.
const clockSlackSeconds = 5;

/**
 * Notes that an operator has paused an activity of the run while no worker was at it; a worker that was notes it itself.
 * The run shows that it waits; the next attempt ends that. Returns whether this pause was news.
 */
export async function notePaused(
  knex: Knex,
  runId: string,
  { activity, pausedAt, note }: { activity: string; pausedAt: Date; note: string | null },
): Promise<boolean> {
  return knex.transaction(async (trx) => {
    // The lock makes two reconcilers see each other's event.
    const { rows: open } = await trx.raw<{ rows: { workspace_id: string; sync_id: string }[] }>(
      `SELECT workspace_id, sync_id FROM runs WHERE id = ? AND completed_at IS NULL FOR NO KEY UPDATE`,
      [runId],
    );
    const run = open[0];
    if (!run) return false;
    const at = pausedAt.toISOString();
    const { rows: told } = await trx.raw<{ rows: unknown[] }>(
      `SELECT 1 FROM run_events WHERE run_id = ? AND type = 'activity_paused' AND (detail->>'paused_at' = ?
         OR at >= ?::timestamptz - interval '${clockSlackSeconds} seconds') LIMIT 1`,
      [runId, at, at],
    );
    if (told.length > 0) return false;
    await writeEvent(trx, { workspaceId: run.workspace_id, syncId: run.sync_id, runId }, 'activity_paused', {
      activity,
      paused_at: at,
      note,
    });
    await trx.raw(
      `UPDATE run_phases SET waiting_since = coalesce(waiting_since, clock_timestamp()), waiting_until = NULL
       WHERE run_id = ? AND ended_at IS NULL`,
      [runId],
    );
    return true;
  });
}
