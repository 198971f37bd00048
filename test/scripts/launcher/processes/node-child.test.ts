import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runProgram } from '../../../../scripts/launcher/processes/node-child';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalsmith-programs-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(text: string) {
  writeFileSync(join(folder, 'stand-in.js'), text);
  return { name: 'The stand-in', script: 'stand-in.js', env: process.env, logFile: join(folder, 'log') };
}

test('the last message of a program counts, however quickly the program ends after it', async () => {
  const standIn = program(`process.send({ type: 'ready', text: 'x'.repeat(100000) }, () => process.exit(0))`);
  // Twenty at once, on a machine that is then busy.
  const all = Array.from({ length: 20 }, () => runProgram(standIn, () => undefined, folder));
  for (const ready of await Promise.all(all)) expect(ready).toMatchObject({ type: 'ready' });
});

test('a program that fails is told with its last words', async () => {
  const standIn = program(`console.error('Error: no luck'); process.exitCode = 3; process.disconnect()`);
  await expect(runProgram(standIn, () => undefined, folder)).rejects.toThrow(
    /^The stand-in ended \(exit code 3\):\n {2}Error: no luck\nMore in /,
  );
});
