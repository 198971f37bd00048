// Downloads the `temporal` binary from where the Temporal SDK gets it. Does not cache or judge it.
import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { LaunchError } from '../launch-error';
import type { Say } from '../progress';
import { temporalCliVersion } from './temporal-version';

const host = 'https://temporal.download';

// The address lookup answers within a second or not at all; without internet the next way should be tried soon.
const lookupMs = 8000;
// 60 MB over a slow line; past this the line is rather dead than slow.
const downloadMs = 10 * 60_000;
const progressMs = 3000;

const lookup = z.object({ archiveUrl: z.url(), fileToExtract: z.string() });

/** Downloads and unpacks into the folder and returns the binary's path. Throws LaunchError with the reason. */
export async function downloadTemporal(folder: string, say: Say): Promise<string> {
  const architecture = { x64: 'amd64', arm64: 'arm64' }[process.arch as string] ?? process.arch;
  say(`looking for version ${temporalCliVersion} at ${host}`);
  try {
    const address = `${host}/cli/v${temporalCliVersion}?platform=${process.platform}&arch=${architecture}`;
    const answer = await fetch(address, { signal: AbortSignal.timeout(lookupMs) });
    if (!answer.ok) throw new LaunchError(`${host} answered ${answer.status}`);
    const { archiveUrl, fileToExtract } = lookup.parse(await answer.json());
    const archive = join(folder, 'archive');
    await download(archiveUrl, archive, say);
    const unpacked = spawnSync('tar', ['-xzf', archive, '-C', folder, fileToExtract], { encoding: 'utf8' });
    if (unpacked.status !== 0)
      throw new LaunchError(`tar could not unpack it: ${unpacked.error?.message ?? unpacked.stderr}`);
    return join(folder, fileToExtract);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason =
      cause instanceof Error ? ((cause as NodeJS.ErrnoException).code ?? cause.message) : message;
    throw new LaunchError(`Download from ${host} failed: ${reason}`, { cause: error });
  }
}

async function download(url: string, file: string, say: Say): Promise<void> {
  const answer = await fetch(url, { signal: AbortSignal.timeout(downloadMs) });
  if (!answer.ok || answer.body === null)
    throw new LaunchError(`the archive's server answered ${answer.status}`);
  let bytes = 0;
  let lastSaidAt = Date.now();
  const counting = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (Date.now() - lastSaidAt > progressMs) {
        lastSaidAt = Date.now();
        say(`downloading, ${Math.round(bytes / 1e6)} MB`);
      }
      done(null, chunk);
    },
  });
  await pipeline(Readable.fromWeb(answer.body), counting, createWriteStream(file));
}
