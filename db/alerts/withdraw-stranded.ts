// Owns messages of channels that were switched off or deleted while somebody was writing them down: they go nowhere any more.
import type { Knex } from 'knex';

/** Withdraws them, tests that were asked for aside; returns how many. */
export async function withdrawStranded(knex: Knex): Promise<number> {
  const { rows } = await knex.raw<{ rows: unknown[] }>(
    `UPDATE alert_deliveries d SET state = 'withdrawn', gathers = false, next_attempt_at = NULL, ended_at = clock_timestamp(),
       error = 'The channel is switched off.'
     FROM alert_channels c
     WHERE c.id = d.channel_id AND (NOT c.enabled OR c.deleted_at IS NOT NULL) AND d.state = 'pending' AND d.due_at < 'infinity'
     RETURNING 1`,
  );
  return rows.length;
}
