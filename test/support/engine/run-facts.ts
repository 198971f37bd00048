// Looks at what runs leave behind, and changes what the next run will find. Owns no server and starts no run.
import type { SyncMode, SyncSettings, FieldMapping } from '../../../domain/sync';
import type { Engine, RunRecord } from './engine';

/** The run's events in order. */
export function eventsOf(
  engine: Engine,
  runId: string,
): Promise<{ type: string; detail: Record<string, unknown> }[]> {
  return engine.knex('run_events').where({ run_id: runId }).orderBy('id').select('type', 'detail');
}

export async function eventTypes(engine: Engine, runId: string): Promise<string[]> {
  return (await eventsOf(engine, runId)).map(({ type }) => type);
}

/** The run that holds the sync's lease. */
export async function leaseHolder(engine: Engine, syncId: string): Promise<string | null> {
  const lease = await engine.knex('sync_leases').where({ sync_id: syncId }).first();
  return lease.run_id;
}

/** What Temporal says of the run's workflow: RUNNING, COMPLETED, FAILED, CANCELLED … */
export async function temporalStatus(engine: Engine, runId: string): Promise<string> {
  return (await engine.client.workflow.getHandle(runId).describe()).status.name;
}

export async function rowErrorsOf(engine: Engine, runId: string): Promise<Record<string, unknown>[]> {
  return engine.knex('row_errors').where({ run_id: runId }).orderBy('row_no');
}

/** Holds of every run that has failed: the record, Temporal, the timeline and the lease say the same. */
export async function expectFailed(
  engine: Engine,
  run: RunRecord,
  { code, message, outcome = 'nothing_applied' }: { code: string; message: string; outcome?: string },
): Promise<void> {
  expect(run).toMatchObject({
    status: 'failed',
    failure_code: code,
    failure_message: message,
    outcome,
    counter_mismatch: 0,
  });
  expect(await temporalStatus(engine, run.id)).toBe('FAILED');
  expect((await eventsOf(engine, run.id)).at(-1)).toMatchObject({
    type: 'run_failed',
    detail: { outcome, failure: message },
  });
  expect(await leaseHolder(engine, run.sync_id)).toBeNull();
}

/** A new version of the sync's configuration. */
export async function changeSync(
  engine: Engine,
  syncId: string,
  changes: { mode?: SyncMode; mapping?: readonly FieldMapping[]; settings?: Partial<SyncSettings> },
): Promise<void> {
  await engine.knex.transaction(async (trx) => {
    const { version } = await trx('syncs').where({ id: syncId }).first();
    const old = await trx('sync_versions').where({ sync_id: syncId, version }).first();
    await trx('sync_versions').insert({
      ...old,
      version: version + 1,
      mode: changes.mode ?? old.mode,
      mapping: JSON.stringify(changes.mapping ?? old.mapping),
      object: JSON.stringify(old.object),
      settings: JSON.stringify({ ...old.settings, ...changes.settings }),
    });
    await trx('syncs')
      .where({ id: syncId })
      .update({ version: version + 1 });
  });
}

/** A new version of the sync's model. */
export async function changeModel(
  engine: Engine,
  syncId: string,
  changes: { sql?: string; rowKey?: string[] },
): Promise<void> {
  await engine.knex.transaction(async (trx) => {
    const { model_id } = await trx('syncs').where({ id: syncId }).first();
    const { version } = await trx('models').where({ id: model_id }).first();
    const old = await trx('model_versions').where({ model_id, version }).first();
    await trx('model_versions').insert({
      ...old,
      version: version + 1,
      sql: changes.sql ?? old.sql,
      row_key: changes.rowKey ?? old.row_key,
      columns: JSON.stringify(old.columns),
    });
    await trx('models')
      .where({ id: model_id })
      .update({ version: version + 1 });
  });
}

/** Lets the deadlines of calls that were never answered pass at once for the sync's next run. */
export async function letDeadlinesPass(engine: Engine, syncId: string): Promise<void> {
  await engine.knex('sync_leases').where({ sync_id: syncId }).update({ no_write_before: null });
}
