import { Engine } from '../support/engine';
import { changeModel, eventTypes, until } from '../support/run-facts';
import { keepHistory, type NamedHistory, replay } from '../support/replay';
import { contactMapping, TestCrm } from '../support/test-crm';

// With CAPTURE_HISTORIES=1 the histories made here replace those in test/histories. That is needed when the workflow
// is meant to take other steps and no run of the older version can be under way any more.
describe('histories of runs just made', () => {
  let engine: Engine;
  let crm: TestCrm;
  beforeAll(async () => {
    [engine, crm] = await Promise.all([Engine.start(), TestCrm.start()]);
    await engine.warehouse
      .raw(`CREATE TABLE users AS SELECT 'u' || n AS id, 'e' || n || '@example.org' AS email,
      'Diaz' AS last_name FROM generate_series(1, 20) n`);
  });
  afterAll(() => Promise.all([engine.close(), crm.close()]));

  const rows = 'SELECT * FROM users';
  const slow = 'SELECT * FROM users WHERE pg_sleep(60) IS NOT NULL';
  const syncOf = (sql: string) =>
    engine.sync({ sql, mapping: contactMapping, destination: crm.destination({ batch_rows: 10 }) });
  const cancel = (runId: string) => engine.client.workflow.getHandle(runId).cancel();

  async function historyOf(name: string, runId: string): Promise<NamedHistory> {
    await engine.ended(runId);
    return { name, history: await engine.client.workflow.getHandle(runId).fetchHistory() };
  }

  test('fit the workflow that made them', async () => {
    const histories: NamedHistory[] = [];
    const sync = await syncOf(rows);
    histories.push(await historyOf('clean', await engine.trigger(sync)));
    histories.push(await historyOf('no_changes', await engine.trigger(sync)));

    const refused = await syncOf(`SELECT id, 'no email' AS email, last_name FROM users`);
    histories.push(await historyOf('with_row_errors', await engine.trigger(refused)));
    histories.push(await historyOf('failed_query', await engine.trigger(await syncOf('SELECT FROM WHERE'))));

    const busy = await syncOf(slow);
    const first = await engine.trigger(busy);
    await until('the model to be queried', async () =>
      (await eventTypes(engine, first)).includes('run_started'),
    );
    const second = await engine.trigger(busy);
    await changeModel(engine, busy, { sql: rows });
    await cancel(first);
    histories.push(await historyOf('cancelled_while_querying', first));
    histories.push(await historyOf('queued_behind_another', second));

    crm.crm.behaviour.change({ rate_limit: { per_second: 0 } });
    const limited = await engine.trigger(await syncOf(rows));
    await until('it to wait', async () => (await eventTypes(engine, limited)).includes('waiting'));
    crm.crm.behaviour.change({ rate_limit: null });
    histories.push(await historyOf('waited_for_rate_limit', limited));

    expect(await replay(histories)).toEqual(Object.fromEntries(histories.map(({ name }) => [name, null])));
    if (process.env['CAPTURE_HISTORIES'] === '1') for (const history of histories) keepHistory(history);
  });
});
