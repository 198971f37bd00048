import type { Knex } from 'knex';
import { connect } from '../../../db/connect';
import { Bell } from '../../../worker/reconciler/bell';
import { claimLimits, reconcileRuns } from '../../../worker/reconciler/reconcile-runs';
import { runWatches, startReconciler, type Watch } from '../../../worker/reconciler/reconciler';
import type { OpenLook } from '../../../temporal/run-state';
import { aRun } from '../../factories/a-run';
import { fakeLauncher } from '../../fakes/fake-launcher';
import { fakeRunStates } from '../../fakes/fake-run-states';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { noWaits } from '../../support/engine/reconciling';
import { until } from '../../support/until';

describe('the loop', () => {
  const log = () => {
    const told: string[] = [];
    return { told, warn: (_: Record<string, unknown>, message: string) => void told.push(message) };
  };

  test('tells trouble once, goes on, and tells it again when it comes back', async () => {
    const outcomes = ['down', 'down', 'down', 0, 2, 'down', 'down', 0];
    let rounds = 0;
    const watch: Watch = {
      what: 'things',
      everyMs: 1,
      async round() {
        const outcome = outcomes[rounds++] ?? 0;
        if (typeof outcome === 'string') throw new Error(outcome);
        return outcome;
      },
    };
    const { told, warn } = log();
    const reconciler = startReconciler([watch], { warn });
    await until('all rounds', () => rounds > outcomes.length);
    await reconciler.stop();
    expect(told).toEqual([
      'things: could not be looked at',
      'things: did not agree with Temporal',
      'things: could not be looked at',
    ]);
  });

  test('a watch that is rung for looks soon, and once more for what rang while it looked', async () => {
    const bell = new Bell();
    let rounds = 0;
    const watch: Watch = {
      what: 'things',
      // Never by itself.
      everyMs: 2 ** 31 - 1,
      bell,
      round: async () => {
        rounds += 1;
        if (rounds === 2) bell.ring();
        return 0;
      },
    };
    const { told, warn } = log();
    const reconciler = startReconciler([watch], { warn });
    bell.ring();
    await until('the first look', () => rounds === 1);
    bell.ring();
    bell.ring();
    await until('all looks', () => rounds === 3);
    await reconciler.stop();
    expect({ rounds, told }).toEqual({ rounds: 3, told: [] });
  });

  test('a watch in trouble does not hold up another, and the end waits for what is being done', async () => {
    let isDone = false;
    let others = 0;
    const slow: Watch = {
      what: 'slow',
      everyMs: 1,
      round: (signal) =>
        new Promise((resolve) => {
          signal.addEventListener('abort', () => {
            isDone = true;
            resolve(0);
          });
        }),
    };
    const quick: Watch = {
      what: 'quick',
      everyMs: 1,
      round: () => Promise.reject(new Error(String((others += 1)))),
    };
    const reconciler = startReconciler([slow, quick], log());
    await until('the quick one to go on', () => others > 5);
    await reconciler.stop();
    expect(isDone).toBe(true);
    const seen = others;
    await new Promise((resolve) => setImmediate(resolve));
    expect(others).toBe(seen);
  });
});

describe('a round over fakes', () => {
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

  afterEach(() =>
    knex.raw(
      `DELETE FROM run_events; DELETE FROM sync_leases; DELETE FROM run_pulses; DELETE FROM run_phases; DELETE FROM runs`,
    ),
  );

  const parts = () => ({
    knex,
    launcher: fakeLauncher(),
    states: fakeRunStates(),
    log: { warn: () => undefined },
  });

  test('a run that cannot be closed in order is closed at any cost in the end, with the cause kept', async () => {
    const run = await aRun(knex, { status: 'running' });
    await knex('sync_leases').insert({ sync_id: run.syncId, workspace_id: run.workspaceId, run_id: run.id });
    await knex.raw(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS
      $$ BEGIN IF NEW.failure_code = 'terminated_by_operator' THEN RAISE EXCEPTION 'not like this'; END IF; RETURN NEW; END $$;
      CREATE TRIGGER refuse BEFORE UPDATE ON runs FOR EACH ROW EXECUTE FUNCTION refuse()`);
    const deps = { ...parts(), failedCloses: new Map<string, number>() };
    deps.states.looks.set(run.workflowId, { state: 'closed', status: 'TERMINATED', because: 'olga: enough' });
    const limits = { ...claimLimits, lookEveryMs: 0 };
    for (let round = 1; round <= 5; round += 1) {
      await expect(reconcileRuns(deps, limits)).rejects.toThrow('not like this');
    }
    expect(await reconcileRuns(deps, limits)).toEqual([{ runId: run.id, act: 'closed' }]);
    expect(await knex('runs').where({ id: run.id }).first()).toMatchObject({
      status: 'failed',
      failure_code: 'internal',
      failure_cause: 'olga: enough',
    });
    expect(await knex('sync_leases').where({ sync_id: run.syncId }).first()).toMatchObject({ run_id: null });
    await knex.raw('DROP TRIGGER refuse ON runs');
  });

  test('a round looks at all that are due, page after page, also behind one that cannot be helped', async () => {
    const one = await aRun(knex, { status: 'queued' });
    await knex.raw(
      `INSERT INTO runs (id, workspace_id, sync_id, queue_no, trigger, status, workflow_id, first_execution_run_id, queued_at)
       SELECT 'run_quiet' || n, workspace_id, sync_id, n + 1, 'api', 'queued', 'run_quiet' || n, 'x', queued_at
       FROM runs, generate_series(1, 250) n WHERE id = ?`,
      [one.id],
    );
    await knex('runs').where({ id: one.id }).delete();
    const deps = { ...parts(), failedCloses: new Map<string, number>() };
    const looked: string[] = [];
    const look = async (workflowId: string): Promise<OpenLook> => {
      looked.push(workflowId);
      if (workflowId === 'run_quiet7') throw new Error('no word of it');
      return { state: 'open', cancelRequested: false, isIdle: true, paused: [] };
    };
    await expect(reconcileRuns({ ...deps, states: { ...deps.states, look } })).rejects.toThrow(
      'no word of it',
    );
    expect(looked).toHaveLength(250);
    expect(new Set(looked).size).toBe(250);
  });

  test('a round ends while its pages are still full, so that stopping and the other watches come in between', async () => {
    const one = await aRun(knex, { status: 'queued' });
    await knex('runs').where({ id: one.id }).update({ first_execution_run_id: 'x' });
    const deps = { ...parts(), failedCloses: new Map<string, number>() };
    deps.states.looks.set(one.workflowId, {
      state: 'open',
      cancelRequested: false,
      isIdle: true,
      paused: [],
    });
    // Due again at once, it fills every page.
    expect(await reconcileRuns(deps, { ...noWaits, page: 1 })).toEqual([]);
  });

  describe('an open workflow', () => {
    const idle: OpenLook = { state: 'open', cancelRequested: false, isIdle: true, paused: [] };
    const limits = { ...claimLimits, untoldMs: 0, uncancelledMs: 0 };

    /** A queued run that has the lease, and a launcher that has started its workflow. */
    async function anUntoldRun(look: OpenLook, columns: Record<string, unknown> = {}) {
      const run = await aRun(knex, { status: 'queued' });
      await knex('runs')
        .where({ id: run.id })
        .update({ first_execution_run_id: 'x', ...columns });
      await knex('sync_leases').insert({
        sync_id: run.syncId,
        workspace_id: run.workspaceId,
        run_id: run.id,
      });
      const deps = { ...parts(), failedCloses: new Map<string, number>() };
      const summary = 'Users → CRM (api)';
      const { workspaceId, syncId, workflowId } = run;
      await deps.launcher.start({
        workspaceId,
        syncId,
        workflowId,
        runId: run.id,
        trigger: 'api',
        kind: 'normal',
        summary,
      });
      deps.states.looks.set(workflowId, look);
      return { run, deps };
    }

    test.each<[string, OpenLook, Record<string, unknown>, { handedOff: number; cancelled: number }]>([
      ['that only waits is told of its lease', idle, {}, { handedOff: 1, cancelled: 0 }],
      [
        'to which something is on its way is not told again',
        { ...idle, isIdle: false },
        {},
        { handedOff: 0, cancelled: 0 },
      ],
      [
        'whose cancel was not delivered gets it, and no hand-off',
        idle,
        { cancel_requested_at: new Date(Date.now() - 60_000) },
        { handedOff: 0, cancelled: 1 },
      ],
      [
        'that knows of its cancel is not asked again',
        { ...idle, cancelRequested: true },
        { cancel_requested_at: new Date(Date.now() - 60_000) },
        { handedOff: 0, cancelled: 0 },
      ],
    ])('%s', async (_, look, columns, expected) => {
      const { run, deps } = await anUntoldRun(look, columns);
      await reconcileRuns(deps, limits);
      const { handedOff, cancelled } = deps.launcher;
      expect({ handedOff: handedOff.length, cancelled: cancelled.length }).toEqual(expected);
      const told = await knex('run_events').where({ run_id: run.id, type: 'reconciled' });
      expect(told).toHaveLength(expected.handedOff + expected.cancelled);
    });

    test('with a paused activity is noted once for each pause', async () => {
      const run = await aRun(knex, { status: 'running' });
      const deps = { ...parts(), failedCloses: new Map<string, number>() };
      const paused = (secondsAgo: number): OpenLook => ({
        ...idle,
        isIdle: false,
        paused: [
          { activity: 'writeChanges', pausedAt: new Date(Date.now() - secondsAgo * 1_000), note: null },
        ],
      });
      const rounds = async (look: OpenLook) => {
        deps.states.looks.set(run.workflowId, look);
        const each = () => reconcileRuns(deps, { ...limits, lookEveryMs: 0 });
        return [...(await each()), ...(await each())].map(({ act }) => act);
      };
      const longAgo = paused(600);
      expect(await rounds(longAgo)).toEqual(['pause_noted']);
      expect(await rounds(longAgo)).toEqual([]);
      // As if the first one had been noted then, so that the second is another.
      await knex.raw(`UPDATE run_events SET at = at - interval '5 minutes'`);
      expect(await rounds(paused(1))).toEqual(['pause_noted']);
    });
  });

  test('an idle service with two workers asks Postgres less than twice a second', async () => {
    const statements: string[] = [];
    const keep = ({ sql }: { sql: string }) => void statements.push(sql);
    knex.on('query', keep);
    const watches = [...runWatches(parts()), ...runWatches(parts())];
    let perSecond = 0;
    for (const { everyMs, round } of watches) {
      const before = statements.length;
      await round(new AbortController().signal);
      perSecond += ((statements.length - before) * 1_000) / everyMs;
    }
    knex.removeListener('query', keep);
    expect(perSecond).toBeLessThan(2);
    expect(statements.length).toBeGreaterThan(0);
  });
});
