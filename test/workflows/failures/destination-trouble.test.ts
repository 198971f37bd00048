import { Engine, type RunRecord } from '../../support/engine/engine';
import { type EngineApi, engineApi } from '../../support/engine/engine-api';
import { type Fault, FaultyDestination, refusal, rowMapping } from '../../support/outside/faulty-destination';
import { eventsOf, expectFailed, letDeadlinesPass, rowErrorsOf } from '../../support/engine/run-facts';
import { until } from '../../support/until';

const rowCount = 400;
const batches = rowCount / 10;
const lanes = 4;
// Trouble may cost a fifth of the calls that a run without any makes.
const mostCalls = batches * 1.2;

describe('trouble of an HTTP destination in the middle of a run', () => {
  let engine: Engine;
  let api: EngineApi;
  let far: FaultyDestination;
  beforeAll(async () => {
    [engine, far] = await Promise.all([Engine.start(), FaultyDestination.start()]);
    api = await engineApi(engine);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email
      FROM generate_series(1, ${rowCount}) n`);
  });
  afterAll(() => Promise.all([api.close().then(() => engine.close()), far.close()]));
  beforeEach(() => far.reset());

  const intoFar = (settings = {}, config = {}) =>
    engine.sync({
      sql: 'SELECT * FROM users',
      mapping: rowMapping,
      settings,
      destination: far.destination(config),
    });

  const shown = async (
    runId: string,
    syncId: string,
  ): Promise<Awaited<ReturnType<EngineApi['get']>>['body']> =>
    (await api.get(`/syncs/${syncId}/runs/${runId}`)).body;

  /** Every row has arrived, none was marked as failed, and no more calls were made than trouble may cost. */
  const expectWhole = async (run: RunRecord): Promise<void> => {
    expect(run).toMatchObject({
      status: 'completed',
      outcome: 'clean',
      rows_created: rowCount,
      rows_failed: 0,
      counter_mismatch: 0,
    });
    expect(await rowErrorsOf(engine, run.id)).toEqual([]);
    expect(far.taken.size).toBe(rowCount);
    expect(far.calls.length).toBeLessThanOrEqual(mostCalls);
  };

  /** Rows that had effect more than once, each time under one and the same batch key. */
  const repeatedRows = (): number => {
    const repeated = [...far.taken.values()].filter((keys) => keys.length > 1);
    for (const keys of repeated) expect(new Set(keys).size).toBe(1);
    return repeated.length;
  };

  const atCall =
    (number: number, fault: Fault) =>
    (at: number): Fault | null =>
      at === number ? fault : null;

  describe('a rate limit', () => {
    const date = 'Mon, 23 Nov 2026 12:00:00 GMT';

    test.each([
      ['in seconds', { 'retry-after': '1' }],
      ['as a date', { 'retry-after': 'Mon, 23 Nov 2026 12:00:01 GMT', date }],
    ])('with Retry-After %s stops all lanes for as long as it asks', async (_how, headers) => {
      far.faultOf = atCall(8, refusal(429, headers));
      await expectWhole(await engine.run(await intoFar()));
      const limitedAtMs = far.calls[8]?.atMs ?? 0;
      const meanwhile = far.calls.filter(({ atMs }) => atMs > limitedAtMs && atMs < limitedAtMs + 950);
      // Those that were on their way when the limit was met.
      expect(meanwhile.length).toBeLessThan(lanes);
      expect(repeatedRows()).toBe(0);
    });

    test('without Retry-After is tried again', async () => {
      far.faultOf = atCall(8, refusal(429));
      await expectWhole(await engine.run(await intoFar()));
      expect(repeatedRows()).toBe(0);
    });

    test('that asks for more than ten seconds is shown as waiting, with reason and until when, and then goes on', async () => {
      far.faultOf = atCall(8, refusal(429, { 'retry-after': '11' }));
      const syncId = await intoFar();
      const runId = await engine.trigger(syncId);
      const waiting = await until('the run to be shown as waiting', async () => {
        const run = await shown(runId, syncId);
        return run.progress?.waiting_for && run;
      });
      expect(waiting).toMatchObject({
        status: 'running',
        failure: null,
        progress: { waiting_for: { reason: 'Rate limit exceeded', until: expect.any(String) } },
      });
      const { since, until: untilWhen } = waiting.progress.waiting_for;
      const toldMs = Date.parse(untilWhen) - Date.parse(since);
      // On the wire times are whole seconds, and some of the eleven may be over when the lanes have come to rest.
      expect(toldMs).toBeGreaterThanOrEqual(8_000);
      expect(toldMs).toBeLessThanOrEqual(12_000);
      const callsBefore = far.calls.length;
      await expectWhole(await engine.ended(runId));
      expect(callsBefore).toBeLessThan(batches);
      expect((await eventsOf(engine, runId)).filter(({ type }) => type === 'waiting')).toHaveLength(1);
      expect((await shown(runId, syncId)).progress).toBeNull();
      expect((await shown(runId, syncId)).phases[2].waited_ms).toBeGreaterThan(8_000);
    });

    test('that asks for longer than the run would wait ends it at once and says so', async () => {
      far.faultOf = (at) => (at < 8 ? null : refusal(429, { 'retry-after': '1000000000' }));
      const run = await engine.run(await intoFar());
      await expectFailed(engine, run, {
        code: 'rate_limit_exceeded',
        message: 'Rate limit exceeded; asked to wait 3600 s, and this sync waits 600 s at most',
        outcome: 'partial',
      });
      expect(run).toMatchObject({ rows_created: far.taken.size, rows_failed: 0, rows_unknown: 0 });
      expect(far.calls.length).toBeLessThan(8 + lanes + 1);
      far.faultOf = () => null;
      expect(await engine.run(run.sync_id)).toMatchObject({ rows_created: rowCount - run.rows_created });
      expect(far.taken.size).toBe(rowCount);
    });
  });

  describe('an outage', () => {
    test.each([500, 502, 503])('of a burst of %i is waited out', async (status) => {
      far.faultOf = (at) => (at >= 8 && at < 8 + lanes ? refusal(status) : null);
      await expectWhole(await engine.run(await intoFar()));
    });

    test('that outlasts the tries of a call is a wait of the run', async () => {
      // Three tries of each of four lanes, and once more.
      far.faultOf = (at) => (at >= 8 && at < 8 + 6 * lanes ? refusal(503) : null);
      const run = await engine.run(await intoFar());
      expect(run).toMatchObject({ status: 'completed', rows_created: rowCount, rows_failed: 0 });
      expect(await eventsOf(engine, run.id)).toContainEqual({
        type: 'waiting',
        detail: expect.objectContaining({
          code: 'destination_unreachable',
          reason: 'Destination unreachable: HTTP 503',
          until: expect.any(String),
        }),
      });
      expect(repeatedRows()).toBe(0);
    });

    test('that does not end fails the run within its patience with one sentence and no row error', async () => {
      far.faultOf = (at) => (at < 8 ? null : refusal(503));
      const run = await engine.run(await intoFar({ patienceSeconds: 3 }));
      await expectFailed(engine, run, {
        code: 'destination_unreachable',
        message: 'Destination unreachable: HTTP 503',
        outcome: 'partial',
      });
      expect(await rowErrorsOf(engine, run.id)).toEqual([]);
      expect(run).toMatchObject({ rows_created: far.taken.size, rows_failed: 0 });
      // Backing off: three seconds have room for a handful of rounds of three tries in each lane.
      expect(far.calls.length).toBeLessThanOrEqual(8 + 7 * 3 * lanes);
      far.faultOf = () => null;
      await letDeadlinesPass(engine, run.sync_id);
      expect(await engine.run(run.sync_id)).toMatchObject({ status: 'completed', outcome: 'clean' });
      expect(far.taken.size).toBe(rowCount);
    });
  });

  describe('a connection', () => {
    const drip = (response: Parameters<Fault>[0], write: () => unknown): void => {
      const timer = setInterval(write, 20);
      response.on('close', () => clearInterval(timer));
    };

    test('cut before the body was read costs one more call', async () => {
      let requests = 0;
      far.stub.interceptBody((request) => {
        requests += 1;
        if (requests !== 8) return false;
        request.socket.resetAndDestroy();
        return true;
      });
      await expectWhole(await engine.run(await intoFar()));
      expect(repeatedRows()).toBe(0);
      expect(requests).toBeLessThanOrEqual(mostCalls);
    });

    test('cut after the rows were taken brings that batch again under its key, and nothing else twice', async () => {
      far.faultOf = atCall(8, (response, take) => {
        take();
        response.socket?.resetAndDestroy();
      });
      await expectWhole(await engine.run(await intoFar()));
      expect(repeatedRows()).toBe(10);
    });

    test.each<[string, Fault]>([
      ['that gives no answer', (_response, take) => take()],
      [
        'whose headers drip',
        (response, take) => {
          take();
          response.socket?.write('HTTP/1.1 200 OK\r\n');
          drip(response, () => response.socket?.write('x-drip: 1\r\n'));
        },
      ],
      [
        'whose body drips',
        (response, take) => {
          take();
          response.writeHead(200, { 'content-type': 'application/json' });
          drip(response, () => response.write(' '));
        },
      ],
    ])('%s is given up at its deadline and its batch sent again under its key', async (_what, fault) => {
      far.faultOf = atCall(8, fault);
      await expectWhole(await engine.run(await intoFar({}, { timeout_seconds: 1 })));
      expect(repeatedRows()).toBe(10);
    });

    test('that is refused is waited for', async () => {
      const gone = await FaultyDestination.start();
      const config = gone.destination();
      await gone.close();
      const syncId = await engine.sync({
        sql: 'SELECT * FROM users',
        mapping: rowMapping,
        destination: { ...config, config: { ...config.config, url: `${gone.stub.url}/rows` } },
      });
      const runId = await engine.trigger(syncId);
      const waiting = await until('the run to wait', async () => {
        const run = await shown(runId, syncId);
        return run.progress?.waiting_for && run;
      });
      expect(waiting.progress.waiting_for.reason).toBe('Destination unreachable: connection refused');
      await engine.client.workflow.getHandle(runId).cancel();
      expect(await engine.ended(runId)).toMatchObject({ status: 'cancelled', rows_not_attempted: rowCount });
    });
  });

  test.each([401, 403])(
    'a key refused with %i from the beginning is tried with three calls at most, however many may be open',
    async (status) => {
      // Slow to refuse: all calls that are begun before the first answer arrive.
      far.faultOf = () => (response) =>
        setTimeout(() => response.writeHead(status).end('{"message":"no"}'), 300);
      const run = await engine.run(await intoFar({}, { concurrency: 16 }));
      await expectFailed(engine, run, {
        code: 'destination_auth_expired',
        message: 'Destination authentication expired',
      });
      expect(far.calls.length).toBeLessThanOrEqual(3);
      expect(run).toMatchObject({ rows_unknown: 0, rows_not_attempted: rowCount });
      far.faultOf = () => null;
      expect(await engine.run(run.sync_id)).toMatchObject({ status: 'completed', rows_created: rowCount });
    },
  );

  test.each([401, 403])(
    'a key refused with %i in the middle ends the run after three calls at most',
    async (status) => {
      far.faultOf = (at) => (at < 8 ? null : refusal(status));
      const run = await engine.run(await intoFar({}, { concurrency: 3 }));
      await expectFailed(engine, run, {
        code: 'destination_auth_expired',
        message: 'Destination authentication expired',
        outcome: 'partial',
      });
      expect(far.calls.length - 8).toBeLessThanOrEqual(3);
      expect(run).toMatchObject({ rows_created: 80, rows_unknown: 0, rows_not_attempted: rowCount - 80 });
      expect(await rowErrorsOf(engine, run.id)).toEqual([]);
    },
  );
});
