import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deleteDataDir, isDataDir, openDataDir } from '../../../scripts/launcher/data-dir';

let parent: string;
let path: string;

beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'signalsmith-data-'));
  path = join(parent, 'data');
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

test('a secret is made once, has 256 bits, and is closed to others', () => {
  const secret = openDataDir(path).secret('api-token', 'base64url');
  expect(Buffer.from(secret, 'base64url')).toHaveLength(32);
  expect(openDataDir(path).secret('api-token', 'base64url')).toBe(secret);
  expect(statSync(join(path, 'api-token')).mode & 0o777).toBe(0o600);
});

test('a damaged secret is not replaced by a new one', () => {
  const dataDir = openDataDir(path);
  writeFileSync(join(path, 'secret-key'), 'oops');
  expect(() => dataDir.secret('secret-key', 'base64')).toThrow(/secret-key is damaged/);
});

test('a port is remembered, two names never share one, and a taken one moves and says so', async () => {
  const moves: [number, number][] = [];
  const onMoved = (from: number, to: number) => moves.push([from, to]);
  const postgres = await openDataDir(path).rememberedPort('postgres', 15432, onMoved);
  const crm = await openDataDir(path).rememberedPort('crm', 15432, onMoved);
  expect(crm).not.toBe(postgres);
  expect(await openDataDir(path).rememberedPort('postgres', 20000, onMoved)).toBe(postgres);
  expect(moves).toEqual([]);

  const intruder = createServer();
  await new Promise<void>((resolve) => intruder.listen(postgres, '127.0.0.1', resolve));
  try {
    const moved = await openDataDir(path).rememberedPort('postgres', 15432, onMoved);
    expect(moves).toEqual([[postgres, moved]]);
    expect([postgres, crm]).not.toContain(moved);
  } finally {
    await new Promise((resolve) => intruder.close(resolve));
  }
});

test('a long log is set aside, a short one goes on', () => {
  const dataDir = openDataDir(path);
  const log = dataDir.logFile('api');
  writeFileSync(log, Buffer.alloc(10 * 1024 * 1024));
  expect(statSync(dataDir.logFile('api')).size).toBe(10 * 1024 * 1024);
  writeFileSync(log, Buffer.alloc(10 * 1024 * 1024 + 1));
  expect(statSync(dataDir.logFile('api'), { throwIfNoEntry: false })).toBeUndefined();
  expect(statSync(`${log}.old`).size).toBe(10 * 1024 * 1024 + 1);
});

test('only a marked directory counts as ours, and a deleted one is gone', () => {
  expect(isDataDir(parent)).toBe(false);
  openDataDir(path);
  expect(isDataDir(path)).toBe(true);
  deleteDataDir(path);
  expect(isDataDir(path)).toBe(false);
});

test('a damaged mark is not taken for an empty directory', () => {
  openDataDir(path);
  writeFileSync(join(path, 'signalsmith.json'), '{"layout":');
  expect(() => openDataDir(path)).toThrow(/is damaged/);
});
