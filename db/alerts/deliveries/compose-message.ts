// Owns what a message says when it is first sent: what is stored of its alerts or its run, and where one can look further.
import type { Knex } from 'knex';
import type { RunFacts, ToldAlert } from '../../../domain/alerts/alert';
import {
  type AlertMessage,
  type AlertMessageType,
  mostAlertsNamed,
  type RunLinks,
} from '../../../domain/alerts/message';
import { factsOfRun } from '../run-facts';

/** A run as far as links need it. */
export interface LinkedRun {
  readonly syncId: string;
  readonly runId: string;
  /** Null: it is not known (any more). */
  readonly execution: { readonly workflowId: string; readonly runId: string } | null;
}

/** Where one can look at a run; null: nobody has said where the product is reached. */
export type LinksOfRun = (run: LinkedRun) => RunLinks | null;

export interface UnwrittenMessage {
  readonly workspaceId: string;
  readonly deliveryId: string;
  readonly type: AlertMessageType;
  readonly runId: string | null;
}

/** Null: nothing is left that it could tell of. The caller holds the delivery's row, so that no alert joins it meanwhile. */
export async function composeMessage(
  trx: Knex.Transaction,
  { workspaceId, deliveryId, type, runId }: UnwrittenMessage,
  links: LinksOfRun,
): Promise<AlertMessage | null> {
  const { rows } = await trx.raw<{ rows: { name: string; at: Date }[] }>(
    `SELECT name, clock_timestamp() AS at FROM workspaces WHERE id = ?`,
    [workspaceId],
  );
  const [workspace] = rows;
  if (!workspace) throw new Error(`workspace ${workspaceId} is gone`);
  const message: AlertMessage = {
    id: deliveryId,
    type,
    at: workspace.at.toISOString(),
    workspace: { id: workspaceId, name: workspace.name },
    alerts: [],
    alertCount: 0,
    run: null,
    channel: null,
  };
  if (type === 'channel.test') return message;
  if (runId !== null) {
    const run = await factsOfRun(trx, workspaceId, runId);
    if (!run) return null;
    const executions = await executionsOf(trx, workspaceId, [runId]);
    return { ...message, run: { ...run, links: links(linked(run.sync.id, runId, executions)) } };
  }
  const told = await toldBy(trx, deliveryId);
  if (told.alerts.length === 0) return null;
  const runs = told.alerts.flatMap(({ run, resolvedRun }) =>
    [run, resolvedRun].flatMap((each) => (each ? [each.id] : [])),
  );
  const executions = await executionsOf(trx, workspaceId, runs);
  return {
    ...message,
    alertCount: told.count,
    alerts: told.alerts.map((alert) => {
      const linksOf = (run: RunFacts | null): RunLinks | null =>
        run && links(linked(alert.sync.id, run.id, executions));
      return { ...alert, links: linksOf(alert.run), resolvedLinks: linksOf(alert.resolvedRun) };
    }),
  };
}

async function toldBy(
  trx: Knex.Transaction,
  deliveryId: string,
): Promise<{ alerts: ToldAlert[]; count: number }> {
  const { rows } = await trx.raw<{ rows: { told: ToldAlert; count: number }[] }>(
    `SELECT told, count(*) OVER () AS count FROM alert_delivery_alerts WHERE delivery_id = ?
     ORDER BY told ->> 'openedAt', alert_id LIMIT ${mostAlertsNamed}`,
    [deliveryId],
  );
  return { alerts: rows.map(({ told }) => told), count: rows[0]?.count ?? 0 };
}

type Executions = ReadonlyMap<string, NonNullable<LinkedRun['execution']>>;

async function executionsOf(
  trx: Knex.Transaction,
  workspaceId: string,
  runIds: readonly string[],
): Promise<Executions> {
  const { rows } = await trx.raw<{
    rows: { id: string; workflow_id: string; execution_run_id: string }[];
  }>(
    `SELECT id, workflow_id, execution_run_id FROM runs
     WHERE workspace_id = ? AND id = ANY (?) AND execution_run_id IS NOT NULL`,
    [workspaceId, [...runIds]],
  );
  return new Map(rows.map((row) => [row.id, { workflowId: row.workflow_id, runId: row.execution_run_id }]));
}

function linked(syncId: string, runId: string, executions: Executions): LinkedRun {
  return { syncId, runId, execution: executions.get(runId) ?? null };
}
