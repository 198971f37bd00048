// Lets it be told how many runs there are without counting them (docs/decisions/0027-run-totals.md): every statement that
// changes a number writes down by how much, in its own transaction, and waits for nobody.
import type { Knex } from 'knex';

// What a list is narrowed by in words. Rows of both tables with the same ones are added up.
const words = `status, outcome, trigger, kind, has_errors`;
const wordsOf = (run: string): string =>
  ['status', 'outcome', 'trigger', 'kind'].map((word) => `${run}.${word}`).join(', ') +
  `, ${run}.rows_failed > 0`;

// All that lists are narrowed and ordered by, as in 0016-run-lists.
const listed = 'status, outcome, trigger, kind, started_at, completed_at, rows_processed, rows_failed';

const wordColumns = `
      status text NOT NULL,
      outcome text,
      trigger text NOT NULL,
      kind text NOT NULL,
      has_errors boolean NOT NULL`;

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- How many runs there were when the changes were last folded in: of a sync, and, where sync_id is null, of the whole
    -- workspace. Below zero for a while, when a run's going was folded in before its coming.
    CREATE TABLE run_totals (
      workspace_id text NOT NULL,
      sync_id text,${wordColumns},
      runs bigint NOT NULL,
      CONSTRAINT run_totals_unique UNIQUE NULLS NOT DISTINCT (workspace_id, sync_id, ${words}),
      CONSTRAINT run_totals_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs (workspace_id, id)
    );

    -- What has come and gone since. No foreign key: runs have theirs, and these rows live for seconds.
    CREATE TABLE run_total_changes (
      workspace_id text NOT NULL,
      sync_id text NOT NULL,
      id bigint GENERATED ALWAYS AS IDENTITY,${wordColumns},
      runs bigint NOT NULL,
      PRIMARY KEY (workspace_id, sync_id, id)
    );

    CREATE FUNCTION count_run() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO run_total_changes (workspace_id, sync_id, ${words}, runs)
      VALUES (OLD.workspace_id, OLD.sync_id, ${wordsOf('OLD')}, -1), (NEW.workspace_id, NEW.sync_id, ${wordsOf('NEW')}, 1);
      RETURN NULL;
    END $$;
    CREATE FUNCTION count_runs() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      INSERT INTO run_total_changes (workspace_id, sync_id, ${words}, runs)
      SELECT workspace_id, sync_id, ${wordsOf('moved')}, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
      FROM moved GROUP BY 1, 2, 3, 4, 5, 6, 7;
      RETURN NULL;
    END $$;
    CREATE TRIGGER runs_came AFTER INSERT ON runs
      REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION count_runs();
    CREATE TRIGGER runs_went AFTER DELETE ON runs
      REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION count_runs();
    -- By row, as most changes of a run are none of these and then cost nothing.
    CREATE TRIGGER runs_changed AFTER UPDATE ON runs FOR EACH ROW
      WHEN (OLD.workspace_id <> NEW.workspace_id OR OLD.sync_id <> NEW.sync_id OR OLD.status <> NEW.status
        OR OLD.outcome IS DISTINCT FROM NEW.outcome OR OLD.trigger <> NEW.trigger OR OLD.kind <> NEW.kind
        OR (OLD.rows_failed > 0) <> (NEW.rows_failed > 0))
      EXECUTE FUNCTION count_run();

    -- After the triggers, whose making waits for every writer: nothing comes between.
    INSERT INTO run_totals (workspace_id, sync_id, ${words}, runs)
    SELECT workspace_id, sync_id, ${words}, count(*)
    FROM (SELECT workspace_id, sync_id, ${wordsOf('runs')} AS has_errors FROM runs) r
    GROUP BY GROUPING SETS ((workspace_id, sync_id, ${words}), (workspace_id, ${words}));

    -- Those that are looked for most and are few: without these a list of them looks through all runs until it is full.
    CREATE INDEX runs_not_completed ON runs (workspace_id, queued_at, id) INCLUDE (${listed})
      WHERE status IN ('failed', 'cancelled');
    CREATE INDEX runs_of_sync_not_completed ON runs (sync_id, queue_no) INCLUDE (workspace_id, queued_at, ${listed})
      WHERE status IN ('failed', 'cancelled');

    -- It was for the measures, which are told by the totals now.
    DROP INDEX runs_by_state;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP INDEX runs_of_sync_not_completed, runs_not_completed;
    CREATE INDEX runs_by_state ON runs (status, outcome) WHERE rows_processed >= 0;
    DROP TRIGGER runs_came ON runs;
    DROP TRIGGER runs_went ON runs;
    DROP TRIGGER runs_changed ON runs;
    DROP FUNCTION count_run();
    DROP FUNCTION count_runs();
    DROP TABLE run_total_changes, run_totals;
  `);
}
