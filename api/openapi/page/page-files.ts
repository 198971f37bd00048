// Owns the files of the documentation page: where they are, their bytes and their ETags. Read once, at the first request.
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { startFile, startScript } from './page-html';

/** One script of the page. */
export interface PageFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly etag: string;
  /** Its name changes with its content: whoever has it need never ask again. */
  readonly isForever: boolean;
}

/** The reference (3.6 MB, from its package) and the script that starts it. */
export async function pageFiles(): Promise<{ reference: PageFile; start: PageFile }> {
  const bytes = await readFile(referencePath());
  const etag = etagOf(bytes);
  const start = Buffer.from(startScript);
  return {
    reference: { name: `reference-${etag}.js`, bytes, etag, isForever: true },
    start: { name: startFile, bytes: start, etag: etagOf(start), isForever: false },
  };
}

// The package exports the source of this file for bundlers, and the file itself to nobody.
function referencePath(): string {
  return join(dirname(require.resolve('@scalar/api-reference')), 'browser', 'standalone.js');
}

function etagOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex').slice(0, 16);
}
