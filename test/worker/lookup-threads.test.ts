// Lookups that hang keep no other one waiting: in a process of its own, whose threads are made when they are first needed.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';

const compiled = join(__dirname, '..', '..', 'dist', 'worker', 'lookup-threads.js');

/** What the program prints first; it is ended then, as threads that hang would keep it. */
async function printed(program: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const child = spawn(process.execPath, ['-e', program], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  try {
    const [first] = (await once(child.stdout, 'data')) as [Buffer];
    return first.toString().trim();
  } finally {
    child.kill('SIGKILL');
    await once(child, 'close');
  }
}

test('a name is looked up while a hundred threads wait for what never comes', async () => {
  // Reading a pipe that nobody writes to hangs like a name server that does not answer, and needs none.
  const program = `
    require(${JSON.stringify(compiled)}).letLookupsWait();
    for (let at = 0; at < 100; at += 1) require('node:fs').read(0, () => undefined);
    require('node:dns').lookup('localhost', (error) => console.log(error ? error.code : 'looked up'));`;
  expect(await printed(program)).toBe('looked up');
});

test('a figure that the operator has set stays', async () => {
  const program = `
    require(${JSON.stringify(compiled)}).letLookupsWait();
    console.log(process.env.UV_THREADPOOL_SIZE);`;
  expect(await printed(program, { UV_THREADPOOL_SIZE: '8' })).toBe('8');
});
