// Lets the events of a run be read as they come: in an order that can be gone on from, and with a word to whoever watches.
import type { Knex } from 'knex';

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Runs that somebody watches, one row for each process that does. Only their events are worth a notification: those
    -- take a lock of the whole server from the commit's begin to its end.
    CREATE TABLE run_watches (
      run_id text NOT NULL,
      watcher text NOT NULL,
      workspace_id text NOT NULL,
      -- A process that dies leaves its rows behind: they count for this long.
      until timestamptz NOT NULL,
      CONSTRAINT run_watches_pkey PRIMARY KEY (run_id, watcher)
    );

    -- The lock says, until the transaction ends: an event of this run is on its way, and its id will be greater than the
    -- second number. It is shared: writers never wait for each other. The id is drawn once more because the first one was
    -- drawn before the lock.
    CREATE FUNCTION announce_run_event() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      PERFORM pg_advisory_xact_lock_shared(hashtext(NEW.run_id), last_value::bit(32)::integer)
         FROM run_events_id_seq;
      NEW.id := nextval('run_events_id_seq');
      IF EXISTS (SELECT 1 FROM run_watches WHERE run_id = NEW.run_id AND until > clock_timestamp()) THEN
        PERFORM pg_notify('run_events', NEW.run_id);
      END IF;
      RETURN NEW;
    END $$;
    CREATE TRIGGER run_events_announced BEFORE INSERT ON run_events
      FOR EACH ROW WHEN (NEW.run_id IS NOT NULL) EXECUTE FUNCTION announce_run_event();

    -- Up to which id all events of the run are there for the next statement to see, whatever is still on its way. The order
    -- of the two looks is what makes it true. Ids are compared modulo 2^32, of which a lock holds no more.
    CREATE FUNCTION settled_run_events(watched text, OUT up_to bigint, OUT in_flight boolean) LANGUAGE plpgsql AS $$
    DECLARE newest bigint;
    BEGIN
      SELECT last_value INTO newest FROM run_events_id_seq;
      SELECT coalesce(min(newest - age), newest), count(*) > 0 INTO up_to, in_flight
        FROM (SELECT (newest - objid::bigint) & 4294967295 AS age FROM pg_locks
               WHERE locktype = 'advisory' AND objsubid = 2
                 AND classid::bigint = hashtext(watched)::bigint & 4294967295
                 AND database = (SELECT oid FROM pg_database WHERE datname = current_database())) AS writers
       WHERE age < 2147483648;
    END $$;
  `);
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    DROP FUNCTION settled_run_events(text);
    DROP TRIGGER run_events_announced ON run_events;
    DROP FUNCTION announce_run_event();
    DROP TABLE run_watches;
  `);
}
