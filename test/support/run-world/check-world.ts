// Compares what Postgres holds of some syncs with what the model says. Changes nothing.
import type { Knex } from 'knex';
import { countRow } from '../../../db/runs/count-columns';
import { isFinal, type SyncModel } from './model';

interface RunRow {
  id: string;
  sync_id: string;
  status: string;
  outcome: string | null;
  queue_no: number;
  counter_mismatch: number;
  print: string;
  holder: string | null;
}

/** After every step: statuses, places, ends that never change, one holder per sync, never two at work. */
export async function checkRuns(knex: Knex, syncs: readonly SyncModel[]): Promise<void> {
  const ids = syncs.map(({ id }) => id);
  // Which execution served a run may still be noted after its end; everything else of it is history.
  const { rows } = await knex.raw<{ rows: RunRow[] }>(
    `SELECT id, sync_id, status, outcome, queue_no, counter_mismatch,
       (to_jsonb(r) - '{first_execution_run_id,execution_run_id}'::text[])::text AS print,
       (SELECT run_id FROM sync_leases l WHERE l.sync_id = r.sync_id) AS holder
     FROM runs r WHERE sync_id = ANY (?) ORDER BY sync_id, queue_no`,
    [ids],
  );
  for (const sync of syncs) {
    const stored = rows.filter((row) => row.sync_id === sync.id);
    expect(stored.map(({ id, status, outcome, queue_no }) => ({ id, status, outcome, queue_no }))).toEqual(
      sync.runs.map(({ id, status, outcome, queueNo }) => ({ id, status, outcome, queue_no: queueNo })),
    );
    expect(stored.filter(({ status }) => status === 'running').length).toBeLessThanOrEqual(1);
    expect(stored.every((row) => row.counter_mismatch === 0)).toBe(true);
    expect(stored[0]?.holder ?? null).toBe(sync.holder?.id ?? null);
    for (const [at, run] of sync.runs.entries()) {
      if (!isFinal(run)) continue;
      run.print ??= stored[at]?.print ?? null;
      expect(stored[at]?.print).toBe(run.print);
    }
  }
}

/** At the end of a sequence: counters, row errors and snapshots are what was acknowledged, and nothing else. */
export async function checkLedger(knex: Knex, syncs: readonly SyncModel[]): Promise<void> {
  for (const sync of syncs) {
    const { rows: runs } = await knex.raw<{
      rows: (Record<string, number> & { id: string; errors: number })[];
    }>(
      `SELECT r.*, (SELECT count(*) FROM row_errors e WHERE e.run_id = r.id) AS errors,
         (SELECT count(*) FROM journal_batches j WHERE j.run_id = r.id AND octet_length(j.data) > 0) AS spooled
       FROM runs r WHERE sync_id = ? AND completed_at IS NOT NULL ORDER BY queue_no`,
      [sync.id],
    );
    const ended = sync.runs.filter(isFinal);
    expect(runs.map(({ id }) => id)).toEqual(ended.map(({ id }) => id));
    for (const [at, run] of ended.entries()) {
      expect(runs[at]).toMatchObject({ ...countRow(run.counts), errors: run.counts.failed, spooled: 0 });
    }
    const { rows: deltas } = await knex.raw<{ rows: unknown[] }>(
      `SELECT run_id AS "runId", kind, encode(outcomes, 'hex') AS outcomes,
         coalesce(octet_length(operations), 0) AS rows
       FROM snapshot_deltas WHERE sync_id = ? ORDER BY delta_no`,
      [sync.id],
    );
    expect(deltas).toEqual(sync.deltas);
    const { rows: leases } = await knex.raw<{ rows: { waits: boolean }[] }>(
      `SELECT no_write_before IS NOT NULL AS waits FROM sync_leases WHERE sync_id = ?`,
      [sync.id],
    );
    expect(leases[0]?.waits ?? false).toBe(sync.mustWait);
  }
}
