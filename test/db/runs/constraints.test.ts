import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { canMove } from '../../../domain/run-transitions';
import { runOutcomes, runStatuses } from '../../../domain/run';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, send } from '../../factories/a-planned-run';
import { aRun } from '../../factories/a-run';
import { aSync } from '../../factories/a-sync';
import { createTestDatabase, type TestDatabase } from '../../support/database';

// What the code must never write, Postgres does not take either: each rule is met here by going past the stores.
describe('impossible rows are refused by name', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url);
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  test.each([
    ['an end without a final status', { completed_at: null }, 'runs_final_has_end'],
    ['an outcome of another status', { outcome: 'nothing_applied' }, 'runs_outcome_fits_status'],
    ['counts that do not add up', { rows_created: 1 }, 'runs_counts_identity'],
    ['a count below zero', { rows_created: -1, rows_updated: 15_097 }, 'runs_counts_not_negative'],
    [
      'a completed run with a failure',
      { failure_code: 'internal', failure_message: 'x' },
      'runs_failed_has_failure',
    ],
    ['a start before its place in the queue', { queued_at: '2030-01-01' }, 'runs_times_in_order'],
    ['a start without pinned versions', { sync_version: null }, 'runs_started_pins_versions'],
    ['a trigger nobody knows', { trigger: 'cron' }, 'runs_trigger_known'],
    ['a retry without its scope', { retry_of: 'self' }, 'runs_retry_has_scope'],
  ])('%s', async (_what, change, constraint) => {
    const run = await aRun(knex);
    const update = knex('runs')
      .where({ id: run.id })
      .update('retry_of' in change ? { retry_of: run.id } : change);
    await expect(update).rejects.toThrow(constraint);
  });

  test('a failed run without a failure, and one with a code and no sentence', async () => {
    const run = await aRun(knex, { status: 'failed' });
    await expect(
      knex('runs').where({ id: run.id }).update({ failure_code: null, failure_message: null }),
    ).rejects.toThrow('runs_failed_has_failure');
    await expect(knex('runs').where({ id: run.id }).update({ failure_message: null })).rejects.toThrow(
      'runs_failure_has_message',
    );
  });

  test('a status nobody knows', async () => {
    const run = await aRun(knex, { status: 'queued' });
    await expect(knex('runs').where({ id: run.id }).update({ status: 'waiting' })).rejects.toThrow(
      'runs_status_known',
    );
  });

  test('every outcome belongs to the statuses the rules give it, and to no other', async () => {
    const allowed: Record<string, readonly string[]> = {
      completed: ['no_changes', 'clean', 'with_row_errors', 'planned'],
      failed: ['nothing_applied', 'partial'],
      cancelled: ['nothing_applied', 'partial'],
    };
    for (const status of runStatuses.filter((word) => canMove('running', word))) {
      const run = await aRun(knex, { status, counts: {} });
      for (const outcome of runOutcomes) {
        const update = knex('runs').where({ id: run.id }).update({ outcome });
        if (allowed[status]?.includes(outcome)) expect(await update).toBe(1);
        else await expect(update).rejects.toThrow('runs_outcome_fits_status');
      }
    }
  });

  test('a run of a sync in another workspace, and a second run at the same place in the queue', async () => {
    const [run, other] = [await aRun(knex), await aRun(knex)];
    await expect(
      knex('runs').where({ id: run.id }).update({ sync_id: other.syncId, queue_no: 7 }),
    ).rejects.toThrow('runs_sync_in_workspace');
    const second = await aRun(knex, { sync: { id: run.syncId, workspaceId: run.workspaceId } });
    await expect(knex('runs').where({ id: second.id }).update({ queue_no: 1 })).rejects.toThrow(
      'runs_queue_place_unique',
    );
  });

  test('a lease for a run of another workspace', async () => {
    const [run, sync] = [await aRun(knex), await aSync(knex)];
    const lease = { sync_id: sync.id, workspace_id: sync.workspaceId, run_id: run.id };
    await expect(knex('sync_leases').insert(lease)).rejects.toThrow('sync_leases_run_in_workspace');
  });

  test.each([
    ['a sent batch without its rows', { entries: null }, 'batches_sent_has_deadline'],
    ['an answer without outcomes', { outcomes: null }, 'batches_acked_has_outcomes'],
    ['an answer for fewer rows than were sent', { created: 9 }, 'batches_acked_adds_up'],
    ['a state nobody knows', { state: 'lost' }, 'batches_state_known'],
    ['writes without lines', { line_from: null }, 'batches_write_has_lines'],
  ])('%s', async (_what, change, constraint) => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    await send(knex, fence, 1);
    await acknowledge(knex, fence, 1, rowOutcome.created);
    await expect(knex('batches').where({ run_id: fence.runId }).update(change)).rejects.toThrow(constraint);
  });

  test('a second published journal of one run', async () => {
    const fence = await aPlannedRun(knex, { batches: 1 });
    const [journal] = await knex('journals').where({ run_id: fence.runId });
    const again = { ...journal, attempt: 99, columns: JSON.stringify(journal.columns) };
    await expect(knex('journals').insert(again)).rejects.toThrow('journals_one_published');
    await expect(
      knex('journals').insert({ ...again, run_id: fence.runId, attempt: 98, lines_read: null }),
    ).rejects.toThrow('journals_published_is_whole');
  });
});
