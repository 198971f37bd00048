import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureTemporalBinary } from '../../../../scripts/launcher/temporal/temporal-binary';
import { devCommand, searchAttributes } from '../../../../scripts/launcher/temporal/temporal-server';
import { temporalCliVersion } from '../../../../scripts/launcher/temporal/temporal-version';

let folder: string;
const quiet = () => undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signalsmith-binary-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

/** A program that answers --version as the real one does. */
function standIn(path: string, versionLine: string): string {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, `#!/bin/sh\necho '${versionLine}'\n`);
  chmodSync(path, 0o755);
  return path;
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: join(folder, 'bin'), XDG_CACHE_HOME: join(folder, 'cache') };
}

const cached = () => join(folder, 'cache', 'signalsmith', `temporal-v${temporalCliVersion}`, 'temporal');

test('a binary on PATH goes before a cached one', async () => {
  const path = standIn(join(folder, 'bin', 'temporal'), 'temporal version 1.7.3 (Server 1.31.2, UI 2.49.1)');
  standIn(cached(), 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
  expect(await ensureTemporalBinary(quiet, environment())).toEqual({
    path,
    serverVersion: '1.31.2',
    origin: 'found on PATH',
  });
});

test.each([
  ['too old', 'temporal version 0.12.0 (Server 1.23.1, UI 2.26.2)'],
  ['something else', 'temporal, a calendar'],
])('a binary on PATH that is %s is passed over', async (_title, versionLine) => {
  standIn(join(folder, 'bin', 'temporal'), versionLine);
  const path = standIn(cached(), 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
  expect(await ensureTemporalBinary(quiet, environment())).toEqual({
    path,
    serverVersion: '1.29.1',
    origin: 'cached',
  });
});

test('a folder on PATH named temporal is no binary', async () => {
  mkdirSync(join(folder, 'bin', 'temporal'), { recursive: true });
  standIn(cached(), 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)');
  expect((await ensureTemporalBinary(quiet, environment())).origin).toBe('cached');
});

describe('without internet', () => {
  const { fetch: realFetch } = globalThis;
  beforeEach(() => {
    globalThis.fetch = () => Promise.reject(new TypeError('no internet'));
  });
  afterEach(() => {
    globalThis.fetch = realFetch;
  });

  test('a build with Go fills the cache', async () => {
    const go = join(folder, 'bin', 'go');
    const built = `printf '#!/bin/sh\\necho "temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)"\\n' > "$GOBIN/temporal"; /bin/chmod +x "$GOBIN/temporal"`;
    standIn(go, '');
    writeFileSync(go, `#!/bin/sh\nif [ "$1" = install ]; then ${built}; fi\n`);
    const said: string[] = [];
    const binary = await ensureTemporalBinary((text) => said.push(text), environment());
    expect(binary).toEqual({ path: cached(), serverVersion: '1.29.1', origin: 'built' });
    expect(said.join('\n')).toMatch(/looking for version .*\nbuilding with go install/);
    expect((await ensureTemporalBinary(quiet, environment())).origin).toBe('cached');
  });

  test('a build that fails says why, and leaves nothing half made', async () => {
    const go = standIn(join(folder, 'bin', 'go'), '');
    writeFileSync(
      go,
      '#!/bin/sh\nif [ "$1" = install ]; then echo "module lookup disabled" >&2; exit 1; fi\n',
    );
    await expect(ensureTemporalBinary(quiet, environment())).rejects.toThrow(/module lookup disabled/);
    expect(existsSync(cached())).toBe(false);
  });

  test('what killed starts left half made is removed after an hour, and not before', async () => {
    const abandoned = join(cached(), '..', 'partial-old');
    const recent = join(cached(), '..', 'partial-new');
    for (const path of [abandoned, recent]) mkdirSync(path, { recursive: true });
    const twoHoursAgo = Date.now() / 1000 - 7200;
    utimesSync(abandoned, twoHoursAgo, twoHoursAgo);
    await expect(ensureTemporalBinary(quiet, environment())).rejects.toThrow(/no way to get it/);
    expect([existsSync(abandoned), existsSync(recent)]).toEqual([false, true]);
  });
});

test('the dev command registers our search attributes and leaves the places to the caller', () => {
  const command = devCommand();
  expect(command.slice(0, 2)).toEqual(['server', 'start-dev']);
  for (const name of searchAttributes) expect(command).toContain(`--search-attribute=${name}=Keyword`);
  expect(command.join(' ')).not.toMatch(/--(ip|port|ui-port|db-filename)=/);
  expect(command).toContain('--sqlite-pragma=journal_mode=WAL');
});
