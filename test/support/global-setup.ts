// Compiles dist/ and starts the keeper with the servers, once per jest run. Owns no server itself.
import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import type { KeeperReady } from '../../scripts/keeper';
import { serversVariable } from './servers';

type KeeperMessage = KeeperReady | { type: 'failed'; message: string } | { type: 'progress'; text: string };

const root = join(__dirname, '..', '..');

export default async function globalSetup(): Promise<void> {
  const build = require(join(root, 'scripts', 'build.js')) as {
    buildDist(options: { tolerateTypeErrors: boolean }): boolean;
  };
  // Type errors are the static checks' business; tests run without types.
  build.buildDist({ tolerateTypeErrors: true });

  const keeper = spawn(process.execPath, [join(root, 'dist', 'scripts', 'keeper.js')], {
    // Its own process group: Ctrl-C must end jest, and jest's end must end the keeper.
    detached: true,
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ready = await untilReady(keeper);
  process.env[serversVariable] = JSON.stringify(ready);
  // Neither the process nor its channel may keep jest from ending.
  keeper.unref();
  keeper.channel?.unref();
  (globalThis as { keeper?: ChildProcess }).keeper = keeper;
}

function untilReady(keeper: ChildProcess): Promise<KeeperReady> {
  return new Promise((resolve, reject) => {
    keeper.on('message', (message: KeeperMessage) => {
      if (message.type === 'ready') resolve(message);
      else if (message.type === 'failed')
        reject(new Error(`The test servers could not be started: ${message.message}`));
      else process.stderr.write(`${message.text}\n`);
    });
    keeper.once('exit', (code, signal) =>
      reject(new Error(`The keeper of the test servers ended (${signal ?? code})`)),
    );
  });
}
