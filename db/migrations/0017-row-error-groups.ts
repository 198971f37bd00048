// Row errors know their group (docs/decisions/0023-row-error-search.md): what is counted and searched of a run with a million
// of them follows its groups. And one row's error is found by its row id.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Null: written before there were groups.
    ALTER TABLE row_errors ADD COLUMN group_id bigint;
    CREATE INDEX row_errors_of_group ON row_errors (group_id, row_no);
    -- A beginning, as a row id may be longer than an index takes.
    CREATE INDEX row_errors_of_row ON row_errors (run_id, (left(row_id, 100)) COLLATE "C");

    -- The groups of an ended run; their group_id is of this run alone, their group_hash of every run. The group 0 has no words:
    -- it counts the rows of all groups beyond the largest thousand.
    CREATE TABLE row_error_groups (
      run_id text NOT NULL,
      group_id bigint NOT NULL,
      workspace_id text NOT NULL,
      sync_id text NOT NULL,
      queue_no bigint NOT NULL,
      group_hash bigint NOT NULL,
      field text,
      code text,
      origin text,
      message text,
      row_count bigint NOT NULL,
      creates bigint NOT NULL,
      updates bigint NOT NULL,
      deletes bigint NOT NULL,
      -- Whether it is cut into blocks: not needed where it is small or its pattern tells as much, due, or there.
      blocks text NOT NULL,
      PRIMARY KEY (run_id, group_id),
      CONSTRAINT row_error_groups_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id),
      CONSTRAINT row_error_groups_words_unless_rest CHECK (num_nonnulls(code, origin, message) = CASE group_id WHEN 0 THEN 0 ELSE 3 END),
      CONSTRAINT row_error_groups_rows_by_operation CHECK (creates + updates + deletes <= row_count),
      CONSTRAINT row_error_groups_blocks_known CHECK (blocks IN ('none', 'due', 'there'))
    );
    -- In which run of a sync a group came first, and in which last.
    CREATE INDEX row_error_groups_seen ON row_error_groups (sync_id, group_hash, queue_no);
    CREATE INDEX row_error_groups_due ON row_error_groups (group_id) WHERE blocks = 'due';

    -- Some rows of a group, one after the other, and which four characters in a row stand in any of their messages.
    CREATE TABLE row_error_blocks (
      run_id text NOT NULL,
      group_id bigint NOT NULL,
      first_row_no bigint NOT NULL,
      last_row_no bigint NOT NULL,
      workspace_id text NOT NULL,
      grams bytea NOT NULL,
      PRIMARY KEY (run_id, group_id, first_row_no),
      CONSTRAINT row_error_blocks_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id)
    );
    -- Read by the thousand: beside the row and not behind it.
    ALTER TABLE row_error_blocks ALTER COLUMN grams SET STORAGE PLAIN;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP TABLE row_error_blocks;
    DROP TABLE row_error_groups;
    DROP INDEX row_errors_of_row, row_errors_of_group;
    ALTER TABLE row_errors DROP COLUMN group_id;
  `);
}
