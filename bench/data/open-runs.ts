// Owns runs that go on while a figure is measured: rows of the history's syncs that nobody works on.
import type { Knex } from 'knex';

/** Makes a running run of each of so many syncs of the history; returns their paths below the API's base. */
export async function openRuns(knex: Knex, count: number): Promise<string[]> {
  const { rows } = await knex.raw<{ rows: { sync_id: string; id: string }[] }>(
    `WITH chosen AS (SELECT id, workspace_id FROM syncs WHERE id LIKE 'sync\\_h%' ORDER BY id LIMIT ?),
     begun AS (
       INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, sync_version, model_version, workflow_id, queued_at, started_at)
       SELECT replace(s.id, 'sync_h', 'run_open'), s.workspace_id, s.id,
         (SELECT max(queue_no) + 1 FROM runs WHERE sync_id = s.id), 'api', 'running', 1, 1, 'open/' || s.id, now(), now()
       FROM chosen s RETURNING id, sync_id, workspace_id, started_at),
     phase AS (
       INSERT INTO run_phases (run_id, phase, workspace_id, started_at)
       SELECT id, 'query', workspace_id, started_at FROM begun),
     told AS (
       INSERT INTO run_events (workspace_id, sync_id, run_id, type)
       SELECT workspace_id, sync_id, id, 'run_started' FROM begun)
     SELECT sync_id, id FROM begun`,
    [count],
  );
  return rows.map(({ sync_id, id }) => `/syncs/${sync_id}/runs/${id}`);
}

/** Removes them, so that no worker of a later figure takes them for lost. */
export async function removeOpenRuns(knex: Knex): Promise<void> {
  for (const table of ['run_events', 'run_phases'])
    await knex(table).where('run_id', 'like', 'run\\_open%').delete();
  await knex('runs').where('id', 'like', 'run\\_open%').delete();
}
