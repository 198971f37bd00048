import { Client } from 'pg';
import { Engine } from '../../support/engine/engine';
import { rowErrorsOf } from '../../support/engine/run-facts';
import { users, WideUsers } from '../../support/engine/wide-users';
import { KillableWorker } from '../../support/processes/killable-worker';
import { until } from '../../support/until';

// Any number: advisory locks are per database, and these databases are the test's own.
const gateKey = 1;

/** Where a run stands still, and how often its follow-up is handed over in the end. */
const points = {
  // The batch is committed: its answer is written down by the next attempt, which moves the rows.
  moving: { what: 'the rows are about to move into it', attempts: 1 },
  deleting: { what: 'the deletes are about to go out', attempts: 1 },
  // Either the mark came through or not: its worker was dead by then.
  marking: { what: 'it is about to be handed over', attempts: expect.any(Number) },
  writing: { what: 'it is being written', attempts: 2 },
  answering: { what: 'its answer is about to be stored', attempts: 2 },
  acking: { what: 'it is committed and about to be acknowledged', attempts: 1 },
};
type Point = keyof typeof points;
const names = Object.keys(points) as Point[];

// One worker works on a run for each step that rows take which go once more, and is killed when each run stands at its own.
describe('runs whose worker is killed on the way of rows that go once more', () => {
  let engine: Engine;
  let second: KillableWorker;
  const places = {} as Record<Point, WideUsers>;
  const runIds = {} as Record<Point, string>;

  const before = users('r', 1, 12, (n) => `e${n}`);
  // r11 and r12 vanish, s01 and s02 take their addresses; x wants one that is not given up.
  const after = {
    ...users('r', 1, 10, (n) => (n > 4 ? `new${n}` : `e${n}`)),
    s01: 'e11',
    s02: 'e12',
    x: 'e1',
  };

  beforeAll(async () => {
    engine = await Engine.start({ withWorker: false });
    const first = await KillableWorker.start(engine);
    for (const point of names) {
      places[point] = await WideUsers.make(engine, point, before);
      expect(await engine.run(places[point].sync)).toMatchObject({ outcome: 'clean' });
      await places[point].effects();
      await places[point].show(after);
    }
    await engine.target.raw(`CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF NEW.id = 's01' AND NOT EXISTS (SELECT 1 FROM writing WHERE id = 'r11') THEN
          PERFORM pg_advisory_xact_lock_shared(${gateKey});
        END IF;
        RETURN NEW; END $$;
      CREATE TRIGGER hold BEFORE INSERT ON writing FOR EACH ROW EXECUTE FUNCTION hold()`);
    await holdInLedger();
    const gates = [await closeGate(engine.databases.ours.url), await closeGate(engine.databases.target.url)];
    for (const point of names) runIds[point] = await engine.trigger(places[point].sync);
    await until('every run to stand at its point', async () => {
      const counts = await Promise.all(
        gates.map((gate) =>
          gate.query(`SELECT DISTINCT pid FROM pg_locks
          WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`),
        ),
      );
      return counts.reduce((sum, { rows }) => sum + rows.length, 0) === names.length;
    });
    await first.kill();
    await Promise.all(gates.map((gate) => gate.end()));
    second = await KillableWorker.start(engine);
  }, 90_000);

  afterAll(async () => {
    await second?.shutDown();
    await engine.close();
  });

  /** Each run's way through the ledger stops at the point its table is named after. */
  async function holdInLedger(): Promise<void> {
    const listed = names.map((point) => `('${point}', '${places[point].sync}')`).join(', ');
    await engine.knex.raw(`CREATE TABLE held (point text, sync_id text);
      INSERT INTO held VALUES ${listed};
      CREATE FUNCTION hold() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE
        point text := (SELECT h.point FROM held h JOIN runs r USING (sync_id) WHERE r.id = NEW.run_id);
        follows boolean := NEW.batch_no > (SELECT batches FROM change_plans WHERE run_id = NEW.run_id);
        here boolean := false;
      BEGIN
        IF TG_OP = 'INSERT' THEN
          here := point = 'moving' AND NEW.kind = 'write' AND NEW.entries IS NOT NULL;
        ELSE
          here := CASE point
            WHEN 'deleting' THEN NEW.kind = 'delete' AND NEW.state = 'sent' AND OLD.state = 'planned'
            WHEN 'marking' THEN follows AND NEW.state = 'sent' AND OLD.state = 'planned'
            WHEN 'answering' THEN follows AND NEW.state = 'sent' AND NEW.outcomes IS NOT NULL
            WHEN 'acking' THEN follows AND NEW.state = 'acked'
            ELSE false END;
        END IF;
        IF here THEN PERFORM pg_advisory_xact_lock_shared(${gateKey}); END IF;
        RETURN NEW;
      END $$;
      CREATE TRIGGER hold BEFORE INSERT OR UPDATE ON batches FOR EACH ROW EXECUTE FUNCTION hold()`);
  }

  /** Closed until the returned connection is ended. */
  async function closeGate(databaseUrl: string): Promise<Client> {
    const gate = new Client({ connectionString: databaseUrl });
    await gate.connect();
    await gate.query(`SELECT pg_advisory_lock(${gateKey})`);
    return gate;
  }

  test.each(names.map((point) => [points[point].what, point] as const))(
    'when %s: every row is written once and counted once',
    async (_what, point) => {
      const place = places[point];
      const run = await engine.ended(runIds[point]);
      expect(run).toMatchObject({
        status: 'completed',
        outcome: 'with_row_errors',
        rows_created: 2,
        rows_updated: 6,
        rows_deleted: 2,
        rows_failed: 1,
        rows_unchanged: 4,
        rows_not_attempted: 0,
        rows_unknown: 0,
        counter_mismatch: 0,
      });
      const { x: _, ...written } = after;
      expect(await place.held()).toEqual(written);
      expect(await place.effects()).toBe(10);
      expect(await rowErrorsOf(engine, run.id)).toMatchObject([
        { row_id: 'x', code: '23505', raw_value: 'e1' },
      ]);
      const { planned, followUps } = await place.batchesOf(run.id);
      expect(followUps.map(({ state, creates, created }) => [state, creates, created])).toEqual([
        ['acked', 3, 2],
      ]);
      expect(followUps).toMatchObject([{ attempts: points[point].attempts }]);
      expect(planned.every(({ state }) => state === 'acked')).toBe(true);
      expect(await engine.run(place.sync)).toMatchObject({
        rows_failed: 1,
        rows_unchanged: 12,
        counter_mismatch: 0,
      });
    },
  );
});
