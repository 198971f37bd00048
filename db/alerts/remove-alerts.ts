// Owns removing alerts and deliveries by age, a chunk at a time: resolved alerts, and deliveries that have ended.
import type { Knex } from 'knex';

// Small rows, their answers of 2 kB aside: some tens of milliseconds.
const chunkRows = 500;

/** What a chunk removed. */
export interface RemovedAlerts {
  readonly deliveries: number;
  readonly alerts: number;
}

/** Removes one chunk of what ended more than `days` ago; nothing is left, or others are at it, when both are 0. */
export async function removeAlerts(knex: Knex, days: number, most = chunkRows): Promise<RemovedAlerts> {
  // With their attempts, and with what they told of which alert.
  const deliveries = await knex.raw<{ rowCount: number }>(
    `DELETE FROM alert_deliveries WHERE id = ANY (ARRAY(
       SELECT id FROM alert_deliveries WHERE ended_at < statement_timestamp() - make_interval(days => :days::integer)
       ORDER BY ended_at LIMIT :most FOR UPDATE SKIP LOCKED))`,
    { days, most },
  );
  // One that a message tells of which is still kept stays as long as that.
  const { rows } = await knex.raw<{ rows: { alerts: number }[] }>(
    `WITH old AS (
       SELECT id FROM alerts a WHERE resolved_at < statement_timestamp() - make_interval(days => :days::integer)
         AND NOT EXISTS (SELECT 1 FROM alert_delivery_alerts d WHERE d.alert_id = a.id)
       ORDER BY resolved_at LIMIT :most FOR UPDATE SKIP LOCKED),
     without_events AS (DELETE FROM alert_events WHERE alert_id IN (SELECT id FROM old)),
     gone AS (DELETE FROM alerts WHERE id IN (SELECT id FROM old) RETURNING 1)
     SELECT count(*) AS alerts FROM gone`,
    { days, most },
  );
  return { deliveries: deliveries.rowCount, alerts: rows[0]?.alerts ?? 0 };
}
