// Row keys of a batch are stored as they are: compressing them was a tenth of the server's time while batches were sent.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE batches ALTER COLUMN row_keys SET STORAGE EXTERNAL`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE batches ALTER COLUMN row_keys SET STORAGE EXTENDED`);
}
