import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { anyFreePort } from '../../scripts/launcher/free-port';
import { type Clone, kill, makeClone } from '../support/processes/launched-clone';
import {
  curlCalls,
  fetchCall,
  freePorts,
  latest,
  pressCtrlC,
  running,
  workersOf,
} from '../support/processes/launcher-facts';
import { expectTheInboxToTell } from '../support/inbox-example';
import { expectTheCrmToAgree, expectThePagesExample } from '../support/page-example';

// The first start of a bare clone fetches 500 MB of packages; on a slow line that takes minutes.
jest.setTimeout(300_000);

const start = ['node', 'scripts/start.js'];
let clone: Clone;
let ports: NodeJS.ProcessEnv;

beforeAll(async () => {
  clone = makeClone();
  const [api, temporal, ui] = await freePorts(3);
  ports = { PORT: String(api), TEMPORAL_PORT: String(temporal), TEMPORAL_UI_PORT: String(ui) };
});

// A test that failed in the middle must not make the next ones fail too.
afterEach(() => clone.endAll());
afterAll(() => clone.remove());

test('a bare clone starts with one command, answers the printed calls, and ends cleanly on Ctrl-C', async () => {
  const run = clone.run(['npm', 'start'], ports);
  await run.says(/Ctrl-C stops everything/);
  expect(run.output()).toMatch(/npm packages +installed/);

  const calls = curlCalls(run.output());
  expect(calls.map(({ method }) => method)).toEqual(['GET', 'GET', 'GET', 'POST']);
  const statuses = [];
  const bodies = [];
  for (const { method, url, token } of calls) {
    const answer = await fetch(url, { method, headers: { authorization: `Bearer ${token}` } });
    statuses.push(answer.status);
    bodies.push(await answer.json());
  }
  expect(statuses).toEqual([200, 200, 200, 202]);
  expectThePagesExample(bodies);
  await expectTheCrmToAgree(run.output());
  await expectTheInboxToTell(run.output());
  expect((await fetch(String(calls[0]?.url))).status).toBe(401);
  expect((await fetch(`http://127.0.0.1:${ports['TEMPORAL_UI_PORT']}/`)).status).toBe(200);

  await pressCtrlC(run);
  expect(await run.exitCode).toBe(0);
  expect(clone.survivors()).toEqual([]);
});

test('the next start finds the data of the last one', async () => {
  const run = clone.run(start, ports);
  await run.says(/Ctrl-C stops everything/);
  expect(run.output()).toMatch(/npm packages +already there/);
  const [list] = curlCalls(run.output());
  const runs = (await (await fetchCall(list)).json()) as { pagination: { total: number } };
  expect(runs.pagination.total).toBeGreaterThanOrEqual(2);
  await expectTheInboxToTell(run.output());
  await pressCtrlC(run);
  expect(await run.exitCode).toBe(0);
});

test('a second start beside a running one is refused, names it, and leaves it alone', async () => {
  const first = clone.run(start, { ...ports, DEMO: '0' });
  await first.says(/Ctrl-C stops everything/);

  const second = clone.run(start, { DEMO: '0' });
  expect(await second.exitCode).toBe(1);
  expect(second.output()).toContain(`process ${first.child.pid}`);
  expect(second.output()).toContain(`http://127.0.0.1:${ports['PORT']}`);

  const reset = clone.run(['node', 'scripts/reset.js', '--yes']);
  expect(await reset.exitCode).toBe(1);
  expect(reset.output()).toContain(`process ${first.child.pid}`);

  expect((await fetch(`http://127.0.0.1:${ports['PORT']}/livez`)).status).toBe(200);
  await pressCtrlC(first);
  expect(await first.exitCode).toBe(0);
});

test.each([
  { means: 'its own tools', env: () => ({}) },
  // No program on PATH, so no setpriv either: the guard watches over the servers.
  { means: 'the guard', env: () => ({ PATH: join(clone.folder, '..', 'no-programs') }) },
])('a launcher that is killed takes everything with it, by $means', async ({ env }) => {
  const run = clone.run([process.execPath, 'scripts/start.js'], { ...ports, DEMO: '0', ...env() });
  await run.says(/Ctrl-C stops everything/);
  expect(clone.survivors().length).toBeGreaterThanOrEqual(5);
  run.child.kill('SIGKILL');
  await run.exitCode;
  while (clone.survivors().length > 0) await sleep(50);
});

test('a start after kill -9 of everything carries on', async () => {
  const killed = clone.run(start, { ...ports, DEMO: '0' });
  await killed.says(/Ctrl-C stops everything/);
  for (const pid of clone.survivors()) kill(pid, 'SIGKILL');
  await killed.exitCode;
  while (clone.survivors().length > 0) await sleep(50);
  expect(readFileSync(join(clone.dataDir, 'launcher.lock'), 'utf8')).toContain(String(killed.child.pid));

  const run = clone.run(start, { ...ports, DEMO: '0' });
  await run.says(/Ctrl-C stops everything/);
  await pressCtrlC(run);
  expect(await run.exitCode).toBe(0);
  expect(clone.survivors()).toEqual([]);
});

test('a worker that is killed is started again, and given up when it dies again and again', async () => {
  const run = clone.run(start, { ...ports, DEMO: '0' });
  await run.says(/Ctrl-C stops everything/);
  for (let killed: number | null = null, deaths = 0; deaths < 5; await sleep(50)) {
    const worker = workersOf(clone).find((pid) => pid !== killed);
    if (worker === undefined) continue;
    kill(worker, 'SIGKILL');
    [killed, deaths] = [worker, deaths + 1];
  }
  expect(await run.exitCode).toBe(1);
  expect(run.output().match(/The worker .+; it is started again/g)).toHaveLength(4);
  expect(run.output()).toMatch(/The worker .+, the 5th end within a minute, so everything stops/);
  expect(clone.survivors()).toEqual([]);
});

test('PostgreSQL and Temporal are started again when they are killed, and everything finds them', async () => {
  const run = clone.run(start, { ...ports, DEMO: '0' });
  await run.says(/Ctrl-C stops everything/);
  await sleep(5_500);
  for (const { name, command } of [
    { name: 'PostgreSQL', command: '/postgres\0-D' },
    { name: 'Temporal', command: 'server\0start-dev' },
  ]) {
    kill(latest(running(clone, command)), 'SIGKILL');
    await run.says(new RegExp(`${name} ended \\(SIGKILL\\); it is started again`));
    while (!(await isReady())) await sleep(100);
  }
  await pressCtrlC(run);
  expect(await run.exitCode).toBe(0);
  expect(clone.survivors()).toEqual([]);
});

async function isReady(): Promise<boolean> {
  return (await fetch(`http://127.0.0.1:${ports['PORT']}/readyz`)).status === 200;
}

test('Ctrl-C in the middle of a start stops what has been started', async () => {
  const run = clone.run(start, { ...ports, DEMO: '0' });
  await run.says(/PostgreSQL .* on 127/);
  await pressCtrlC(run);
  expect(await run.exitCode).toBe(0);
  expect(clone.survivors()).toEqual([]);
});

describe('bad input gives one clear message, exit code 1 and no stack', () => {
  const cases: { fault: string; env: () => NodeJS.ProcessEnv | Promise<NodeJS.ProcessEnv>; says: RegExp }[] =
    [
      {
        fault: 'two wrong variables, both named',
        env: () => ({ PORT: 'eighty', LOG_LEVEL: 'loud' }),
        says: /PORT must be a port number\n +LOG_LEVEL must be one of/,
      },
      {
        fault: 'a port set by hand that is taken',
        env: () => ({ PORT: String(taken.port) }),
        says: /Port \d+ \(PORT\) is taken/,
      },
      {
        fault: 'a database that cannot be reached',
        env: async () => ({
          DATABASE_URL: `postgres://me:sesame@127.0.0.1:${await anyFreePort('127.0.0.1')}/db`,
        }),
        says: /DATABASE_URL: cannot use 127\.0\.0\.1:\d+\/db: .*ECONNREFUSED/,
      },
      {
        fault: 'a Temporal service that cannot be reached',
        env: async () => ({ TEMPORAL_ADDRESS: `127.0.0.1:${await anyFreePort('127.0.0.1')}` }),
        says: /TEMPORAL_ADDRESS: cannot use namespace "default"/,
      },
      {
        fault: 'a data directory of another PostgreSQL',
        env: () =>
          dataDirWith('old-postgres', { 'signalsmith.json': '{"layout":1}', 'postgres/PG_VERSION': '12\n' }),
        says: /was made by PostgreSQL 12, and this is PostgreSQL 18/,
      },
      {
        fault: 'a data directory of another version of the program',
        env: () => dataDirWith('new-layout', { 'signalsmith.json': '{"layout":99}' }),
        says: /made by another version of SignalSmith/,
      },
      {
        fault: 'a directory with something else in it',
        env: () => dataDirWith('foreign', { 'thesis.txt': 'years of work' }),
        says: /is not empty and is not a data directory of SignalSmith/,
      },
      {
        fault: 'a data directory that is a file',
        env: () => ({ DATA_DIR: join(clone.folder, 'package.json') }),
        says: /is not a directory/,
      },
    ];
  const taken = { port: 0, close: () => undefined as void };

  beforeAll(async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    taken.port = address !== null && typeof address === 'object' ? address.port : 0;
    taken.close = () => void server.close();
  });
  afterAll(() => taken.close());

  test.each(cases)('$fault', async ({ env, says }) => {
    const run = clone.run(start, { ...ports, DEMO: '0', ...(await env()) });
    expect(await run.exitCode).toBe(1);
    expect(run.output()).toMatch(says);
    expect(run.output()).not.toMatch(/^ +at .*\(?.*:\d+:\d+\)?$/m);
    expect(run.output()).not.toContain('sesame');
    expect(clone.survivors()).toEqual([]);
  });

  test('a data directory closed to the user', async () => {
    const user = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : undefined;
    const { DATA_DIR } = dataDirWith('closed', { 'signalsmith.json': '{"layout":1}' });
    const { chmodSync } = await import('node:fs');
    chmodSync(DATA_DIR, user === undefined ? 0o000 : 0o700);
    const run = clone.run(start, { ...ports, DEMO: '0', DATA_DIR, HOME: clone.folder }, user);
    expect(await run.exitCode).toBe(1);
    expect(run.output()).toMatch(/is closed to this user \(EACCES\)/);
    expect(run.output()).not.toMatch(/^ +at /m);
    chmodSync(DATA_DIR, 0o700);
  });

  test('no Temporal and no way to get one', async () => {
    const offline = join(clone.folder, '..', 'offline.js');
    writeFileSync(offline, "globalThis.fetch = () => Promise.reject(new TypeError('no internet'));");
    const env = {
      ...ports,
      DEMO: '0',
      DATA_DIR: join(clone.folder, '..', 'no-temporal'),
      // No temporal, no go; and no setpriv, so that the servers are watched over by the guard.
      PATH: join(clone.folder, '..', 'no-programs'),
      XDG_CACHE_HOME: join(clone.folder, '..', 'empty-cache'),
      NODE_OPTIONS: `--require ${offline}`,
    };
    const run = clone.run([process.execPath, 'scripts/start.js'], env);
    expect(await run.exitCode).toBe(1);
    expect(run.output()).toMatch(/no Temporal on this machine and no way to get it/);
    expect(run.output()).toMatch(
      /Download from https:\/\/temporal\.download failed: no internet\n +Go is not installed/,
    );
    expect(run.output()).toMatch(/Install the Temporal CLI/);
    expect(clone.survivors()).toEqual([]);
  });
});

describe('reset', () => {
  test('does not delete without a yes, and deletes with one', async () => {
    const unasked = clone.run(['node', 'scripts/reset.js']);
    expect(await unasked.exitCode).toBe(1);
    expect(unasked.output()).toMatch(/--yes/);
    expect(readFileSync(join(clone.dataDir, 'signalsmith.json'), 'utf8')).toContain('layout');

    const told = clone.run(['npm', 'run', 'reset', '--', '--yes']);
    expect(await told.exitCode).toBe(0);
    expect(() => readFileSync(join(clone.dataDir, 'signalsmith.json'))).toThrow(/ENOENT/);
  });

  test('leaves a directory alone that is not a data directory', async () => {
    const { DATA_DIR } = dataDirWith('precious', { 'thesis.txt': 'years of work' });
    const run = clone.run(['node', 'scripts/reset.js', '--yes'], { DATA_DIR });
    expect(await run.exitCode).toBe(1);
    expect(readFileSync(join(DATA_DIR, 'thesis.txt'), 'utf8')).toBe('years of work');
  });
});

function dataDirWith(name: string, files: Record<string, string>): { DATA_DIR: string } {
  const folder = join(clone.folder, '..', name);
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(join(folder, file, '..'), { recursive: true });
    writeFileSync(join(folder, file), text);
  }
  return { DATA_DIR: folder };
}
