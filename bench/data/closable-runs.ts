// Owns runs that are about to be closed, made in the tables at once: of many syncs with a history each. Closes none.
import type { Knex } from 'knex';

const name = (n: string): string => `'sync_c' || lpad((${n})::text, 4, '0')`;

/** Syncs like `syncId`, each with so many completed runs, an hour apart, the last an hour ago. */
export async function manySyncs(
  knex: Knex,
  syncId: string,
  { syncs, runsOfEach }: { readonly syncs: number; readonly runsOfEach: number },
): Promise<void> {
  const bound = { syncId, syncs, runsOfEach };
  for (const statement of [
    `INSERT INTO syncs (id, workspace_id, name, model_id, destination_id, version, overlap_policy)
     SELECT ${name('n')}, workspace_id, 'Closable ' || n, model_id, destination_id, version, overlap_policy
     FROM syncs, generate_series(1, :syncs::integer) n WHERE id = :syncId`,
    `INSERT INTO sync_versions SELECT (jsonb_populate_record(v, jsonb_build_object('sync_id', ${name('n')}))).*
     FROM sync_versions v, generate_series(1, :syncs::integer) n WHERE v.sync_id = :syncId`,
    `INSERT INTO sync_leases (sync_id, workspace_id)
     SELECT ${name('n')}, workspace_id FROM syncs, generate_series(1, :syncs::integer) n WHERE id = :syncId`,
    `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, outcome, sync_version, model_version,
       workflow_id, queued_at, started_at, completed_at, rows_processed, rows_unchanged)
     SELECT 'run_c' || s || '_' || n, workspace_id, ${name('s')}, n, 'api', 'completed', 'no_changes', 1, 1,
       'run_c' || s || '_' || n, at.ended - interval '31 s', at.ended - interval '30 s', at.ended, rows.read, rows.read
     FROM syncs, generate_series(1, :syncs::integer) s, generate_series(1, :runsOfEach::integer) n,
       LATERAL (SELECT now() - (:runsOfEach::integer + 1 - n) * interval '1 hour' AS ended) at,
       LATERAL (SELECT 1000 + (n * 7) % 20 AS read) rows WHERE id = :syncId`,
  ])
    await knex.raw(statement, bound);
  for (const table of ['syncs', 'sync_versions', 'sync_leases', 'runs'])
    await knex.raw(`VACUUM ANALYZE ${table}`);
}

/** A run of each of them that has done its work; of the first `failing` ones it has come to nothing. Returns their ids. */
export async function closableRuns(knex: Knex, { failing }: { readonly failing: number }): Promise<string[]> {
  const round = Date.now();
  const { rows } = await knex.raw<{ rows: { id: string }[] }>(
    `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, sync_version, model_version, workflow_id,
       queued_at, started_at)
     SELECT 'run_' || id || '_${round}', workspace_id, id, (SELECT max(queue_no) + 1 FROM runs WHERE sync_id = syncs.id),
       'api', 'running', 1, 1, 'run_' || id || '_${round}', now(), now()
     FROM syncs WHERE id LIKE 'sync\\_c%' ORDER BY id RETURNING id`,
  );
  await knex.raw(
    `UPDATE sync_leases l SET run_id = r.id FROM runs r WHERE r.sync_id = l.sync_id AND r.status = 'running'`,
  );
  // Or the reconciler would take them for runs whose workflow is gone.
  await knex.raw(
    `INSERT INTO run_pulses (run_id, workspace_id, heartbeat_at, checked_at)
     SELECT id, workspace_id, now(), now() FROM runs WHERE status = 'running'`,
  );
  const working = `FROM runs WHERE status = 'running' AND sync_id > ${name(String(failing))}`;
  await knex.raw(
    `INSERT INTO journals (run_id, attempt, workspace_id, published_at, columns, snapshot_version, snapshot_delta,
       snapshot_rows, lines_read, unchanged, skipped, journalled, unseen)
     SELECT id, 1, workspace_id, now(), '[]', 1, 0, 1000, 1010, 1010, 0, 0, 0 ${working}`,
  );
  await knex.raw(
    `INSERT INTO change_plans (run_id, workspace_id, attempt, skipped, failed, planned_deletes, skipped_deletes, creates,
       updates, batches)
     SELECT id, workspace_id, 1, 0, 0, 0, 0, 0, 0, 0 ${working}`,
  );
  return rows.map(({ id }) => id);
}
