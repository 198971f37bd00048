// Owns reading what became of a sync's last scheduled slots: runs and skips together, newest first.
import type { Knex } from 'knex';
import type { RunStatus } from '../../domain/run';

/** One slot: exactly one of `run` and `skip` is there. */
export interface LastSlot {
  readonly slotAt: Date | null;
  readonly run: { readonly id: string; readonly status: RunStatus } | null;
  readonly skip: { readonly reason: string; readonly blockingRun: string | null } | null;
}

interface SlotRow {
  slot_at: Date | null;
  run_id: string | null;
  status: RunStatus | null;
  reason: string | null;
  blocking_run: string | null;
}

/** The last `most` slots. */
export async function lastSlots(knex: Knex, syncId: string, most: number): Promise<LastSlot[]> {
  const { rows } = await knex.raw<{ rows: SlotRow[] }>(
    `(SELECT slot_at, id AS run_id, status, NULL AS reason, NULL AS blocking_run FROM runs
      WHERE sync_id = ? AND slot_at IS NOT NULL ORDER BY slot_at DESC LIMIT ?)
     UNION ALL
     (SELECT (detail ->> 'slot_at')::timestamptz, NULL, NULL, detail ->> 'reason', detail ->> 'blocking_run' FROM run_events
      WHERE sync_id = ? AND run_id IS NULL AND type = 'slot_skipped' ORDER BY id DESC LIMIT ?)
     ORDER BY slot_at DESC NULLS LAST LIMIT ?`,
    [syncId, most, syncId, most, most],
  );
  return rows.map((row) => ({
    slotAt: row.slot_at,
    run: row.run_id !== null && row.status ? { id: row.run_id, status: row.status } : null,
    skip: row.reason === null ? null : { reason: row.reason, blockingRun: row.blocking_run },
  }));
}
