import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { KeeperReady } from '../../scripts/keeper';

const script = join(__dirname, '..', '..', 'dist', 'scripts', 'keeper.js');
let keeper: ChildProcess;

afterEach(() => keeper.kill('SIGKILL'));

async function startKeeper(): Promise<KeeperReady> {
  keeper = spawn(process.execPath, [script], {
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  return new Promise((resolve, reject) => {
    keeper.on('message', (message: KeeperReady | { type: 'failed'; message: string }) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'failed') reject(new Error(message.message));
    });
  });
}

/** Whether something answers on the ports of both servers. */
async function areListening(ready: KeeperReady): Promise<boolean> {
  const { connect } = await import('node:net');
  const ports = [new URL(ready.adminUrl).port, ready.temporalAddress.split(':')[1]].map(Number);
  const answers = ports.map(
    (port) =>
      new Promise<boolean>((resolve) => {
        const socket = connect(port, '127.0.0.1', () => resolve(socket.destroy() !== null));
        socket.once('error', () => resolve(false));
      }),
  );
  return (await Promise.all(answers)).includes(true);
}

test('when the test runner is gone the servers and their folder go too', async () => {
  const ready = await startKeeper();
  expect(await areListening(ready)).toBe(true);
  expect(readdirSync(ready.folder)).toContain('postgres');
  keeper.disconnect();
  await new Promise((resolve) => keeper.once('exit', resolve));
  expect(await areListening(ready)).toBe(false);
  expect(existsSync(ready.folder)).toBe(false);
});

test('when the keeper itself is killed its servers end', async () => {
  const ready = await startKeeper();
  keeper.kill('SIGKILL');
  while (await areListening(ready)) await sleep(50);
  // Nobody was left to do it. PostgreSQL may still be writing its last words.
  rmSync(ready.folder, { recursive: true, force: true, maxRetries: 10 });
});
