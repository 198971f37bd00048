// Lets a model be read in several passes over ranges of keys: ordinals and marks of its journal follow from how many.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    ALTER TABLE journals ADD COLUMN passes smallint NOT NULL DEFAULT 1,
      ADD CONSTRAINT journals_passes_positive CHECK (passes >= 1)`);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`ALTER TABLE journals DROP COLUMN passes`);
}
