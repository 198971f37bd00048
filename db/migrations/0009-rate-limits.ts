// Creates the place where the limits of a destination hold over all runs and workers that write to it.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One row for each destination with a limit, or that asked for a pause; written at every turn of a limited one.
    CREATE TABLE destination_paces (
      destination_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      -- All time before it is set aside for calls.
      free_at timestamptz NOT NULL,
      -- No call before it, and the failure it was asked for with.
      held_until timestamptz,
      held_code text,
      CONSTRAINT destination_paces_destination_in_workspace FOREIGN KEY (workspace_id, destination_id)
        REFERENCES destinations (workspace_id, id),
      CONSTRAINT destination_paces_hold_has_code CHECK ((held_until IS NULL) = (held_code IS NULL))
    ) WITH (fillfactor = 50);
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE destination_paces');
}
