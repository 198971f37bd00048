// Watching a run from a terminal: to its end, whatever becomes of the connection, and the exit status that follows it.
import { once } from 'node:events';
import { aLiveRun, endLiveRun } from '../factories/a-live-run';
import { aQueuedRun } from '../factories/a-planned-run';
import { aSync } from '../factories/a-sync';
import { closeRun } from '../../db/runs/close-run';
import { writeEvent } from '../../db/runs/run-events';
import { PostgresGate } from '../support/outside/postgres-gate';
import { type Json, type RunningApi, startApi } from '../api/running-api';
import { startCli } from './signalsmith';

let api: RunningApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const start = (args: readonly string[], url = api.url) =>
  startCli(['runs', ...args], { SIGNALSMITH_URL: url, SIGNALSMITH_TOKEN: api.token });

const documents = (stdout: string): Json[] =>
  stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

test.each([
  ['clean', 0, 'completed, clean'],
  ['with_row_errors', 3, 'completed, with row errors'],
  ['failed', 1, 'failed, nothing applied'],
  ['cancelled', 4, 'cancelled, nothing applied'],
] as const)('a run that ends %s ends the command with %i', async (ending, status, words) => {
  const run = await aLiveRun(api.knex, api);
  const watching = start(['watch', run.syncId]);
  await watching.prints(/changes planned/);
  await endLiveRun(api.knex, run, ending);
  const ended = await watching.ended;
  expect(ended).toMatchObject({ status, stderr: '' });
  expect(ended.stdout).toMatch(/^\d\d:\d\d:\d\d {2}model read {2}.*rows read 10/m);
  expect(ended.stdout).toMatch(new RegExp(`^Status +${words}$`, 'm'));
  // Watched once more it is told again, with the same end.
  expect(await start(['watch', run.syncId, run.runId]).ended).toMatchObject({ status, stdout: ended.stdout });
});

test('--json prints every event on a line of its own, and the run at last', async () => {
  const run = await aLiveRun(api.knex, api);
  const watching = start(['watch', run.syncId, run.runId, '--json']);
  await watching.prints(/"type":"progress"/);
  await endLiveRun(api.knex, run);
  const { status, stdout } = await watching.ended;
  expect(status).toBe(0);
  const printed = documents(stdout);
  const events = (await api.get(run.events)).body.data;
  expect(printed.filter(({ type }) => type !== 'progress')).toEqual([
    ...events,
    { type: 'end', run: (await api.get(run.path)).body },
  ]);
  expect(printed.find(({ type }) => type === 'progress').progress).toMatchObject({ rows_planned: 10 });
});

test('trigger --watch starts a run and stays with it', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  const watching = start(['trigger', sync.name, '--watch']);
  await watching.prints(/run admitted/);
  const { runId } = await api.knex('runs').where({ sync_id: sync.id }).first({ runId: 'id' });
  await closeRun(api.knex, runId, { kind: 'cancelled', failure: null });
  expect(await watching.ended).toMatchObject({ status: 4, stderr: `${runId} started\n` });
});

test('a connection that is lost is made again, and no event is missed or told twice', async () => {
  const run = await aLiveRun(api.knex, api);
  const gate = await PostgresGate.openTo(api.url);
  const watching = start(['watch', run.syncId, run.runId, '--json'], gate.url);
  await watching.prints(/changes_planned/);
  for (const type of ['waiting', 'phase_retried'] as const) {
    await gate.shut();
    await writeEvent(api.knex, run, type);
    await gate.open();
    await watching.prints(new RegExp(type));
  }
  await endLiveRun(api.knex, run);
  const { status, stdout } = await watching.ended;
  expect(status).toBe(0);
  const events = (await api.get(run.events)).body.data;
  expect(documents(stdout).filter(({ id }) => id !== undefined)).toEqual(events);
  await gate.shut();
});

test('Ctrl-C ends the watching and leaves the run alone', async () => {
  const { runId, syncId } = await aQueuedRun(
    api.knex,
    await aSync(api.knex, { workspaceId: api.workspaceId }),
  );
  const watching = start(['watch', syncId, runId]);
  await watching.prints(/run queued/);
  watching.child.kill('SIGINT');
  const { status, stderr } = await watching.ended;
  expect([status, stderr]).toEqual([
    130,
    `The run goes on. See it again with: signalsmith runs watch ${syncId} ${runId}\n`,
  ]);
  expect((await api.get(`/api/v1/syncs/${syncId}/runs/${runId}`)).body).toMatchObject({
    status: 'queued',
    cancel_requested_at: null,
  });
});

test('a reader that leaves a run before its end ends it quietly, and not with the status of a run that went well', async () => {
  const run = await aLiveRun(api.knex, api);
  const watching = start(['watch', run.syncId, run.runId, '--json']);
  await watching.prints(/run_queued/);
  watching.child.stdout?.destroy();
  await writeEvent(api.knex, run, 'waiting');
  const [status] = await once(watching.child, 'exit');
  expect(status).toBe(141);
  expect((await watching.ended).stderr).toBe('');
});

test('a run that is not there is refused', async () => {
  const sync = await aSync(api.knex, { workspaceId: api.workspaceId });
  expect(await start(['watch', sync.id]).ended).toMatchObject({
    status: 2,
    stderr: `The sync "${sync.name}" has not run yet.\n`,
  });
  expect(await start(['watch', sync.id, 'run_0']).ended).toMatchObject({
    status: 5,
    stderr: expect.stringContaining('This run does not exist.'),
  });
});
