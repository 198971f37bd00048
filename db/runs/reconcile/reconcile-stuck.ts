// Owns telling that a run works and moves nothing: once for each stretch without progress. Does not end the run.
import type { Knex } from 'knex';
import { defaultSettings } from '../../../domain/sync';
import { noteToJudge } from '../../alerts/judge/due-judgements';
import { type RunEventType, writeEvent } from '../run-events';

interface StuckRow {
  id: string;
  workspace_id: string;
  sync_id: string;
  progressed_at: Date;
  phase: string | null;
}

// Events that tell of work that moved, or of a wait that is over. A run whose worker dies again and again writes others.
const movingEvents = [
  'run_started',
  'waiting',
  'model_read',
  'changes_planned',
  'writes_finished',
] as const satisfies readonly RunEventType[];

// Open runs only. What is cheap is compared first; the ledger is asked for the few that look stuck by everything else.
const stuckRuns = `
  WITH quiet AS MATERIALIZED (
    SELECT r.id, r.workspace_id, r.sync_id,
      make_interval(secs => coalesce((v.settings->>'stuckAfterSeconds')::float8, ${defaultSettings.stuckAfterSeconds})) AS patience,
      greatest(r.started_at, p.progressed_at, e.at) AS progressed_at
    FROM runs r
    JOIN sync_versions v ON v.sync_id = r.sync_id AND v.version = r.sync_version
    LEFT JOIN run_pulses p ON p.run_id = r.id
    LEFT JOIN LATERAL (SELECT at FROM run_events WHERE run_id = r.id AND type = ANY ('{${movingEvents.join()}}') ORDER BY id DESC LIMIT 1) e ON true
    WHERE r.status = 'running' AND (?::text IS NULL OR r.id = ?)
      AND NOT EXISTS (SELECT 1 FROM run_phases w
        WHERE w.run_id = r.id AND w.ended_at IS NULL AND w.waiting_since IS NOT NULL)),
  stuck AS (
    SELECT quiet.id, quiet.workspace_id, quiet.sync_id, quiet.patience, greatest(quiet.progressed_at, b.acked_at) AS progressed_at
    FROM quiet LEFT JOIN LATERAL (SELECT max(acked_at) AS acked_at FROM batches WHERE run_id = quiet.id) b ON true
    WHERE quiet.progressed_at < statement_timestamp() - quiet.patience)
  SELECT id, workspace_id, sync_id, progressed_at,
    (SELECT phase FROM run_phases w WHERE w.run_id = stuck.id AND w.ended_at IS NULL LIMIT 1) AS phase
  FROM stuck
  WHERE progressed_at < statement_timestamp() - patience AND NOT EXISTS (
    SELECT 1 FROM run_events s WHERE s.run_id = stuck.id AND s.type = 'stuck' AND s.at >= stuck.progressed_at)`;

/** Writes the event `stuck` for each run that has become so; returns their ids. */
export async function noteStuckRuns(knex: Knex): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: StuckRow[] }>(stuckRuns, [null, null]);
  const noted: string[] = [];
  for (const { id } of rows) if (await noteStuck(knex, id)) noted.push(id);
  return noted;
}

async function noteStuck(knex: Knex, runId: string): Promise<boolean> {
  return knex.transaction(async (trx) => {
    // Asked again under the run's lock, so that another worker's event is seen.
    await trx.raw(`SELECT 1 FROM runs WHERE id = ? FOR NO KEY UPDATE`, [runId]);
    const { rows } = await trx.raw<{ rows: StuckRow[] }>(stuckRuns, [runId, runId]);
    const run = rows[0];
    if (!run) return false;
    const place = { workspaceId: run.workspace_id, syncId: run.sync_id };
    const detail = { phase: run.phase, quiet_since: run.progressed_at.toISOString() };
    await writeEvent(trx, { ...place, runId }, 'stuck', detail);
    await noteToJudge(trx, { ...place, what: 'run_stuck', runId, detail });
    return true;
  });
}

// The end of a run is judged within seconds, and ends the alert itself; where that was lost sight of, it is over by then.
const settledMinutes = 5;

/** Of these runs, which were stuck, those that are not any more: they have moved since, have ended, or are gone. */
export async function noMoreStuck(knex: Knex, runIds: readonly string[]): Promise<Set<string>> {
  if (runIds.length === 0) return new Set();
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `SELECT asked.id FROM unnest(?::text[]) AS asked (id) LEFT JOIN runs r ON r.id = asked.id
     LEFT JOIN run_pulses p ON p.run_id = r.id
     LEFT JOIN LATERAL (
       SELECT max(at) FILTER (WHERE type = 'stuck') AS stuck_at, max(at) FILTER (WHERE type <> 'stuck') AS moved_at
       FROM run_events WHERE run_id = r.id AND type = ANY ('{stuck,${movingEvents.join()}}')) e ON true
     LEFT JOIN LATERAL (SELECT max(acked_at) AS acked_at FROM batches WHERE run_id = r.id) b ON true
     WHERE r.id IS NULL OR r.completed_at < now() - make_interval(mins => ${settledMinutes})
       OR (r.completed_at IS NULL AND greatest(p.progressed_at, e.moved_at, b.acked_at) > e.stuck_at)`,
    [[...runIds]],
  );
  return new Set(rows.map(({ id }) => id));
}
