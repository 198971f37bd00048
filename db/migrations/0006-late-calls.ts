// Adds to the ledger what calls that were given up may still do: a batch that is answered at its second try keeps it.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Until when an earlier call of the batch, one that nobody answered, may still land.
    ALTER TABLE batches ADD COLUMN late_until timestamptz
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('ALTER TABLE batches DROP COLUMN late_until');
}
