// Owns what the whole installation looks like in numbers, over all workspaces: runs, queue, leases, waits, batches, alerts. No
// names and no ids. Every number comes from the totals of runs or from the few rows that are open.
import type { Knex } from 'knex';
import type { AlertKind } from '../../domain/alerts/rules';
import type { Phase } from '../../domain/phase';
import type { RunOutcome, RunStatus } from '../../domain/run';

export interface RunCount {
  readonly status: RunStatus;
  readonly outcome: RunOutcome | null;
  readonly count: number;
}

/** Ages are in seconds, 0 when there is nothing of the kind. */
export interface Measures {
  /** All runs that are kept. */
  readonly runs: readonly RunCount[];
  /** Runs that wait for those before them. */
  readonly queue: { readonly length: number; readonly oldestSeconds: number };
  /**
   * Runs that hold their sync's lease, the longest time one has held it, and the longest silence of one that is being
   * worked on: beats come every two seconds.
   */
  readonly leases: {
    readonly held: number;
    readonly oldestSeconds: number;
    readonly longestSilenceSeconds: number;
  };
  /** Running runs that wait out a limit or an outage, by phase. */
  readonly waits: readonly { readonly phase: Phase; readonly count: number }[];
  /** Batches that are not answered yet. */
  readonly batches: { readonly planned: number; readonly sent: number };
  /** Alerts that are not resolved, by the rule that opened them. */
  readonly alerts: readonly { readonly kind: AlertKind; readonly count: number }[];
  /** Messages to channels that have not ended, and how long the one that is due for longest is due. */
  readonly deliveries: { readonly pending: number; readonly oldestSeconds: number };
}

interface OpenRow {
  queue_length: number;
  queue_oldest: number;
  leases_held: number;
  lease_oldest: number;
  longest_silence: number;
}

// Nobody is at a run that waits something out.
const isWaiting = `EXISTS (SELECT 1 FROM run_phases w WHERE w.run_id = r.id AND w.waiting_since IS NOT NULL)`;

export async function measures(knex: Knex): Promise<Measures> {
  const { rows: runs } = await knex.raw<{ rows: Measures['runs'] }>(
    `SELECT status, outcome, sum(runs)::bigint AS count
     FROM (SELECT status, outcome, runs FROM run_totals WHERE sync_id IS NULL
       UNION ALL SELECT status, outcome, runs FROM run_total_changes) counted
     GROUP BY status, outcome HAVING sum(runs) <> 0`,
  );
  const { rows: open } = await knex.raw<{ rows: OpenRow[] }>(
    `SELECT count(*) FILTER (WHERE l.run_id IS NULL) AS queue_length,
       coalesce(extract(epoch FROM statement_timestamp() - min(r.queued_at) FILTER (WHERE l.run_id IS NULL)), 0)::float8
         AS queue_oldest,
       count(l.run_id) AS leases_held,
       -- A run that has waited for its lease starts within a second of having it.
       coalesce(extract(epoch FROM statement_timestamp()
         - min(coalesce(r.started_at, r.queued_at)) FILTER (WHERE l.run_id IS NOT NULL)), 0)::float8 AS lease_oldest,
       coalesce(extract(epoch FROM statement_timestamp()
         - min(coalesce(p.heartbeat_at, r.started_at)) FILTER (WHERE r.status = 'running' AND NOT ${isWaiting})), 0)::float8
         AS longest_silence
     FROM runs r LEFT JOIN sync_leases l ON l.sync_id = r.sync_id AND l.run_id = r.id
     LEFT JOIN run_pulses p ON p.run_id = r.id
     WHERE r.status IN ('queued', 'running')`,
  );
  const { rows: waits } = await knex.raw<{ rows: Measures['waits'] }>(
    `SELECT p.phase, count(*) AS count FROM runs r JOIN run_phases p ON p.run_id = r.id
     WHERE r.status IN ('queued', 'running') AND p.waiting_since IS NOT NULL GROUP BY p.phase`,
  );
  const { rows: batches } = await knex.raw<{ rows: { state: 'planned' | 'sent'; count: number }[] }>(
    `SELECT b.state, count(*) AS count FROM runs r JOIN batches b ON b.run_id = r.id
     WHERE r.status IN ('queued', 'running') AND b.state <> 'acked' GROUP BY b.state`,
  );
  const { rows: alerts } = await knex.raw<{ rows: Measures['alerts'] }>(
    `SELECT kind, count(*) AS count FROM alerts WHERE resolved_at IS NULL GROUP BY kind`,
  );
  const { rows: deliveries } = await knex.raw<{ rows: { pending: number; oldest: number }[] }>(
    // A test is never due, and a message that gathers not yet.
    `SELECT count(*) AS pending, coalesce(extract(epoch FROM statement_timestamp()
       - min(due_at) FILTER (WHERE due_at <= statement_timestamp())), 0)::float8 AS oldest
     FROM alert_deliveries WHERE state = 'pending' AND due_at < 'infinity'`,
  );
  const [seen] = open;
  if (!seen) throw new Error('an aggregate without groups gave no row');
  const ofState = (state: string): number => batches.find((row) => row.state === state)?.count ?? 0;
  return {
    runs,
    queue: { length: seen.queue_length, oldestSeconds: seen.queue_oldest },
    leases: {
      held: seen.leases_held,
      oldestSeconds: seen.lease_oldest,
      longestSilenceSeconds: seen.longest_silence,
    },
    waits,
    batches: { planned: ofState('planned'), sent: ofState('sent') },
    alerts,
    deliveries: { pending: deliveries[0]?.pending ?? 0, oldestSeconds: deliveries[0]?.oldest ?? 0 },
  };
}
