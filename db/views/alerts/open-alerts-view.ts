// Owns how many alerts of a workspace are not over. Which they are is the list's.
import type { Knex } from 'knex';

/** Alerts that are not resolved; those that are acknowledged are among them. */
export interface OpenAlerts {
  readonly critical: number;
  readonly warning: number;
  readonly acknowledged: number;
}

export async function openAlerts(knex: Knex, workspaceId: string): Promise<OpenAlerts> {
  const { rows } = await knex.raw<{ rows: OpenAlerts[] }>(
    `SELECT count(*) FILTER (WHERE severity = 'critical') AS critical,
       count(*) FILTER (WHERE severity = 'warning') AS warning,
       count(acknowledged_at) AS acknowledged
     FROM alerts WHERE workspace_id = ? AND resolved_at IS NULL`,
    [workspaceId],
  );
  return rows[0] ?? { critical: 0, warning: 0, acknowledged: 0 };
}
