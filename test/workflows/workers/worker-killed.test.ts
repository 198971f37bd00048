import { Client } from 'pg';
import { Engine, type RunRecord } from '../../support/engine/engine';
import { KillableWorker } from '../../support/processes/killable-worker';
import { eventTypes, leaseHolder } from '../../support/engine/run-facts';
import { contactMapping, TestCrm } from '../../support/engine/test-crm';
import { until } from '../../support/until';

const rowCount = 20_000;
// Of the CRM's destination.
const batchRows = 500;
const lanes = 4;
// Any number: advisory locks are per database, and these databases are the test's own.
const gateKey = 1;

// One worker works on four runs at once and is killed while each is at another point of its writes; a second one,
// started when the first is gone, has to bring all of them to a truthful end.
describe('runs whose worker is killed while it writes', () => {
  let engine: Engine;
  let crm: TestCrm;
  let second: KillableWorker;
  const runs: Record<'crm' | 'lanes' | 'open' | 'committed', RunRecord> = {} as never;

  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start({ withWorker: false }), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, ${rowCount * 2}) n`);
    await engine.target.raw(`CREATE TABLE lanes (id text PRIMARY KEY, email text, last_name text);
      CREATE TABLE open (LIKE lanes INCLUDING ALL);
      CREATE TABLE committed (LIKE lanes INCLUDING ALL);
      CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_advisory_xact_lock_shared(${gateKey}); RETURN NULL; END $$;
      CREATE FUNCTION wait_after_the_first() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN IF EXISTS (SELECT 1 FROM lanes) THEN PERFORM pg_advisory_xact_lock_shared(${gateKey}); END IF; RETURN NULL; END $$;
      CREATE TRIGGER gate BEFORE INSERT ON open FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate();
      CREATE TRIGGER gate BEFORE INSERT ON lanes FOR EACH STATEMENT EXECUTE FUNCTION wait_after_the_first()`);
    const first = await KillableWorker.start(engine);
    const syncs = {
      crm: await engine.sync({
        sql: `SELECT * FROM users LIMIT ${rowCount}`,
        mapping: contactMapping,
        destination: crm.destination({ batch_rows: batchRows, concurrency: lanes }),
      }),
      lanes: await syncInto('lanes', rowCount * 2, { atomic_rows: 1000, lanes: 2 }),
      open: await syncInto('open', rowCount, {}),
      committed: await syncInto('committed', rowCount, {}),
    };
    await holdAcknowledgementsOf(syncs.committed);
    const gates = [await closeGate(engine.databases.ours.url), await closeGate(engine.databases.target.url)];
    crm.crm.behaviour.change({ latency_ms: 100 });
    const ids = {
      crm: await engine.trigger(syncs.crm),
      lanes: await engine.trigger(syncs.lanes),
      open: await engine.trigger(syncs.open),
      committed: await engine.trigger(syncs.committed),
    };
    await until('some batches to be in the CRM', () => crm.crm.book.stats().created >= rowCount / 4);
    // From here on the CRM stores what it gets and answers nothing.
    crm.crm.behaviour.change({ hang: 'after_write', latency_ms: 0 });
    await Promise.all([
      until('every lane of the CRM to have a call that is carried out and not answered', async () => {
        if ((await unansweredCalls(ids.crm)) !== lanes) return false;
        // Looked at twice: while the first look was taken an acknowledgement may have been under way.
        await new Promise((resolve) => setTimeout(resolve, 500));
        return (await unansweredCalls(ids.crm)) === lanes;
      }),
      until('some of several transactions to be committed, the others open', async () => {
        return (await count('lanes')) === rowCount && (await waitingAtGate('lanes')) === 2;
      }),
      until('a transaction to be open', async () => (await waitingAtGate('open')) === 1),
      until('a commit that is not acknowledged', async () => (await count('committed')) === rowCount),
    ]);
    await first.kill();
    crm.crm.behaviour.change({ hang: false });
    await Promise.all(gates.map((gate) => gate.end()));

    second = await KillableWorker.start(engine);
    for (const name of ['crm', 'lanes', 'open', 'committed'] as const)
      runs[name] = await engine.ended(ids[name]);
  }, 90_000);

  afterAll(async () => {
    await second?.shutDown();
    await Promise.all([engine.close(), crm.close()]);
  });

  const syncInto = (table: string, rows: number, config: Record<string, unknown>) =>
    engine.sync({
      sql: `SELECT * FROM users LIMIT ${rows}`,
      mapping: ['id', 'email', 'last_name'].map((column) => ({ column, field: column })),
      object: { table },
      destination: { kind: 'postgres', config, secrets: { url: engine.databases.target.url } },
    });

  /** Batches that are in the CRM and not acknowledged. */
  const unansweredCalls = async (runId: string): Promise<number> => {
    const acked = await engine.knex('batches').where({ run_id: runId, state: 'acked' });
    return crm.crm.book.stats().created / batchRows - acked.length;
  };

  const count = async (table: string): Promise<number> =>
    Number((await engine.target(table).count({ n: '*' }).first())?.['n']);

  /** How often each batch was handed to the destination. */
  const attemptsOf = (run: RunRecord): Promise<number[]> =>
    engine.knex('batches').where({ run_id: run.id }).orderBy('batch_no').pluck('attempts');

  const waitingAtGate = async (table: string): Promise<number> => {
    const { rows } = await engine.target.raw(
      `SELECT count(*) AS n FROM pg_locks gate JOIN pg_locks held USING (pid) WHERE gate.locktype = 'advisory'
         AND NOT gate.granted AND held.relation = ?::regclass AND held.mode = 'RowExclusiveLock'`,
      [table],
    );
    return rows[0].n;
  };

  /** Acknowledgements of the sync's runs wait at the gate of our own database. */
  async function holdAcknowledgementsOf(syncId: string): Promise<void> {
    await engine.knex.raw(`CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        IF EXISTS (SELECT 1 FROM runs WHERE id = NEW.run_id AND sync_id = '${syncId}') THEN
          PERFORM pg_advisory_xact_lock_shared(${gateKey});
        END IF;
        RETURN NEW; END $$`);
    await engine.knex.raw(`CREATE TRIGGER gate BEFORE UPDATE ON batches FOR EACH ROW
      WHEN (NEW.state = 'acked') EXECUTE FUNCTION wait_at_gate()`);
  }

  /** Closed until the returned connection is ended. */
  async function closeGate(databaseUrl: string): Promise<Client> {
    const gate = new Client({ connectionString: databaseUrl });
    await gate.connect();
    await gate.query(`SELECT pg_advisory_lock(${gateKey})`);
    return gate;
  }

  const created = (rows: number) => ({
    status: 'completed',
    outcome: 'clean',
    rows_processed: rows,
    rows_created: rows,
    rows_updated: 0,
    rows_failed: 0,
    rows_unknown: 0,
    rows_not_attempted: 0,
    counter_mismatch: 0,
  });

  test('what the CRM stored without an answer is told apart by its key: nothing is lost, nothing counted twice', () => {
    const { book } = crm.crm;
    expect(runs.crm).toMatchObject(created(rowCount));
    expect(book.stats()).toMatchObject({ contacts: rowCount, created: rowCount, updated: 0, failed: 0 });
    const calls = book.callsAfter(0, 1_000_000);
    // The kill did hit calls that were carried out and not answered.
    expect(calls.filter((call) => call.replay_of !== null)).toHaveLength(lanes);
    const createdIds = calls.flatMap((call) => call.results.map((result) => result.external_id));
    expect(new Set(createdIds).size).toBe(rowCount);
    expect(createdIds).toHaveLength(rowCount);
  });

  test('of several transactions the committed ones stand and the others are made again', async () => {
    expect(runs.lanes).toMatchObject(created(rowCount * 2));
    expect(await attemptsOf(runs.lanes)).toEqual([1, 1, 2, 2]);
    expect(await count('lanes')).toBe(rowCount * 2);
    expect(await eventTypes(engine, runs.lanes.id)).toContain('may_be_partial');
  });

  test('a transaction that was open is rolled back by the server and made again', async () => {
    expect(runs.open).toMatchObject(created(rowCount));
    expect(await attemptsOf(runs.open)).toEqual([2, 1]);
    expect(await count('open')).toBe(rowCount);
  });

  test('a commit without its acknowledgement is found out, and nothing is sent twice', async () => {
    expect(runs.committed).toMatchObject(created(rowCount));
    expect(await count('committed')).toBe(rowCount);
    expect(await attemptsOf(runs.committed)).toEqual([1, 1]);
  });

  test('every lease is free and the next run of each finds nothing to do', async () => {
    for (const { sync_id: syncId } of Object.values(runs)) {
      expect(await leaseHolder(engine, syncId)).toBeNull();
      expect(await engine.run(syncId)).toMatchObject({ outcome: 'no_changes' });
    }
  });
});
