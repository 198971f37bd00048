// Owns who hears that an alert is over: channels that were told of it. One that was about to be told is not.
import type { Knex } from 'knex';
import type { ToldAlert } from '../../domain/alerts/alert';
import { enqueueAlerts } from './enqueue-alerts';

/** An alert that has just been resolved. */
export interface ResolvedAlert {
  readonly workspaceId: string;
  readonly cause: string;
  readonly alert: ToldAlert;
}

/**
 * Has the end of each alert told on the channels that have heard of it, or will. The caller has the workspaces' turn
 * (alerts-turn), and has found that it is to be told at all (domain/alerts/telling).
 */
export async function tellResolved(trx: Knex.Transaction, resolved: readonly ResolvedAlert[]): Promise<void> {
  if (resolved.length === 0) return;
  const byId = new Map(resolved.map((each) => [each.alert.id, each]));
  const ids = [...byId.keys()];
  await withdrawUnsent(trx, ids);
  const { rows } = await trx.raw<{ rows: { alert_id: string; channel_id: string }[] }>(
    `SELECT DISTINCT a.alert_id, d.channel_id FROM alert_delivery_alerts a
     JOIN alert_deliveries d ON d.id = a.delivery_id AND d.state IN ('pending', 'delivered')
     JOIN alert_channels c ON c.id = d.channel_id AND c.enabled AND c.deleted_at IS NULL
     WHERE a.alert_id = ANY (?)`,
    [ids],
  );
  await enqueueAlerts(
    trx,
    rows.flatMap((row) => {
      const each = byId.get(row.alert_id);
      return each ? [{ ...each, channelId: row.channel_id, type: 'alert.resolved' as const }] : [];
    }),
  );
}

/** Takes alerts out of messages that still gather: nobody has heard of them. A message left empty is withdrawn. */
export async function withdrawUnsent(trx: Knex.Transaction, alertIds: readonly string[]): Promise<void> {
  const { rows } = await trx.raw<{ rows: { id: string }[] }>(
    `WITH unsent AS (
       SELECT id FROM alert_deliveries WHERE gathers AND id = ANY (ARRAY(
         SELECT delivery_id FROM alert_delivery_alerts WHERE alert_id = ANY (:ids))) FOR UPDATE)
     DELETE FROM alert_delivery_alerts a USING unsent WHERE a.delivery_id = unsent.id AND a.alert_id = ANY (:ids)
     RETURNING unsent.id`,
    { ids: [...alertIds] },
  );
  if (rows.length === 0) return;
  await trx.raw(
    `UPDATE alert_deliveries d SET state = 'withdrawn', gathers = false, ended_at = now(), error = 'it was over before it was told'
     WHERE id = ANY (?) AND NOT EXISTS (SELECT 1 FROM alert_delivery_alerts a WHERE a.delivery_id = d.id)`,
    [rows.map(({ id }) => id)],
  );
}
