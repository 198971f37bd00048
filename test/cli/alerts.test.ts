// The command line's alerts against the real API: what is shown, as tables and as JSON, and what a person does.
import type { StoredSync } from '../../db/configuration/sync-store';
import { aSync } from '../factories/a-sync';
import { runFacts } from '../factories/a-message';
import { anAlert, type MadeAlert } from '../factories/an-alert';
import { type RunningApi, startApi } from '../api/running-api';
import { type Ended, runCli } from './signalsmith';

let api: RunningApi;
let sync: StoredSync;
let alert: MadeAlert;

beforeAll(async () => {
  api = await startApi();
  sync = await aSync(api.knex, { workspaceId: api.workspaceId, name: 'Users to CRM' });
  alert = await anAlert(api.knex, { sync, openedAt: new Date('2025-01-15T09:00:00Z') });
  await anAlert(api.knex, { sync, kind: 'run_late', resolvedAt: new Date() });
});
afterAll(() => api.stop());

const alerts = (...args: string[]): Promise<Ended> =>
  runCli(['alerts', ...args], { SIGNALSMITH_URL: api.url, SIGNALSMITH_TOKEN: api.token });
const lines = (text: string) => text.split('\n').filter((line) => line !== '');

test('list shows what is not over, of all syncs or of one', async () => {
  for (const args of [[], [sync.name], [sync.id]]) {
    const { status, stdout, stderr } = await alerts('list', ...args);
    expect([status, stderr]).toEqual([0, '']);
    const [head, first, ...more] = lines(stdout);
    expect(head).toMatch(/^ALERT +STATE +OPENED \(UTC\) +TIMES +WHAT$/);
    expect(first).toMatch(
      new RegExp(`^${alert.id} +open, critical +2025-01-15 09:00:00 +1 +Users → CRM failed: Destination`),
    );
    expect(more).toEqual([]);
  }
  expect((await alerts('list', '--state', 'resolved')).stdout).toMatch(/resolved, warning/);
  expect(await alerts('list', '--kind', 'run_stuck')).toMatchObject({ status: 0, stderr: 'No alerts.\n' });
  expect((await alerts('list', '--state', 'over')).status).toBe(5);
  expect((await alerts('list', '--state', 'open,resolved', '--per-page', '1')).stderr).toBe(
    '1 to 1 of 2 alerts\n',
  );
});

test('a person acknowledges, mutes and resolves, and show tells of it', async () => {
  expect((await alerts('ack', alert.id, '--note', 'on it')).stdout).toBe(
    `${alert.id} is acknowledged, critical\n`,
  );
  expect((await alerts('mute', alert.id, '--hours', '2')).stdout).toMatch(
    /acknowledged, critical, muted until/,
  );
  const until = new Date(Date.now() + 86_400_000).toISOString();
  expect((await alerts('mute', alert.id, '--until', until)).stdout).toContain(
    `muted until ${until.slice(0, 19).replace('T', ' ')} UTC`,
  );
  expect((await alerts('unmute', alert.id)).stdout).toBe(`${alert.id} is acknowledged, critical\n`);
  expect((await alerts('resolve', alert.id)).stdout).toBe(`${alert.id} is resolved, critical\n`);
  const { stdout } = await alerts('show', alert.id);
  expect(stdout).toMatch(/^Users → CRM failed: Destination authentication expired\n/);
  expect(stdout).toContain('- Give the destination a new key.');
  expect(stdout).toMatch(/^Told +nobody$/m);
  const events = lines(stdout).map((line) => line.slice(21).trim().split(/ {2,}/)[0]);
  expect(events.slice(events.indexOf('opened'))).toEqual([
    'opened',
    'acknowledged',
    'muted',
    'muted',
    'unmuted',
    'resolved',
  ]);
  expect(stdout).toMatch(/acknowledged +token \w+ +note on it/);
});

test('show names runs as the other commands take them', async () => {
  const run = runFacts();
  const told = await anAlert(api.knex, {
    sync,
    kind: 'run_stuck',
    isTold: true,
    runId: run.id,
    detail: { run },
  });
  const { stdout } = await alerts('show', told.id);
  expect(stdout).toMatch(new RegExp(`^Run +${run.id}$`, 'm'));
  expect(stdout).toMatch(/^Told +\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/m);
  expect(stdout).toMatch(new RegExp(`opened +run ${run.id}$`, 'm'));
  await alerts('resolve', told.id);
});

test('what cannot be done is told, and what is said twice', async () => {
  const over = await alerts('ack', alert.id);
  expect([over.status, over.stderr]).toEqual([5, expect.stringContaining('The alert is resolved')]);
  expect((await alerts('mute', alert.id, '--hours', '1', '--until', 'x')).status).toBe(2);
  expect((await alerts('mute', alert.id, '--hours', 'many')).status).toBe(5);
  expect((await alerts('show', 'alrt_0')).status).toBe(5);
});

test('--json prints what the API answers', async () => {
  const shown = await alerts('show', alert.id, '--json');
  expect(JSON.parse(shown.stdout)).toEqual((await api.get(`/api/v1/alerts/${alert.id}`)).body);
  const listed = await alerts('list', '--state', 'resolved', '--json');
  expect(JSON.parse(listed.stdout)).toEqual((await api.get('/api/v1/alerts?state=resolved')).body);
});
