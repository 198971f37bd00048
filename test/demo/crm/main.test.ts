// The CRM as the process that the launcher starts; built before the tests into dist/.

import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const program = path.join(__dirname, '../../../dist/demo/crm/main.js');
const apiKey = 'key-of-the-test';
let dataDir: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  dataDir = fs.mkdtempSync(path.join(os.tmpdir(), 'crm-'));
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  fs.rmSync(dataDir, { recursive: true });
});

function startChild(env: Record<string, string> = {}): ChildProcess {
  const child = fork(program, [], {
    env: { PATH: process.env['PATH'], CRM_DATA_DIR: dataDir, CRM_API_KEY: apiKey, ...env },
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  children.push(child);
  return child;
}

async function readyUrl(child: ChildProcess): Promise<string> {
  const [message] = (await once(child, 'message')) as [{ type: string; url: string }];
  expect(message.type).toBe('ready');
  return message.url;
}

async function upsert(url: string, ids: readonly string[]): Promise<void> {
  const response = await fetch(`${url}/api/contacts/batch`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ records: ids.map((id) => ({ External_Id__c: id, LastName: 'Diaz' })) }),
  });
  expect(response.status).toBe(200);
}

async function heldIds(url: string): Promise<string[]> {
  const response = await fetch(`${url}/api/contacts?per_page=1000`);
  const { data } = (await response.json()) as { data: { External_Id__c: string }[] };
  return data.map((contact) => contact.External_Id__c);
}

test('every answered call is still there after kill -9, at the same address', async () => {
  const first = startChild();
  const url = await readyUrl(first);
  const answered: string[] = [];
  const killed = once(first, 'exit');
  // Calls go on while the process is killed, so that it dies with one under way.
  const calls = (async () => {
    for (let n = 1; ; n += 2) {
      const ids = [`usr_${n}`, `usr_${n + 1}`];
      await upsert(url, ids);
      answered.push(...ids);
      if (answered.length === 40) first.kill('SIGKILL');
    }
  })();
  await expect(calls).rejects.toThrow();
  await killed;

  const secondUrl = await readyUrl(startChild());
  expect(secondUrl).toBe(url);
  const held = await heldIds(secondUrl);
  expect(answered.length).toBeGreaterThanOrEqual(40);
  expect(held.slice(0, answered.length)).toEqual(answered);
  // At most the one call that was stored and could not be answered any more, and that one whole.
  expect([0, 2]).toContain(held.length - answered.length);
});

test('SIGTERM ends it with 0', async () => {
  const child = startChild();
  await readyUrl(child);
  child.kill('SIGTERM');
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test('it ends when its parent is gone', async () => {
  const child = startChild();
  await readyUrl(child);
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
});

test.each([
  [{ CRM_PORT: 'eighty' }, /CRM_PORT must be a port number/],
  [{ CRM_DATA_DIR: path.join(__filename, 'below-a-file') }, /The demo CRM could not start: E/],
])('%p is one sentence and a non-zero exit', async (env, sentence) => {
  const child = startChild(env);
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  expect(await once(child, 'close')).toEqual([1, null]);
  expect(output).toMatch(sentence);
  expect(output.trim().split('\n')).toHaveLength(1);
});
