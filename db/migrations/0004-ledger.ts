// Creates what a run works from: journal, change plan, ledger of batches, row errors.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- One row per attempt at reading the model; at most one of a run is ever published.
    CREATE TABLE journals (
      run_id text NOT NULL,
      attempt integer NOT NULL,
      workspace_id text NOT NULL,
      published_at timestamptz,
      columns jsonb,
      -- The snapshot the rows were compared with: base version and last delta.
      snapshot_version integer,
      snapshot_delta bigint,
      snapshot_rows bigint,
      lines_read bigint,
      unchanged bigint,
      skipped bigint,
      journalled bigint,
      unseen bigint,
      -- Two bits per snapshot ordinal: same, other. Null when nothing needs them.
      marks bytea,
      PRIMARY KEY (run_id, attempt),
      CONSTRAINT journals_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id),
      CONSTRAINT journals_published_is_whole CHECK (published_at IS NULL OR
        num_nonnulls(columns, snapshot_version, snapshot_delta, snapshot_rows, lines_read, unchanged, skipped, journalled, unseen) = 9)
    );
    CREATE UNIQUE INDEX journals_one_published ON journals (run_id) WHERE published_at IS NOT NULL;

    CREATE TABLE journal_batches (
      run_id text NOT NULL,
      attempt integer NOT NULL,
      first_line bigint NOT NULL,
      workspace_id text NOT NULL,
      lines integer NOT NULL,
      data bytea NOT NULL,
      row_index bytea NOT NULL,
      PRIMARY KEY (run_id, attempt, first_line),
      CONSTRAINT journal_batches_attempt FOREIGN KEY (run_id, attempt) REFERENCES journals (run_id, attempt)
    );
    -- COPY text compresses well but the time counts more than the space of a spool that is dropped at the end.
    ALTER TABLE journal_batches ALTER COLUMN data SET STORAGE EXTERNAL, ALTER COLUMN row_index SET STORAGE EXTERNAL;

    CREATE TABLE change_plans (
      run_id text PRIMARY KEY,
      workspace_id text NOT NULL,
      attempt integer NOT NULL,
      -- Rows of the journal the plan does not send.
      skipped bigint NOT NULL,
      failed bigint NOT NULL,
      -- Vanished keys: all, and those held back or not deletable.
      planned_deletes bigint NOT NULL,
      skipped_deletes bigint NOT NULL,
      creates bigint NOT NULL,
      updates bigint NOT NULL,
      batches integer NOT NULL,
      published_at timestamptz NOT NULL DEFAULT now(),
      CONSTRAINT change_plans_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id)
    );

    -- The ledger. planned -> sent -> acked; counters of a run are sums over it.
    CREATE TABLE batches (
      run_id text NOT NULL,
      batch_no integer NOT NULL,
      workspace_id text NOT NULL,
      kind text NOT NULL,
      state text NOT NULL DEFAULT 'planned',
      -- Rows handed to the destination, by planned operation.
      creates integer NOT NULL,
      updates integer NOT NULL,
      deletes integer NOT NULL,
      -- A write batch covers these journal lines; operations has one byte per line.
      line_from bigint,
      line_to bigint,
      operations bytea NOT NULL,
      -- Per sent row: 24 bytes (key hash, fingerprint), one byte of operation, the row key as a line; written when sent.
      entries bytea,
      sent_operations bytea,
      row_keys bytea,
      sent_epoch bigint,
      attempts integer NOT NULL DEFAULT 0,
      deadline_at timestamptz,
      transaction_id text,
      -- One byte per sent row. With state sent: the answer given before a commit whose fate is not known yet.
      outcomes bytea,
      row_errors jsonb,
      created bigint NOT NULL DEFAULT 0,
      updated bigint NOT NULL DEFAULT 0,
      deleted bigint NOT NULL DEFAULT 0,
      skipped bigint NOT NULL DEFAULT 0,
      failed bigint NOT NULL DEFAULT 0,
      call_ms integer[] NOT NULL DEFAULT '{}',
      sent_at timestamptz,
      acked_at timestamptz,
      PRIMARY KEY (run_id, batch_no),
      CONSTRAINT batches_plan FOREIGN KEY (run_id) REFERENCES change_plans (run_id),
      CONSTRAINT batches_kind_known CHECK (kind IN ('write', 'delete')),
      CONSTRAINT batches_state_known CHECK (state IN ('planned', 'sent', 'acked')),
      CONSTRAINT batches_write_has_lines CHECK ((kind = 'write') = (line_from IS NOT NULL AND line_to > line_from)),
      CONSTRAINT batches_sent_has_deadline CHECK (state = 'planned' OR (deadline_at IS NOT NULL AND num_nonnulls(entries, sent_operations, row_keys) = 3)),
      CONSTRAINT batches_acked_has_outcomes CHECK (state <> 'acked' OR outcomes IS NOT NULL),
      CONSTRAINT batches_acked_adds_up CHECK (state <> 'acked'
        OR created + updated + deleted + skipped + failed = creates + updates + deletes)
    );
    CREATE INDEX batches_open ON batches (run_id, batch_no) WHERE state <> 'acked';

    CREATE TABLE row_errors (
      run_id text NOT NULL,
      -- Position of the row in the run: journal line, or past all lines for deletes.
      row_no bigint NOT NULL,
      workspace_id text NOT NULL,
      row_id text,
      field text,
      message text NOT NULL,
      raw_value text,
      code text NOT NULL,
      origin text NOT NULL,
      operation text NOT NULL,
      created_at timestamptz NOT NULL DEFAULT now(),
      PRIMARY KEY (run_id, row_no),
      CONSTRAINT row_errors_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs (workspace_id, id),
      CONSTRAINT row_errors_origin_known CHECK (origin IN ('source', 'mapping', 'destination')),
      CONSTRAINT row_errors_operation_known CHECK (operation IN ('create', 'update', 'delete', 'none'))
    );
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw('DROP TABLE row_errors, batches, change_plans, journal_batches, journals');
}
