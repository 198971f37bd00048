// The command line against the real API: what each command shows, as tables and as JSON, and what it changes.
import { aRowError } from '../factories/a-row-error';
import { aLiveRun } from '../factories/a-live-run';
import { aRun, type MadeRun } from '../factories/a-run';
import { aSync } from '../factories/a-sync';
import type { StoredSync } from '../../db/configuration/sync-store';
import { aQueuedRun } from '../factories/a-planned-run';
import { type RunningApi, startApi } from '../api/running-api';
import { type Ended, runCli } from './signalsmith';

let api: RunningApi;
let sync: StoredSync;
let run: MadeRun;

beforeAll(async () => {
  api = await startApi();
  sync = await aSync(api.knex, { workspaceId: api.workspaceId, name: 'Users to CRM' });
  await aRun(api.knex, { sync, status: 'failed', startedAt: new Date('2025-01-14T09:00:00Z') });
  run = await aRun(api.knex, { sync });
  await aRowError(api.knex, run);
  await aRowError(api.knex, run, {
    rowId: 'usr_456',
    field: 'LastName',
    message: 'Required field is null',
    rawValue: null,
  });
});
afterAll(() => api.stop());

const runs = (...args: string[]): Promise<Ended> =>
  runCli(['runs', ...args], { SIGNALSMITH_URL: api.url, SIGNALSMITH_TOKEN: api.token });

const lines = (text: string) => text.split('\n').filter((line) => line !== '');
const pathOf = (made: MadeRun) => `/api/v1/syncs/${made.syncId}/runs/${made.id}`;

test('list shows a sync’s runs by its name or id, newest first, in columns', async () => {
  for (const named of [sync.name, sync.id]) {
    const { status, stdout, stderr } = await runs('list', named);
    expect([status, stderr]).toEqual([0, '']);
    const [head, first, second, ...more] = lines(stdout);
    expect(head).toMatch(
      /^RUN +STATUS +TRIGGER +STARTED \(UTC\) +DURATION +PROCESSED +CREATED +UPDATED +DELETED +FAILED$/,
    );
    expect(first).toMatch(
      new RegExp(
        `^${run.id} +completed, with row errors +schedule +2025-01-15 09:00:00 +4m 23s +15,432 +1,205 +13,891 +0 +336$`,
      ),
    );
    expect(second).toContain('failed, nothing applied');
    expect(more).toEqual([]);
  }
});

test('filters and pages are the API’s, and what is not on the page is told', async () => {
  expect((await runs('list', sync.id, '--status', 'failed,cancelled')).stdout).not.toContain(run.id);
  expect((await runs('list', sync.id, '--has-errors')).stdout).toContain(run.id);
  const paged = await runs('list', sync.id, '--per-page', '1', '--page', '2');
  expect(lines(paged.stdout)).toHaveLength(2);
  expect(paged.stderr).toBe('2 to 2 of 2 runs\n');
  expect(await runs('list', sync.id, '--kind', 'dry_run')).toMatchObject({
    status: 0,
    stdout: '',
    stderr: 'No runs.\n',
  });
  const refused = await runs('list', sync.id, '--status', 'done');
  expect(refused).toMatchObject({ status: 5, stdout: '' });
  expect(refused.stderr).toMatch(/status.*Must be one of queued, running.*\nRequest id: [\w-]+\n$/);
});

test('--json prints what the API answers, as one document', async () => {
  for (const [args, path] of [
    [['list', sync.name], `/api/v1/syncs/${sync.id}/runs`],
    [['show', sync.name, run.id], pathOf(run)],
    [['errors', sync.name, run.id], `${pathOf(run)}/errors`],
  ] as const) {
    const { status, stdout, stderr } = await runs(...args, '--json');
    expect([status, stderr]).toEqual([0, '']);
    expect(JSON.parse(stdout)).toEqual((await api.get(path)).body);
  }
});

test('show has the product page’s summary, the phases and the failure; without a run it shows the newest', async () => {
  const { stdout } = await runs('show', sync.name);
  expect(stdout).toMatch(/^Run +run_/m);
  expect(stdout).toMatch(/^Status +completed, with row errors$/m);
  expect(stdout).toMatch(/^Duration +4m 23s$/m);
  expect(stdout).toMatch(/^Total processed +15,432$/m);
  expect(stdout).toMatch(/^Failed +336$/m);
  expect(stdout).toMatch(/^query +2025-01-15 09:00:00 +45s +1$/m);
  const [failed] = (await api.get(`/api/v1/syncs/${sync.id}/runs?status=failed`)).body.data;
  expect((await runs('show', sync.name, failed.id)).stdout).toContain('Source connection failed: timeout');
});

test('rows of a run that has not ended are not known: show tells how far it is, or what it waits for', async () => {
  const own = await aSync(api.knex, { workspaceId: api.workspaceId });
  const live = await aLiveRun(api.knex, { workspaceId: api.workspaceId, sync: own });
  const { runId } = await aQueuedRun(api.knex, own);
  const [, queued, running] = lines((await runs('list', own.id)).stdout);
  expect(queued).toMatch(new RegExp(`^${runId} +queued +\\w+ +– +– +– +– +– +– +–$`));
  expect(running).toMatch(new RegExp(`^${live.runId} +running .* – +– +– +– +– +–$`));
  const shown = (await runs('show', own.id, live.runId)).stdout;
  expect(shown).toMatch(/^Progress +destination writes, 0 of 10 rows$/m);
  expect(shown).not.toContain('Total processed');
  expect((await runs('show', own.id, runId)).stdout).toMatch(
    new RegExp(`^Progress +waits for ${live.runId} to end$`, 'm'),
  );
});

test('errors shows row, field, message and value, and takes the API’s filters', async () => {
  const { stdout } = await runs('errors', sync.name);
  expect(lines(stdout).map((line) => line.split(/ {2,}/))).toEqual([
    ['ROW', 'FIELD', 'MESSAGE', 'VALUE'],
    ['usr_123', 'Email', 'Invalid email format', 'not-an-email'],
    ['usr_456', 'LastName', 'Required field is null', '–'],
  ]);
  for (const filter of [
    ['--field', 'LastName'],
    ['--row', 'usr_456'],
    ['--text', 'null'],
  ])
    expect(lines((await runs('errors', sync.name, run.id, ...filter)).stdout)).toHaveLength(2);
  expect((await runs('errors', sync.name, run.id, '--code', 'none')).stderr).toBe('No row errors.\n');
});

test('text of rows and destinations cannot reach into the terminal, as a table or as JSON', async () => {
  const made = await aRun(api.knex, { sync: await aSync(api.knex, { workspaceId: api.workspaceId }) });
  const nasty = 'a\u001b[31mred\u001b]8;;http://x\u0007\u009b1m\u202ereversed\r\nnext\tline';
  await aRowError(api.knex, made, { rowId: nasty, field: nasty, message: nasty, rawValue: nasty });
  for (const flags of [[], ['--json']]) {
    const { status, stdout } = await runs('errors', made.syncId, made.id, ...flags);
    expect(status).toBe(0);
    expect(stdout).toContain('\\u001b[31mred');
    expect(stdout.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    if (flags.length > 0) expect(JSON.parse(stdout).data[0].message).toBe(nasty);
    else expect(lines(stdout)).toHaveLength(2);
  }
});

test('trigger starts a run, or queues it behind another, with what was asked', async () => {
  const own = await aSync(api.knex, { workspaceId: api.workspaceId });
  const started = await runs(
    'trigger',
    own.name,
    '--kind',
    'full_resync',
    '--note',
    'new field',
    '--allow-deletes',
  );
  expect(started).toMatchObject({ status: 0, stdout: expect.stringMatching(/^run_\w+ started\n$/) });
  const [id = ''] = started.stdout.split(' ');
  const { body } = await api.get(`/api/v1/syncs/${own.id}/runs/${id}`);
  expect(body).toMatchObject({ kind: 'full_resync', note: 'new field', allow_deletes: true, trigger: 'api' });
  const queued = await runs('trigger', own.id, '--json');
  expect(JSON.parse(queued.stdout)).toMatchObject({ state: 'queued', queue: { holder_run_id: id } });
});

test('cancel asks once and says how it is; a run that has ended is a refusal', async () => {
  const own = await aSync(api.knex, { workspaceId: api.workspaceId });
  const { runId } = await aQueuedRun(api.knex, own);
  const { status, stdout } = await runs('cancel', own.name, 'latest');
  expect([status, stdout]).toEqual([0, `${runId} is asked to end; it is still queued\n`]);
  expect((await api.get(`/api/v1/syncs/${own.id}/runs/${runId}`)).body.cancel_requested_at).not.toBeNull();
  const ended = await runs('cancel', sync.name, run.id);
  expect(ended).toMatchObject({
    status: 5,
    stdout: '',
    stderr: expect.stringContaining('has already ended'),
  });
});
