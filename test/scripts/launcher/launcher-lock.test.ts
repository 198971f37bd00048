import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LauncherLock, lockHolder, takeLauncherLock } from '../../../scripts/launcher/launcher-lock';
import { startMarkOf } from '../../../scripts/launcher/processes/own-process';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalsmith-lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function taken(): LauncherLock {
  const lock = takeLauncherLock(folder);
  if (!('release' in lock)) throw new Error(`held by ${lock.pid}`);
  return lock;
}

function writeLock(content: object | string): void {
  writeFileSync(
    join(folder, 'launcher.lock'),
    typeof content === 'string' ? content : JSON.stringify(content),
  );
}

test('a held lock names its holder and its address, and a released one is free again', () => {
  const lock = taken();
  expect(takeLauncherLock(folder)).toEqual({ pid: process.pid, apiUrl: null });
  lock.announce('http://127.0.0.1:8080');
  expect(lockHolder(folder)).toEqual({ pid: process.pid, apiUrl: 'http://127.0.0.1:8080' });
  lock.release();
  expect(lockHolder(folder)).toBeNull();
  taken().release();
  expect(readdirSync(folder)).toEqual([]);
});

test('the lock of a process that is gone is taken over', async () => {
  const child = spawn(process.execPath, ['-e', '0']);
  await new Promise((resolve) => child.once('exit', resolve));
  writeLock({ pid: child.pid, startMark: '123', apiUrl: null });
  taken();
  expect(readFileSync(join(folder, 'launcher.lock'), 'utf8')).toContain(String(process.pid));
});

test('a number that was given to another process does not hold the lock', () => {
  writeLock({ pid: process.pid, startMark: `${startMarkOf(process.pid)}0`, apiUrl: null });
  expect(lockHolder(folder)).toBeNull();
  taken();
});

test('a damaged lock holds nothing', () => {
  writeLock('{"pid":');
  taken();
});
