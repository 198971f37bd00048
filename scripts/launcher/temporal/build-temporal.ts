// Builds the `temporal` binary with Go, for places with a Go module proxy and no internet. Does not cache or
// judge it.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { LaunchError } from '../launch-error';
import { endingWithParent } from '../processes/spawn-server';
import type { Say } from '../progress';
import { temporalCliVersion } from './temporal-version';

const goPackage = `github.com/temporalio/cli/cmd/temporal@v${temporalCliVersion}`;
const progressMs = 5000;

/** Builds into the folder and returns the binary's path. Throws LaunchError with the reason. */
export async function buildTemporal(folder: string, say: Say, env: NodeJS.ProcessEnv): Promise<string> {
  const go = spawnSync('go', ['version'], { encoding: 'utf8', env });
  if (go.status !== 0) throw new LaunchError('Go is not installed, so it cannot be built either');

  const startedAt = Date.now();
  const sayElapsed = () =>
    say(`building with go install, ${Math.round((Date.now() - startedAt) / 1000)} s (once, about 2 minutes)`);
  sayElapsed();
  const timer = setInterval(sayElapsed, progressMs);
  try {
    const { file, args } = endingWithParent({ command: 'go', args: ['install', goPackage], runAs: null });
    const build = spawn(file, args, {
      // GOBIN cannot be combined with cross-compiling settings, which would build for another machine anyway.
      env: { ...env, GOBIN: folder, CGO_ENABLED: '0', GOOS: '', GOARCH: '' },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const { status, output } = await untilClosed(build);
    if (status !== 0) throw new LaunchError(`go install ${goPackage} failed:\n    ${lastLines(output)}`);
    return join(folder, 'temporal');
  } finally {
    clearInterval(timer);
  }
}

function untilClosed(child: ChildProcess): Promise<{ status: number | null; output: string }> {
  let output = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-8192);
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => resolve({ status, output }));
  });
}

function lastLines(output: string): string {
  const lines = output.split('\n').filter((line) => line !== '' && !line.startsWith('go: downloading'));
  return lines.slice(-4).join('\n    ');
}
