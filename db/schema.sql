-- The schema that the migrations make, for reading. Written by scripts/dump-schema; a test compares it.

CREATE FUNCTION announce_run_event()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtext(NEW.run_id), last_value::bit(32)::integer)
         FROM run_events_id_seq;
      NEW.id := nextval('run_events_id_seq');
      IF EXISTS (SELECT 1 FROM run_watches WHERE run_id = NEW.run_id AND until > clock_timestamp()) THEN
        PERFORM pg_notify('run_events', NEW.run_id);
      END IF;
      RETURN NEW;
    END $function$;

CREATE FUNCTION count_run()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    BEGIN
      INSERT INTO run_total_changes (workspace_id, sync_id, status, outcome, trigger, kind, has_errors, runs)
      VALUES (OLD.workspace_id, OLD.sync_id, OLD.status, OLD.outcome, OLD.trigger, OLD.kind, OLD.rows_failed > 0, -1), (NEW.workspace_id, NEW.sync_id, NEW.status, NEW.outcome, NEW.trigger, NEW.kind, NEW.rows_failed > 0, 1);
      RETURN NULL;
    END $function$;

CREATE FUNCTION count_runs()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
    BEGIN
      INSERT INTO run_total_changes (workspace_id, sync_id, status, outcome, trigger, kind, has_errors, runs)
      SELECT workspace_id, sync_id, moved.status, moved.outcome, moved.trigger, moved.kind, moved.rows_failed > 0, CASE TG_OP WHEN 'INSERT' THEN count(*) ELSE -count(*) END
      FROM moved GROUP BY 1, 2, 3, 4, 5, 6, 7;
      RETURN NULL;
    END $function$;

CREATE FUNCTION settled_run_events(watched text, OUT up_to bigint, OUT in_flight boolean)
 RETURNS record
 LANGUAGE plpgsql
AS $function$
    DECLARE newest bigint;
    BEGIN
      SELECT last_value INTO newest FROM run_events_id_seq;
      SELECT coalesce(min(newest - age), newest), count(*) > 0 INTO up_to, in_flight
        FROM (SELECT (newest - objid::bigint) & 4294967295 AS age FROM pg_locks
               WHERE locktype = 'advisory' AND objsubid = 2
                 AND classid::bigint = hashtext(watched)::bigint & 4294967295
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS writers
       WHERE age < 2147483648;
    END $function$;

CREATE TABLE api_tokens (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  token_hash bytea NOT NULL,
  scopes text[] NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  revoked_at timestamp with time zone,
  expires_at timestamp with time zone,
  last_used_at timestamp with time zone,
  created_by text,
  revoked_by text,
  CONSTRAINT api_tokens_pkey PRIMARY KEY (id),
  CONSTRAINT api_tokens_hash_unique UNIQUE (token_hash),
  CONSTRAINT api_tokens_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT api_tokens_created_by_in_workspace FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens(workspace_id, id),
  CONSTRAINT api_tokens_revoked_by_in_workspace FOREIGN KEY (workspace_id, revoked_by) REFERENCES api_tokens(workspace_id, id),
  CONSTRAINT api_tokens_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT api_tokens_hash_is_sha256 CHECK ((octet_length(token_hash) = 32)),
  CONSTRAINT api_tokens_revoked_by_has_time CHECK (((revoked_by IS NULL) OR (revoked_at IS NOT NULL))),
  CONSTRAINT api_tokens_scopes_known CHECK (((scopes <@ ARRAY['read'::text, 'trigger'::text, 'write'::text, 'admin'::text]) AND (scopes <> '{}'::text[])))
);
CREATE UNIQUE INDEX api_tokens_name_unique ON api_tokens USING btree (workspace_id, name) WHERE (revoked_at IS NULL);

CREATE TABLE batches (
  run_id text NOT NULL,
  batch_no integer NOT NULL,
  workspace_id text NOT NULL,
  kind text NOT NULL,
  state text NOT NULL DEFAULT 'planned'::text,
  creates integer NOT NULL,
  updates integer NOT NULL,
  deletes integer NOT NULL,
  line_from bigint,
  line_to bigint,
  operations bytea NOT NULL,
  entries bytea STORAGE EXTERNAL,
  sent_operations bytea,
  row_keys bytea STORAGE EXTERNAL,
  sent_epoch bigint,
  attempts integer NOT NULL DEFAULT 0,
  deadline_at timestamp with time zone,
  transaction_id text,
  outcomes bytea,
  row_errors jsonb,
  created bigint NOT NULL DEFAULT 0,
  updated bigint NOT NULL DEFAULT 0,
  deleted bigint NOT NULL DEFAULT 0,
  skipped bigint NOT NULL DEFAULT 0,
  failed bigint NOT NULL DEFAULT 0,
  call_ms integer[] NOT NULL DEFAULT '{}'::integer[],
  sent_at timestamp with time zone,
  acked_at timestamp with time zone,
  late_until timestamp with time zone,
  CONSTRAINT batches_pkey PRIMARY KEY (run_id, batch_no),
  CONSTRAINT batches_plan FOREIGN KEY (run_id) REFERENCES change_plans(run_id),
  CONSTRAINT batches_acked_adds_up CHECK (((state <> 'acked'::text) OR (((((created + updated) + deleted) + skipped) + failed) = ((creates + updates) + deletes)))),
  CONSTRAINT batches_acked_has_outcomes CHECK (((state <> 'acked'::text) OR (outcomes IS NOT NULL))),
  CONSTRAINT batches_kind_known CHECK ((kind = ANY (ARRAY['write'::text, 'delete'::text]))),
  CONSTRAINT batches_sent_has_deadline CHECK (((state = 'planned'::text) OR ((deadline_at IS NOT NULL) AND (num_nonnulls(entries, sent_operations, row_keys) = 3)))),
  CONSTRAINT batches_state_known CHECK ((state = ANY (ARRAY['planned'::text, 'sent'::text, 'acked'::text]))),
  CONSTRAINT batches_write_has_lines CHECK (((kind = 'write'::text) = ((line_from IS NOT NULL) AND (line_to > line_from))))
);
CREATE INDEX batches_open ON batches USING btree (run_id, batch_no) WHERE (state <> 'acked'::text);

CREATE TABLE change_plans (
  run_id text NOT NULL,
  workspace_id text NOT NULL,
  attempt integer NOT NULL,
  skipped bigint NOT NULL,
  failed bigint NOT NULL,
  planned_deletes bigint NOT NULL,
  skipped_deletes bigint NOT NULL,
  creates bigint NOT NULL,
  updates bigint NOT NULL,
  batches integer NOT NULL,
  published_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT change_plans_pkey PRIMARY KEY (run_id),
  CONSTRAINT change_plans_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id)
);

CREATE TABLE destination_paces (
  destination_id text NOT NULL,
  workspace_id text NOT NULL,
  free_at timestamp with time zone NOT NULL,
  held_until timestamp with time zone,
  held_code text,
  CONSTRAINT destination_paces_pkey PRIMARY KEY (destination_id),
  CONSTRAINT destination_paces_destination_in_workspace FOREIGN KEY (workspace_id, destination_id) REFERENCES destinations(workspace_id, id),
  CONSTRAINT destination_paces_hold_has_code CHECK (((held_until IS NULL) = (held_code IS NULL)))
);

CREATE TABLE destinations (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  config jsonb NOT NULL,
  secrets_sealed bytea,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  updated_by text,
  deleted_at timestamp with time zone,
  alive boolean GENERATED ALWAYS AS (CASE WHEN (deleted_at IS NULL) THEN true ELSE NULL::boolean END) STORED,
  CONSTRAINT destinations_pkey PRIMARY KEY (id),
  CONSTRAINT destinations_alive_in_workspace UNIQUE (workspace_id, id, alive),
  CONSTRAINT destinations_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT destinations_created_by_fkey FOREIGN KEY (created_by) REFERENCES api_tokens(id),
  CONSTRAINT destinations_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES api_tokens(id),
  CONSTRAINT destinations_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT destinations_deleted_without_secrets CHECK (((deleted_at IS NULL) OR (secrets_sealed IS NULL)))
);
CREATE UNIQUE INDEX destinations_name_unique ON destinations USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE TABLE idempotency_keys (
  id bytea NOT NULL,
  workspace_id text NOT NULL,
  request_hash bytea NOT NULL,
  answer_sealed bytea NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT idempotency_keys_pkey PRIMARY KEY (id),
  CONSTRAINT idempotency_keys_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT idempotency_keys_id_is_sha256 CHECK ((octet_length(id) = 32)),
  CONSTRAINT idempotency_keys_request_is_sha256 CHECK ((octet_length(request_hash) = 32))
);
CREATE INDEX idempotency_keys_by_age ON idempotency_keys USING btree (created_at);

CREATE TABLE journal_batches (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  first_line bigint NOT NULL,
  workspace_id text NOT NULL,
  lines integer NOT NULL,
  data bytea STORAGE EXTERNAL NOT NULL,
  row_index bytea STORAGE EXTERNAL NOT NULL,
  CONSTRAINT journal_batches_pkey PRIMARY KEY (run_id, attempt, first_line),
  CONSTRAINT journal_batches_attempt FOREIGN KEY (run_id, attempt) REFERENCES journals(run_id, attempt)
);

CREATE TABLE journals (
  run_id text NOT NULL,
  attempt integer NOT NULL,
  workspace_id text NOT NULL,
  published_at timestamp with time zone,
  columns jsonb,
  snapshot_version integer,
  snapshot_delta bigint,
  snapshot_rows bigint,
  lines_read bigint,
  unchanged bigint,
  skipped bigint,
  journalled bigint,
  unseen bigint,
  marks bytea,
  passes smallint NOT NULL DEFAULT 1,
  CONSTRAINT journals_pkey PRIMARY KEY (run_id, attempt),
  CONSTRAINT journals_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT journals_passes_positive CHECK ((passes >= 1)),
  CONSTRAINT journals_published_is_whole CHECK (((published_at IS NULL) OR (num_nonnulls(columns, snapshot_version, snapshot_delta, snapshot_rows, lines_read, unchanged, skipped, journalled, unseen) = 9)))
);
CREATE UNIQUE INDEX journals_one_published ON journals USING btree (run_id) WHERE (published_at IS NOT NULL);

CREATE TABLE model_versions (
  model_id text NOT NULL,
  version integer NOT NULL,
  workspace_id text NOT NULL,
  sql text NOT NULL,
  row_key text[] NOT NULL,
  columns jsonb NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  created_by text,
  CONSTRAINT model_versions_pkey PRIMARY KEY (model_id, version),
  CONSTRAINT model_versions_created_by_fkey FOREIGN KEY (created_by) REFERENCES api_tokens(id),
  CONSTRAINT model_versions_model_in_workspace FOREIGN KEY (workspace_id, model_id) REFERENCES models(workspace_id, id),
  CONSTRAINT model_versions_have_a_key CHECK ((cardinality(row_key) > 0))
);

CREATE TABLE models (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  source_id text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  updated_by text,
  deleted_at timestamp with time zone,
  alive boolean GENERATED ALWAYS AS (CASE WHEN (deleted_at IS NULL) THEN true ELSE NULL::boolean END) STORED,
  CONSTRAINT models_pkey PRIMARY KEY (id),
  CONSTRAINT models_alive_in_workspace UNIQUE (workspace_id, id, alive),
  CONSTRAINT models_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT models_created_by_fkey FOREIGN KEY (created_by) REFERENCES api_tokens(id),
  CONSTRAINT models_source_alive FOREIGN KEY (workspace_id, source_id, alive) REFERENCES sources(workspace_id, id, alive),
  CONSTRAINT models_source_in_workspace FOREIGN KEY (workspace_id, source_id) REFERENCES sources(workspace_id, id),
  CONSTRAINT models_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES api_tokens(id),
  CONSTRAINT models_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id)
);
CREATE INDEX models_by_source ON models USING btree (workspace_id, source_id);
CREATE UNIQUE INDEX models_name_unique ON models USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE UNLOGGED TABLE previews (
  id text NOT NULL,
  workspace_id text NOT NULL,
  source_id text NOT NULL,
  request_sealed bytea NOT NULL,
  answer_sealed bytea,
  expires_at timestamp with time zone NOT NULL,
  CONSTRAINT previews_pkey PRIMARY KEY (id),
  CONSTRAINT previews_source_in_workspace FOREIGN KEY (workspace_id, source_id) REFERENCES sources(workspace_id, id)
);
CREATE INDEX previews_by_expiry ON previews USING btree (expires_at);

CREATE TABLE row_error_blocks (
  run_id text NOT NULL,
  group_id bigint NOT NULL,
  first_row_no bigint NOT NULL,
  last_row_no bigint NOT NULL,
  workspace_id text NOT NULL,
  grams bytea STORAGE PLAIN NOT NULL,
  CONSTRAINT row_error_blocks_pkey PRIMARY KEY (run_id, group_id, first_row_no),
  CONSTRAINT row_error_blocks_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id)
);

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
  blocks text NOT NULL,
  CONSTRAINT row_error_groups_pkey PRIMARY KEY (run_id, group_id),
  CONSTRAINT row_error_groups_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT row_error_groups_blocks_known CHECK ((blocks = ANY (ARRAY['none'::text, 'due'::text, 'there'::text]))),
  CONSTRAINT row_error_groups_rows_by_operation CHECK ((((creates + updates) + deletes) <= row_count)),
  CONSTRAINT row_error_groups_words_unless_rest CHECK ((num_nonnulls(code, origin, message) =
CASE group_id
    WHEN 0 THEN 0
    ELSE 3
END))
);
CREATE INDEX row_error_groups_due ON row_error_groups USING btree (group_id) WHERE (blocks = 'due'::text);
CREATE INDEX row_error_groups_seen ON row_error_groups USING btree (sync_id, group_hash, queue_no);

CREATE TABLE row_errors (
  run_id text NOT NULL,
  row_no bigint NOT NULL,
  workspace_id text NOT NULL,
  row_id text,
  field text,
  message text NOT NULL,
  raw_value text,
  code text NOT NULL,
  origin text NOT NULL,
  operation text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  group_id bigint,
  CONSTRAINT row_errors_pkey PRIMARY KEY (run_id, row_no),
  CONSTRAINT row_errors_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT row_errors_operation_known CHECK ((operation = ANY (ARRAY['create'::text, 'update'::text, 'delete'::text, 'none'::text]))),
  CONSTRAINT row_errors_origin_known CHECK ((origin = ANY (ARRAY['source'::text, 'mapping'::text, 'destination'::text])))
);
CREATE INDEX row_errors_of_group ON row_errors USING btree (group_id, row_no);
CREATE INDEX row_errors_of_row ON row_errors USING btree (run_id, "left"(row_id, 100) COLLATE "C");

CREATE TABLE run_events (
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  workspace_id text NOT NULL,
  sync_id text NOT NULL,
  run_id text,
  at timestamp with time zone NOT NULL DEFAULT now(),
  type text NOT NULL,
  detail jsonb NOT NULL DEFAULT '{}'::jsonb,
  CONSTRAINT run_events_pkey PRIMARY KEY (id),
  CONSTRAINT run_events_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT run_events_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id)
);
CREATE INDEX run_events_by_run ON run_events USING btree (run_id, id);
CREATE INDEX run_events_by_sync ON run_events USING btree (sync_id, id);
CREATE INDEX run_events_of_syncs ON run_events USING btree (sync_id, id) WHERE (run_id IS NULL);
CREATE UNIQUE INDEX run_events_slot_skipped_once ON run_events USING btree (((detail ->> 'workflow_id'::text))) WHERE (type = 'slot_skipped'::text);
CREATE TRIGGER run_events_announced BEFORE INSERT ON run_events FOR EACH ROW WHEN ((new.run_id IS NOT NULL)) EXECUTE FUNCTION announce_run_event();

CREATE TABLE run_phases (
  run_id text NOT NULL,
  phase text NOT NULL,
  workspace_id text NOT NULL,
  attempts integer NOT NULL DEFAULT 1,
  started_at timestamp with time zone NOT NULL,
  ended_at timestamp with time zone,
  waited_ms bigint NOT NULL DEFAULT 0,
  waiting_since timestamp with time zone,
  waiting_until timestamp with time zone,
  CONSTRAINT run_phases_pkey PRIMARY KEY (run_id, phase),
  CONSTRAINT run_phases_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT run_phases_phase_known CHECK ((phase = ANY (ARRAY['query'::text, 'change_detection'::text, 'destination_writes'::text, 'finalization'::text]))),
  CONSTRAINT run_phases_times_in_order CHECK ((ended_at >= started_at))
);

CREATE TABLE run_pulses (
  run_id text NOT NULL,
  workspace_id text NOT NULL,
  heartbeat_at timestamp with time zone,
  progressed_at timestamp with time zone,
  rows_read bigint,
  checked_at timestamp with time zone,
  CONSTRAINT run_pulses_pkey PRIMARY KEY (run_id),
  CONSTRAINT run_pulses_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id)
);

CREATE TABLE run_removals (
  run_id text NOT NULL,
  workspace_id text NOT NULL,
  what text NOT NULL,
  began_at timestamp with time zone NOT NULL DEFAULT now(),
  after_row_no bigint NOT NULL DEFAULT '-1'::integer,
  CONSTRAINT run_removals_pkey PRIMARY KEY (run_id),
  CONSTRAINT run_removals_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT run_removals_what_known CHECK ((what = ANY (ARRAY['raw_values'::text, 'row_errors'::text, 'run'::text])))
);

CREATE TABLE run_total_changes (
  workspace_id text NOT NULL,
  sync_id text NOT NULL,
  id bigint NOT NULL GENERATED ALWAYS AS IDENTITY,
  status text NOT NULL,
  outcome text,
  trigger text NOT NULL,
  kind text NOT NULL,
  has_errors boolean NOT NULL,
  runs bigint NOT NULL,
  CONSTRAINT run_total_changes_pkey PRIMARY KEY (workspace_id, sync_id, id)
);

CREATE TABLE run_totals (
  workspace_id text NOT NULL,
  sync_id text,
  status text NOT NULL,
  outcome text,
  trigger text NOT NULL,
  kind text NOT NULL,
  has_errors boolean NOT NULL,
  runs bigint NOT NULL,
  CONSTRAINT run_totals_unique UNIQUE NULLS NOT DISTINCT (workspace_id, sync_id, status, outcome, trigger, kind, has_errors),
  CONSTRAINT run_totals_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id)
);

CREATE TABLE run_watches (
  run_id text NOT NULL,
  watcher text NOT NULL,
  workspace_id text NOT NULL,
  until timestamp with time zone NOT NULL,
  CONSTRAINT run_watches_pkey PRIMARY KEY (run_id, watcher)
);

CREATE TABLE runs (
  id text NOT NULL,
  workspace_id text NOT NULL,
  sync_id text NOT NULL,
  queue_no bigint NOT NULL,
  kind text NOT NULL DEFAULT 'normal'::text,
  trigger text NOT NULL,
  triggered_by text,
  note text,
  allow_deletes boolean NOT NULL DEFAULT false,
  retry_of text,
  retry_scope text,
  status text NOT NULL DEFAULT 'queued'::text,
  outcome text,
  sync_version integer,
  model_version integer,
  workflow_id text NOT NULL,
  first_execution_run_id text,
  queued_at timestamp with time zone NOT NULL DEFAULT now(),
  started_at timestamp with time zone,
  completed_at timestamp with time zone,
  budget_ends_at timestamp with time zone,
  cancel_requested_at timestamp with time zone,
  rows_processed bigint NOT NULL DEFAULT 0,
  rows_unchanged bigint NOT NULL DEFAULT 0,
  rows_skipped bigint NOT NULL DEFAULT 0,
  rows_created bigint NOT NULL DEFAULT 0,
  rows_updated bigint NOT NULL DEFAULT 0,
  rows_deleted bigint NOT NULL DEFAULT 0,
  rows_failed bigint NOT NULL DEFAULT 0,
  rows_not_attempted bigint NOT NULL DEFAULT 0,
  rows_unknown bigint NOT NULL DEFAULT 0,
  planned_deletes bigint NOT NULL DEFAULT 0,
  counter_mismatch bigint NOT NULL DEFAULT 0,
  failure_code text,
  failure_message text,
  failure_cause text,
  slot_at timestamp with time zone,
  execution_run_id text,
  row_errors_removed_at timestamp with time zone,
  raw_values_removed_at timestamp with time zone,
  CONSTRAINT runs_pkey PRIMARY KEY (id),
  CONSTRAINT runs_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT runs_queue_place_unique UNIQUE (sync_id, queue_no) INCLUDE (workspace_id, status, outcome, trigger, kind, queued_at, started_at, completed_at, rows_processed, rows_failed),
  CONSTRAINT runs_workflow_unique UNIQUE (workflow_id),
  CONSTRAINT runs_retry_of_fkey FOREIGN KEY (retry_of) REFERENCES runs(id),
  CONSTRAINT runs_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id),
  CONSTRAINT runs_counts_identity CHECK (((rows_processed + planned_deletes) = ((((((((rows_unchanged + rows_skipped) + rows_created) + rows_updated) + rows_deleted) + rows_failed) + rows_not_attempted) + rows_unknown) + counter_mismatch))),
  CONSTRAINT runs_counts_not_negative CHECK ((LEAST(rows_processed, rows_unchanged, rows_skipped, rows_created, rows_updated, rows_deleted, rows_failed, rows_not_attempted, rows_unknown, planned_deletes) >= 0)),
  CONSTRAINT runs_failed_has_failure CHECK (((status = 'failed'::text) = (failure_code IS NOT NULL))),
  CONSTRAINT runs_failure_has_message CHECK (((failure_code IS NULL) = (failure_message IS NULL))),
  CONSTRAINT runs_final_has_end CHECK (((status = ANY (ARRAY['completed'::text, 'failed'::text, 'cancelled'::text])) = (completed_at IS NOT NULL))),
  CONSTRAINT runs_kind_known CHECK ((kind = ANY (ARRAY['normal'::text, 'full_resync'::text, 'dry_run'::text]))),
  CONSTRAINT runs_outcome_fits_status CHECK (
CASE status
    WHEN 'completed'::text THEN (outcome = ANY (ARRAY['no_changes'::text, 'clean'::text, 'with_row_errors'::text, 'planned'::text]))
    WHEN 'failed'::text THEN (outcome = ANY (ARRAY['nothing_applied'::text, 'partial'::text]))
    WHEN 'cancelled'::text THEN (outcome = ANY (ARRAY['nothing_applied'::text, 'partial'::text]))
    ELSE (outcome IS NULL)
END),
  CONSTRAINT runs_outcome_present CHECK (((outcome IS NULL) = (completed_at IS NULL))),
  CONSTRAINT runs_retry_has_scope CHECK (((retry_of IS NULL) = (retry_scope IS NULL))),
  CONSTRAINT runs_retry_scope_known CHECK ((retry_scope = ANY (ARRAY['all'::text, 'failed'::text, 'not_attempted'::text]))),
  CONSTRAINT runs_slot_is_scheduled CHECK (((slot_at IS NULL) OR (trigger = 'schedule'::text))),
  CONSTRAINT runs_started_pins_versions CHECK (((started_at IS NULL) OR ((sync_version IS NOT NULL) AND (model_version IS NOT NULL)))),
  CONSTRAINT runs_started_when_running CHECK (((status <> ALL (ARRAY['running'::text, 'completed'::text])) OR (started_at IS NOT NULL))),
  CONSTRAINT runs_status_known CHECK ((status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'cancelled'::text]))),
  CONSTRAINT runs_times_in_order CHECK (((completed_at >= started_at) AND (started_at >= queued_at))),
  CONSTRAINT runs_trigger_known CHECK ((trigger = ANY (ARRAY['schedule'::text, 'manual'::text, 'api'::text])))
);
CREATE INDEX runs_by_end ON runs USING btree (completed_at) WHERE (completed_at IS NOT NULL);
CREATE INDEX runs_by_retry_of ON runs USING btree (retry_of) WHERE (retry_of IS NOT NULL);
CREATE INDEX runs_by_slot ON runs USING btree (sync_id, slot_at DESC) WHERE (slot_at IS NOT NULL);
CREATE INDEX runs_by_start ON runs USING btree (workspace_id, COALESCE(started_at, queued_at), id) INCLUDE (status, outcome, trigger, kind, queued_at, started_at, completed_at, rows_processed, rows_failed);
CREATE INDEX runs_not_completed ON runs USING btree (workspace_id, queued_at, id) INCLUDE (status, outcome, trigger, kind, started_at, completed_at, rows_processed, rows_failed) WHERE (status = ANY (ARRAY['failed'::text, 'cancelled'::text]));
CREATE INDEX runs_of_sync_by_end ON runs USING btree (sync_id, completed_at) INCLUDE (status, kind, retry_of, started_at, rows_processed, rows_created, rows_updated, rows_deleted, rows_failed) WHERE (completed_at IS NOT NULL);
CREATE INDEX runs_of_sync_by_start ON runs USING btree (workspace_id, sync_id, COALESCE(started_at, queued_at), queue_no);
CREATE INDEX runs_of_sync_not_completed ON runs USING btree (sync_id, queue_no) INCLUDE (workspace_id, queued_at, status, outcome, trigger, kind, started_at, completed_at, rows_processed, rows_failed) WHERE (status = ANY (ARRAY['failed'::text, 'cancelled'::text]));
CREATE INDEX runs_of_workspace ON runs USING btree (workspace_id, queued_at, id);
CREATE INDEX runs_open ON runs USING btree (sync_id, queue_no) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
CREATE INDEX runs_that_sent ON runs USING btree (sync_id, queue_no) WHERE ((outcome = 'partial'::text) OR ((((rows_created + rows_updated) + rows_deleted) + rows_unknown) > 0));
CREATE INDEX runs_with_raw_values ON runs USING btree (sync_id, completed_at) WHERE ((rows_failed > 0) AND (raw_values_removed_at IS NULL) AND (row_errors_removed_at IS NULL));
CREATE INDEX runs_with_row_errors ON runs USING btree (completed_at) WHERE ((rows_failed > 0) AND (row_errors_removed_at IS NULL));
CREATE TRIGGER runs_came AFTER INSERT ON runs REFERENCING NEW TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION count_runs();
CREATE TRIGGER runs_changed AFTER UPDATE ON runs FOR EACH ROW WHEN (((old.workspace_id <> new.workspace_id) OR (old.sync_id <> new.sync_id) OR (old.status <> new.status) OR (old.outcome IS DISTINCT FROM new.outcome) OR (old.trigger <> new.trigger) OR (old.kind <> new.kind) OR ((old.rows_failed > 0) <> (new.rows_failed > 0)))) EXECUTE FUNCTION count_run();
CREATE TRIGGER runs_went AFTER DELETE ON runs REFERENCING OLD TABLE AS moved FOR EACH STATEMENT EXECUTE FUNCTION count_runs();

CREATE TABLE snapshot_chunks (
  sync_id text NOT NULL,
  version integer NOT NULL,
  chunk_no integer NOT NULL,
  workspace_id text NOT NULL,
  entries bytea STORAGE EXTERNAL NOT NULL,
  row_keys bytea NOT NULL,
  CONSTRAINT snapshot_chunks_pkey PRIMARY KEY (sync_id, version, chunk_no),
  CONSTRAINT snapshot_chunks_sync FOREIGN KEY (sync_id) REFERENCES snapshots(sync_id)
);

CREATE TABLE snapshot_deltas (
  sync_id text NOT NULL,
  delta_no bigint NOT NULL,
  workspace_id text NOT NULL,
  run_id text NOT NULL,
  kind text NOT NULL,
  mode text,
  entries bytea STORAGE EXTERNAL,
  operations bytea,
  outcomes bytea,
  row_keys bytea,
  CONSTRAINT snapshot_deltas_pkey PRIMARY KEY (sync_id, delta_no),
  CONSTRAINT snapshot_deltas_sync FOREIGN KEY (sync_id) REFERENCES snapshots(sync_id),
  CONSTRAINT snapshot_deltas_batch_is_whole CHECK (((kind <> 'batch'::text) OR (num_nonnulls(mode, entries, operations, row_keys) = 4))),
  CONSTRAINT snapshot_deltas_kind_known CHECK ((kind = ANY (ARRAY['batch'::text, 'all_unsure'::text])))
);

CREATE TABLE snapshots (
  sync_id text NOT NULL,
  workspace_id text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  last_delta bigint NOT NULL DEFAULT 0,
  identity jsonb NOT NULL,
  base_rows bigint NOT NULL DEFAULT 0,
  delta_rows bigint NOT NULL DEFAULT 0,
  missing_offered_at timestamp with time zone,
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT snapshots_pkey PRIMARY KEY (sync_id),
  CONSTRAINT snapshots_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id)
);

CREATE TABLE sources (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  kind text NOT NULL,
  config jsonb NOT NULL,
  secrets_sealed bytea,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  revision integer NOT NULL DEFAULT 1,
  created_by text,
  updated_by text,
  deleted_at timestamp with time zone,
  alive boolean GENERATED ALWAYS AS (CASE WHEN (deleted_at IS NULL) THEN true ELSE NULL::boolean END) STORED,
  CONSTRAINT sources_pkey PRIMARY KEY (id),
  CONSTRAINT sources_alive_in_workspace UNIQUE (workspace_id, id, alive),
  CONSTRAINT sources_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT sources_created_by_fkey FOREIGN KEY (created_by) REFERENCES api_tokens(id),
  CONSTRAINT sources_updated_by_fkey FOREIGN KEY (updated_by) REFERENCES api_tokens(id),
  CONSTRAINT sources_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT sources_deleted_without_secrets CHECK (((deleted_at IS NULL) OR (secrets_sealed IS NULL)))
);
CREATE UNIQUE INDEX sources_name_unique ON sources USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE TABLE sync_leases (
  sync_id text NOT NULL,
  workspace_id text NOT NULL,
  run_id text,
  epoch bigint NOT NULL DEFAULT 0,
  no_write_before timestamp with time zone,
  CONSTRAINT sync_leases_pkey PRIMARY KEY (sync_id),
  CONSTRAINT sync_leases_run_in_workspace FOREIGN KEY (workspace_id, run_id) REFERENCES runs(workspace_id, id),
  CONSTRAINT sync_leases_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id)
);

CREATE TABLE sync_schedules (
  sync_id text NOT NULL,
  workspace_id text NOT NULL,
  interval_seconds integer,
  cron text,
  time_zone text NOT NULL DEFAULT 'UTC'::text,
  jitter_seconds integer NOT NULL DEFAULT 0,
  catch_up_seconds integer NOT NULL DEFAULT 600,
  revision bigint NOT NULL GENERATED BY DEFAULT AS IDENTITY,
  applied_revision bigint,
  applied jsonb,
  missed_slots bigint NOT NULL DEFAULT 0,
  checked_at timestamp with time zone,
  removed_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  pause_unknown_to bigint NOT NULL DEFAULT 0,
  adopted_pause jsonb,
  CONSTRAINT sync_schedules_pkey PRIMARY KEY (sync_id),
  CONSTRAINT sync_schedules_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id),
  CONSTRAINT sync_schedules_applied_is_whole CHECK (((applied IS NULL) = (applied_revision IS NULL))),
  CONSTRAINT sync_schedules_catch_up_possible CHECK ((catch_up_seconds >= 10)),
  CONSTRAINT sync_schedules_interval_positive CHECK ((interval_seconds > 0)),
  CONSTRAINT sync_schedules_jitter_not_negative CHECK ((jitter_seconds >= 0)),
  CONSTRAINT sync_schedules_one_cadence CHECK ((num_nonnulls(interval_seconds, cron) = 1))
);
CREATE INDEX sync_schedules_to_check ON sync_schedules USING btree (checked_at NULLS FIRST);

CREATE TABLE sync_versions (
  sync_id text NOT NULL,
  version integer NOT NULL,
  workspace_id text NOT NULL,
  mode text NOT NULL,
  mapping jsonb NOT NULL,
  object jsonb NOT NULL,
  settings jsonb NOT NULL,
  created_by text,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT sync_versions_pkey PRIMARY KEY (sync_id, version),
  CONSTRAINT sync_versions_created_by_in_workspace FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens(workspace_id, id),
  CONSTRAINT sync_versions_sync_in_workspace FOREIGN KEY (workspace_id, sync_id) REFERENCES syncs(workspace_id, id),
  CONSTRAINT sync_versions_mode_known CHECK ((mode = ANY (ARRAY['upsert'::text, 'insert'::text, 'update'::text, 'mirror'::text])))
);

CREATE TABLE syncs (
  id text NOT NULL,
  workspace_id text NOT NULL,
  name text NOT NULL,
  model_id text NOT NULL,
  destination_id text NOT NULL,
  version integer NOT NULL DEFAULT 1,
  overlap_policy text NOT NULL DEFAULT 'queue_one'::text,
  paused_at timestamp with time zone,
  deleted_at timestamp with time zone,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  updated_at timestamp with time zone NOT NULL DEFAULT now(),
  pause_note text,
  alive boolean GENERATED ALWAYS AS (CASE WHEN (deleted_at IS NULL) THEN true ELSE NULL::boolean END) STORED,
  created_by text,
  updated_by text,
  CONSTRAINT syncs_pkey PRIMARY KEY (id),
  CONSTRAINT syncs_id_in_workspace UNIQUE (workspace_id, id),
  CONSTRAINT syncs_created_by_in_workspace FOREIGN KEY (workspace_id, created_by) REFERENCES api_tokens(workspace_id, id),
  CONSTRAINT syncs_destination_alive FOREIGN KEY (workspace_id, destination_id, alive) REFERENCES destinations(workspace_id, id, alive),
  CONSTRAINT syncs_destination_in_workspace FOREIGN KEY (workspace_id, destination_id) REFERENCES destinations(workspace_id, id),
  CONSTRAINT syncs_model_alive FOREIGN KEY (workspace_id, model_id, alive) REFERENCES models(workspace_id, id, alive),
  CONSTRAINT syncs_model_in_workspace FOREIGN KEY (workspace_id, model_id) REFERENCES models(workspace_id, id),
  CONSTRAINT syncs_updated_by_in_workspace FOREIGN KEY (workspace_id, updated_by) REFERENCES api_tokens(workspace_id, id),
  CONSTRAINT syncs_workspace_id_fkey FOREIGN KEY (workspace_id) REFERENCES workspaces(id),
  CONSTRAINT syncs_overlap_policy_known CHECK ((overlap_policy = ANY (ARRAY['queue_one'::text, 'queue_all'::text, 'skip'::text]))),
  CONSTRAINT syncs_pause_note_when_paused CHECK (((pause_note IS NULL) OR (paused_at IS NOT NULL)))
);
CREATE INDEX syncs_by_destination ON syncs USING btree (workspace_id, destination_id);
CREATE INDEX syncs_by_model ON syncs USING btree (workspace_id, model_id);
CREATE UNIQUE INDEX syncs_name_unique ON syncs USING btree (workspace_id, name) WHERE (deleted_at IS NULL);

CREATE TABLE workspaces (
  id text NOT NULL,
  name text NOT NULL,
  created_at timestamp with time zone NOT NULL DEFAULT now(),
  CONSTRAINT workspaces_pkey PRIMARY KEY (id),
  CONSTRAINT workspaces_name_unique UNIQUE (name)
);
