// Owns one race of a cancel against a run's end, and what has to be true after it whoever won. Chooses no moment.
import { setTimeout as sleep } from 'node:timers/promises';
import { rowOutcome } from '../../../domain/row-outcome';
import { expectCancelledInTime } from './cancel-time';
import type { Engine, RunRecord } from './engine';
import type { EngineApi } from './engine-api';
import type { LedgerServer, RowLedger } from '../outside/row-ledger';
import { eventTypes, temporalStatus } from './run-facts';

/** Rows of each race's run: ten batches of the ledger's, or one transaction of the table's. */
export const raceRows = 30;
const batchRows = 3;
// A writer hears of a cancel within about a second: ten such calls in a row take longer, so that some stop halfway.
const ledgerLatencyMs = 150;

/** One race: a sync of its own, whose rows nobody else writes. */
export interface Race {
  readonly id: string;
  readonly sync: string;
  /** Ids of the race's rows that the destination holds. */
  accepted(): Promise<string[]>;
}

/** A race whose destination is an HTTP ledger, or a table that takes the run in one transaction. */
export async function aRace(
  engine: Engine,
  ledgers: LedgerServer,
  into: 'ledger' | 'table',
  id: string,
): Promise<Race> {
  const model = {
    sql: `SELECT '${id}-' || n AS id, 'e' || n || '@example.org' AS email FROM generate_series(1, ${raceRows}) n`,
    mapping: ['id', 'email'].map((column) => ({ column, field: column })),
  };
  if (into === 'table') {
    const sync = await engine.sync({ ...model, object: { table: 'contacts' } });
    return {
      id,
      sync,
      accepted: () => engine.target('contacts').where('id', 'like', `${id}-%`).pluck('id'),
    };
  }
  const ledger: RowLedger = ledgers.add(id, 'upsert');
  ledger.latencyMs = ledgerLatencyMs;
  const response = { results_field: 'results', match_by: 'index', status_field: 'status' };
  const words = { created_values: ['created'], updated_values: ['updated'] };
  const config = {
    url: ledger.url,
    batch_rows: batchRows,
    concurrency: 1,
    request: { rows_field: 'records' },
    response: { ...response, ...words },
  };
  const sync = await engine.sync({
    ...model,
    destination: { kind: 'http', config, secrets: { headers: { Authorization: 'Bearer key' } } },
  });
  return { id, sync, accepted: async () => [...ledger.rows.keys()] };
}

/** Triggers the race's run and lets it end by itself; its time from trigger to end, milliseconds. */
export async function unhindered(engine: Engine, api: EngineApi, { sync }: Race): Promise<number> {
  const startedMs = performance.now();
  const { body } = await api.post(`/syncs/${sync}/trigger`, {});
  await engine.ended(body.id);
  return performance.now() - startedMs;
}

/** Triggers the run, cancels it `afterMs` later, and waits for its end. Throws when anything does not fit together. */
export async function runRace(
  engine: Engine,
  api: EngineApi,
  race: Race,
  afterMs: number,
): Promise<RunRecord> {
  const { body: triggered } = await api.post(`/syncs/${race.sync}/trigger`, {});
  const runId = triggered.id as string;
  await sleep(afterMs);
  const answer = await api.post(`/syncs/${race.sync}/runs/${runId}/cancel`);
  const run = await engine.ended(runId);
  await expectTrueRecord(engine, race, run);

  const types = await eventTypes(engine, runId);
  // A cancel that came in time to be remembered is told; one that came after the end left no trace.
  const cameInTime = answer.status === 202;
  if (!cameInTime) expect([answer.status, answer.body.run_status]).toEqual([409, run.status]);
  expect(types.includes('cancel_requested')).toBe(cameInTime);
  if (run.status === 'cancelled') {
    expect(cameInTime).toBe(true);
    await expectCancelledInTime(engine, runId);
  }
  expect(types.at(-1)).toBe(`run_${run.status}`);
  expect(types.filter((type) => /^run_(completed|failed|cancelled)$/.test(type))).toHaveLength(1);

  const again = await api.post(`/syncs/${race.sync}/runs/${runId}/cancel`);
  expect(again.status).toBe(run.status === 'cancelled' ? 200 : 409);
  expect(await engine.record(runId)).toEqual(run);
  return run;
}

/** Whoever won: status, outcome, counts, snapshot, destination and Temporal fit together. */
async function expectTrueRecord(engine: Engine, race: Race, run: RunRecord): Promise<void> {
  const accepted = (await race.accepted()).toSorted();
  expect(run).toMatchObject({ failure_code: null, counter_mismatch: 0, rows_failed: 0, rows_skipped: 0 });
  const { rows_created: created, rows_not_attempted: unsent, rows_unknown: unknown } = run;
  if (run.status === 'completed') {
    expect(run).toMatchObject({ outcome: 'clean', rows_processed: raceRows, rows_created: raceRows });
  } else {
    expect(run.status).toBe('cancelled');
    expect(run.outcome).toBe(created + unknown > 0 ? 'partial' : 'nothing_applied');
    expect(run.rows_processed).toBe(created + unsent + unknown);
    expect([0, raceRows]).toContain(run.rows_processed);
  }
  // What was answered is in the destination; beyond it only rows that count as unknown can be.
  expect(accepted.length).toBeGreaterThanOrEqual(created);
  expect(accepted.length).toBeLessThanOrEqual(created + unknown);
  const snapshot = await acceptedInSnapshot(engine, race.sync);
  expect(snapshot).toHaveLength(created);
  expect(accepted).toEqual(expect.arrayContaining(snapshot));
  expect(await temporalStatus(engine, run.id)).toBe(run.status.toUpperCase());
  const lease = await engine.knex('sync_leases').where({ sync_id: race.sync }).first();
  expect(lease.run_id).toBeNull();
}

/** Ids of the rows the sync's snapshot calls accepted: its deltas, for a sync's first run folds nothing. */
async function acceptedInSnapshot(engine: Engine, sync: string): Promise<string[]> {
  const deltas: { row_keys: Buffer; outcomes: Buffer | null }[] = await engine
    .knex('snapshot_deltas')
    .where({ sync_id: sync })
    .select('row_keys', 'outcomes');
  return deltas
    .flatMap(({ row_keys: keys, outcomes }) =>
      keys
        .toString()
        .trimEnd()
        .split('\n')
        .filter((_, row) => outcomes?.[row] === rowOutcome.created),
    )
    .toSorted();
}
