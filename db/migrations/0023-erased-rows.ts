// Takes row keys and answers out of the batches of ended runs, as closing a run does from now on: they were copies.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    UPDATE batches b SET row_errors = NULL, row_keys = CASE WHEN b.row_keys IS NOT NULL THEN ''::bytea END
    FROM runs r WHERE r.id = b.run_id AND r.completed_at IS NOT NULL AND num_nonnulls(b.row_keys, b.row_errors) > 0`);
}

// What is gone was needed by nobody.
export async function down(): Promise<void> {}
