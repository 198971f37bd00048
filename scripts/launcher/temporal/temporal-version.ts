// Owns which Temporal is used: the one place where its version is pinned.
import { spawnSync } from 'node:child_process';

/** The newest CLI that `go install` accepts: later ones have a replace line in their go.mod. */
export const temporalCliVersion = '1.5.1';

/** Major and minor of the oldest server that has every flag and setting of temporal-dev.yml. */
const oldestServer = [1, 28] as const;

/** The server version inside a `temporal` binary, such as "1.29.1"; null when the file is no such binary or too old. */
export function usableServerVersion(binary: string): string | null {
  // 10 s: the first start of a 250 MB binary from a cold disk.
  const run = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 10_000 });
  const match = /\(Server (\d+)\.(\d+)\.(\d+)/.exec(run.stdout ?? '');
  if (run.status !== 0 || match === null) return null;
  const [major, minor] = [Number(match[1]), Number(match[2])];
  const newEnough = major > oldestServer[0] || (major === oldestServer[0] && minor >= oldestServer[1]);
  return newEnough ? `${major}.${minor}.${match[3]}` : null;
}
