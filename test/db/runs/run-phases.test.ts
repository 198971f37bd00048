import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { closeRun } from '../../../db/runs/close-run';
import { FencedError } from '../../../db/runs/lease';
import { beginPhase, endWaiting, tellWaiting, type Wait } from '../../../db/runs/run-phases';
import { aPlannedRun } from '../../factories/a-planned-run';
import { createTestDatabase, type TestDatabase } from '../../support/database';

const wait: Wait = {
  code: 'destination_unreachable',
  reason: '503',
  forMs: 60_000,
  askedMs: null,
  try: 1,
};

describe('a phase that waits', () => {
  let database: TestDatabase;
  let knex: Knex;
  beforeAll(async () => {
    database = await createTestDatabase();
    knex = connect(database.url, { poolSize: 4 });
  });
  afterAll(async () => {
    await knex.destroy();
    await database.drop();
  });

  const phaseOf = (runId: string) =>
    knex('run_phases').where({ run_id: runId, phase: 'destination_writes' }).first();
  const told = (runId: string) =>
    knex('run_events').where({ run_id: runId, type: 'waiting' }).pluck('detail');

  test('says so with why and until when, and stops when it goes on', async () => {
    const fence = await aPlannedRun(knex);
    await tellWaiting(knex, fence, wait);
    const waiting = await phaseOf(fence.runId);
    expect(waiting).toMatchObject({ waiting_since: expect.any(Date), waiting_until: expect.any(Date) });
    const until = waiting.waiting_until.toISOString();
    expect(await told(fence.runId)).toEqual([
      { code: wait.code, reason: wait.reason, until, asked_ms: null, try: 1 },
    ]);
    await endWaiting(knex, fence);
    expect(await phaseOf(fence.runId)).toMatchObject({ waiting_since: null, waiting_until: null });
  });

  test('is no matter of an attempt that was overtaken', async () => {
    const older = await aPlannedRun(knex);
    const newer = await beginPhase(knex, older.runId, 'destination_writes', { retried: true });
    await expect(tellWaiting(knex, older, wait)).rejects.toThrow(FencedError);
    expect(await phaseOf(older.runId)).toMatchObject({ waiting_since: null });
    expect(await told(older.runId)).toEqual([]);
    await tellWaiting(knex, newer, { ...wait, forMs: null });
    await expect(endWaiting(knex, older)).rejects.toThrow(FencedError);
    expect(await phaseOf(older.runId)).toMatchObject({
      waiting_since: expect.any(Date),
      waiting_until: null,
    });
  });

  test('is not told of once the run has ended', async () => {
    const fence = await aPlannedRun(knex);
    await closeRun(knex, fence.runId, { kind: 'cancelled', failure: null });
    const [last] = await knex('run_events')
      .where({ run_id: fence.runId })
      .orderBy('id', 'desc')
      .pluck('type');
    expect(last).toBe('run_cancelled');
    await expect(tellWaiting(knex, fence, wait)).rejects.toThrow(FencedError);
    expect(await told(fence.runId)).toEqual([]);
  });
});
