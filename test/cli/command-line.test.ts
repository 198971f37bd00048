// The command line itself: wrong flags, missing settings, addresses where nobody answers, what npm start leaves behind.
import { execFile, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { anyFreePort } from '../../scripts/launcher/free-port';
import { type LauncherLock, takeLauncherLock } from '../../scripts/launcher/launcher-lock';
import { aRun } from '../factories/a-run';
import { aRowError } from '../factories/a-row-error';
import { aSync } from '../factories/a-sync';
import { type RunningApi, startApi } from '../api/running-api';
import { program, runCli } from './signalsmith';

let api: RunningApi;
let syncId: string;
beforeAll(async () => {
  api = await startApi();
  ({ id: syncId } = await aSync(api.knex, { workspaceId: api.workspaceId, name: 'Users to CRM' }));
});
afterAll(() => api.stop());

const settings = () => ({ SIGNALSMITH_URL: api.url, SIGNALSMITH_TOKEN: api.token });

test.each([
  [[], /Usage: signalsmith/],
  [['runs'], /Usage: signalsmith runs/],
  [['runs', 'lst'], /unknown command 'lst'/],
  [['runs', 'show'], /missing required argument 'sync'/],
  [['runs', 'cancel', 'x'], /missing required argument 'run'/],
  [['runs', 'list', 'x', 'y', 'z'], /too many arguments/],
  [['runs', 'list', 'x', '--stauts', 'failed'], /unknown option '--stauts'.*--status/s],
  [['runs', 'trigger', 'x', '--kind', 'full'], /Allowed choices are normal, full_resync, dry_run/],
])('%j is wrong, and says how', async (args, words) => {
  const { status, stdout, stderr } = await runCli(args, settings());
  expect([status, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(words);
});

test('help tells of every command, its flags and the exit statuses', async () => {
  const { status, stdout, stderr } = await runCli(['runs', '--help'], {});
  expect([status, stderr]).toEqual([0, '']);
  for (const command of ['list', 'show', 'errors', 'trigger', 'cancel', 'watch'])
    expect(stdout).toMatch(new RegExp(`^  ${command} `, 'm'));
  expect(stdout).toContain('Exit status: 0 all is well');
  expect((await runCli(['runs', 'list', '--help'], {})).stdout).toMatch(/--has-errors[\s\S]*--json/);
});

test('a sync that is not there is told with those that are', async () => {
  expect(await runCli(['runs', 'list', 'Users'], settings())).toEqual({
    status: 2,
    stdout: '',
    stderr: 'There is no sync "Users". There are: "Users to CRM".\n',
  });
  expect((await runCli(['runs', 'list', 'sync_0'], settings())).stderr).toContain(
    'There is no sync "sync_0".',
  );
});

test('without a token, with one that is wrong, and where nobody answers, it says what to do', async () => {
  expect(await runCli(['runs', 'list', syncId], { SIGNALSMITH_URL: api.url })).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('set SIGNALSMITH_TOKEN, or give --token'),
  });
  expect(await runCli(['runs', 'list', syncId, '--token', 'wrong-token'], settings())).toMatchObject({
    status: 5,
    stderr: expect.stringMatching(
      /The token is unknown, has expired or has been revoked\.\nRequest id: [\w-]+/,
    ),
  });
  const nowhere = `http://127.0.0.1:${await anyFreePort('127.0.0.1')}`;
  expect(await runCli(['runs', 'list', syncId, '--url', nowhere], settings())).toMatchObject({
    status: 5,
    stderr: expect.stringContaining(`Nothing answers at ${nowhere} (ECONNREFUSED). Is it running`),
  });
  for (const url of ['ftp://x', 'nonsense', 'javascript:alert(1)'])
    expect(await runCli(['runs', 'list', syncId, '--url', url], settings())).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(`"${url}" is not an address`),
    });
});

test('a token without the scope is told which it lacks', async () => {
  const { status, stderr } = await runCli(['runs', 'trigger', syncId], {
    ...settings(),
    SIGNALSMITH_TOKEN: await api.newToken(['read']),
  });
  expect([status, stderr.split('\n')[0]]).toEqual([5, 'This needs a token with the scope "trigger".']);
});

test('the launcher that runs on this machine is found, and its token is sent to no other address', async () => {
  const { dataDir, lock, env } = launched();
  try {
    expect(await runCli(['runs', 'list', syncId], env)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('it is still starting'),
    });
    lock.announce(api.url);
    expect(await runCli(['runs', 'list', syncId], env)).toMatchObject({ status: 0, stderr: 'No runs.\n' });
    expect(await runCli(['runs', 'list', syncId, '--url', `${api.url}/`], env)).toMatchObject({ status: 0 });
    const elsewhere = 'http://127.0.0.1:1';
    for (const [flags, more] of [
      [['--url', elsewhere], {}],
      [[], { SIGNALSMITH_URL: elsewhere }],
    ] as const)
      expect(await runCli(['runs', 'list', syncId, ...flags], { ...env, ...more })).toMatchObject({
        status: 2,
        stderr: expect.stringContaining('The Ready block of npm start shows one.'),
      });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

test('a launcher that was killed has no address and no token any more, whoever answers there now', async () => {
  const { dataDir, lock, env } = launched();
  lock.announce(api.url);
  const file = join(dataDir, 'launcher.lock');
  const alive = readFileSync(file, 'utf8');
  const { pid: ended } = spawnSync(process.execPath, ['--version']);
  try {
    for (const left of [
      JSON.stringify({ ...JSON.parse(alive), pid: ended }),
      // Its number was given to another process since.
      JSON.stringify({ ...JSON.parse(alive), startMark: 'another' }),
      '{"pid":',
    ]) {
      writeFileSync(file, left);
      for (const flags of [[], ['--url', api.url]])
        expect(await runCli(['runs', 'list', syncId, ...flags], env)).toMatchObject({
          status: 2,
          stderr: expect.stringContaining('npm start has one while it runs, and it does not run here'),
        });
    }
    expect(await runCli(['runs', 'list', syncId], { ...env, DATA_DIR: file })).toMatchObject({ status: 2 });
    writeFileSync(file, alive);
    expect(await runCli(['runs', 'list', syncId], env)).toMatchObject({ status: 0 });
  } finally {
    rmSync(dataDir, { recursive: true });
  }
});

/** A data directory as a launcher has it that is this very process, starting, with the token of the API. */
function launched() {
  const dataDir = mkdtempSync(join(tmpdir(), 'signalsmith-cli-'));
  const lock = takeLauncherLock(dataDir) as LauncherLock;
  writeFileSync(join(dataDir, 'api-token'), `${api.token}\n`);
  return { dataDir, lock, env: { DATA_DIR: dataDir } };
}

test('an address where something else answers is told apart', async () => {
  const server = createServer((_request, response) => response.end('<html>\u001b[2J'));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  expect(await runCli(['runs', 'list', 'sync_1', '--url', url], settings())).toEqual({
    status: 5,
    stdout: '',
    stderr: `${url} answers, but not as this API does.\n`,
  });
  server.close();
});

test('| head gets its lines, and nothing is said of it', async () => {
  const run = await aRun(api.knex, { sync: { id: syncId, workspaceId: api.workspaceId } });
  for (let row = 0; row < 60; row += 1) await aRowError(api.knex, run, { message: 'x'.repeat(10_000) });
  const script = `"$NODE" "$PROGRAM" runs errors "$SYNC" | head -n 1; echo "status \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = await promisify(execFile)('bash', ['--norc', '-c', script], {
    env: {
      ...settings(),
      PATH: process.env['PATH'],
      NODE: process.execPath,
      PROGRAM: program,
      SYNC: syncId,
    },
  });
  expect([stdout.split('\n').slice(1), stderr]).toEqual([['status 0', ''], '']);
  expect(stdout).toMatch(/^ROW +FIELD/);
});

test('the script that npm runs compiles what has changed and passes on arguments, output and status', async () => {
  const script = join(__dirname, '..', '..', 'scripts', 'signalsmith.js');
  const child = spawn(process.execPath, [script, 'runs', 'list', 'Users'], {
    env: { PATH: process.env['PATH'], ...settings() },
  });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString();
  });
  const [status] = await once(child, 'close');
  expect([status, stderr]).toEqual([2, 'There is no sync "Users". There are: "Users to CRM".\n']);
});
