import fc from 'fast-check';
import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { closeAsInternal, closeRun } from '../../../db/runs/close-run';
import { enqueueSlot } from '../../../db/runs/enqueue-slot';
import { FencedError, RunAlreadyClosedError } from '../../../db/runs/lease';
import { requestCancel } from '../../../db/runs/request-cancel';
import { beginPhase } from '../../../db/runs/run-phases';
import { claimRun } from '../../../db/runs/run-queue';
import { startRun } from '../../../db/runs/start-run';
import { failureOf } from '../../../domain/failure';
import { rowOutcome } from '../../../domain/row-outcome';
import { acknowledge, aPlannedRun, aQueuedRun, send } from '../../factories/a-planned-run';
import { aSchedule } from '../../factories/a-schedule';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const acts = [
  'trigger',
  'slot',
  'cancel',
  'claim',
  'start',
  'begin',
  'send',
  'acknowledge',
  'finish',
  'fail',
  'close as internal',
] as const;

type Act = (typeof acts)[number];

const burst = fc.array(fc.tuple(fc.constantFrom(...acts), fc.nat(99)), { minLength: 8, maxLength: 16 });

// One after the other these are the sequences' matter; here they all come at the same moment.
describe('whatever comes at the same moment', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 18 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  test(
    'nothing deadlocks, one run holds the lease, never two are running, and every end adds up',
    async () => {
      await fc.assert(fc.asyncProperty(burst, cameTogether), { numRuns: 30, endOnFailure: true });
    },
    // A burst takes some 100 ms; many times that on a machine that is busy with the other tests.
    60_000,
  );

  async function cameTogether(what: readonly [Act, number][]): Promise<void> {
    const fence = await aPlannedRun(knex);
    const { syncId, workspaceId } = fence;
    const sync = { id: syncId, workspaceId };
    await aSchedule(knex, fence);
    const runs = [fence.runId];
    for (let at = 0; at < 2; at += 1) runs.push((await aQueuedRun(knex, sync)).runId);

    const failure = failureOf('rate_limit_exceeded');
    const doing: Record<Act, (runId: string, pick: number) => Promise<unknown>> = {
      trigger: () => aQueuedRun(knex, sync),
      slot: (_, pick) =>
        enqueueSlot(knex, { workspaceId, syncId, workflowId: `sync/${syncId}-${pick}`, slotAt: null }),
      cancel: (runId) => requestCancel(knex, { workspaceId, syncId, runId, by: 'somebody' }),
      claim: (runId, pick) => claimRun(knex, runId, { runId: `execution-${pick}`, firstRunId: 'first' }),
      start: (runId) => startRun(knex, runId),
      begin: (runId) =>
        knex.transaction((trx) => beginPhase(trx, runId, 'destination_writes', { retried: true })),
      send: (_, pick) => send(knex, fence, 1 + (pick % 3)),
      acknowledge: (_, pick) => acknowledge(knex, fence, 1 + (pick % 3), rowOutcome.created),
      finish: (runId) => closeRun(knex, runId, { kind: 'finished', failure: null }),
      fail: (runId) => closeRun(knex, runId, { kind: 'failed', failure }),
      'close as internal': (runId) => closeAsInternal(knex, runId, 'broken'),
    };
    const act = ([name, pick]: [Act, number]): Promise<unknown> =>
      doing[name](runs[pick % runs.length] ?? fence.runId, pick);
    const ends = await Promise.allSettled(what.map(act));
    const unexpected = ends.flatMap((end) =>
      end.status === 'rejected' && !isOvertaken(end.reason) ? [String(end.reason)] : [],
    );
    expect(unexpected).toEqual([]);
    await expectInOrder(syncId);
  }

  /** Told to stop because another attempt or a close came first: that is the rule at work. */
  function isOvertaken(error: unknown): boolean {
    return error instanceof FencedError || error instanceof RunAlreadyClosedError;
  }

  async function expectInOrder(syncId: string): Promise<void> {
    const { rows } = await knex.raw<{ rows: Record<string, unknown>[] }>(
      `SELECT count(*) FILTER (WHERE status = 'running') <= 1 AS one_at_most,
         bool_and(counter_mismatch = 0) AS adds_up,
         array_agg(queue_no ORDER BY queue_no) = array_agg(rank ORDER BY rank) AS numbered,
         (SELECT run_id FROM sync_leases WHERE sync_id = ?) IS NOT DISTINCT FROM
           (array_agg(id ORDER BY queue_no) FILTER (WHERE completed_at IS NULL))[1] AS head_holds
       FROM (SELECT *, row_number() OVER (ORDER BY queue_no) AS rank FROM runs WHERE sync_id = ?) r`,
      [syncId, syncId],
    );
    expect(rows[0]).toEqual({ one_at_most: true, adds_up: true, numbered: true, head_holds: true });
  }
});
