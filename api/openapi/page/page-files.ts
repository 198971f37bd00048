// Owns the files of the documentation page: where they are, their bytes and their ETags. Read once, at the first request.
import { readFile } from 'node:fs/promises';
import { printOf } from '../../print-of';
import { nonceFile, nonceScript, startFile, startScript } from './page-html';

/** One script of the page. */
export interface PageFile {
  readonly name: string;
  readonly bytes: Buffer;
  readonly etag: string;
  /** Its name changes with its content: whoever has it need never ask again. */
  readonly isForever: boolean;
}

export interface PageFiles {
  /** 3.6 MB, a copy of what its makers publish; `vendor/manifest.json` says which. */
  readonly reference: PageFile;
  /** Ours: what goes before it, and what starts it. */
  readonly own: readonly PageFile[];
}

/** All scripts of the page. */
export async function pageFiles(): Promise<PageFiles> {
  const bytes = await readFile(require.resolve('#docs-page'));
  const etag = printOf(bytes);
  return {
    reference: { name: `reference-${etag}.js`, bytes, etag, isForever: true },
    own: [ownFile(nonceFile, nonceScript), ownFile(startFile, startScript)],
  };
}

function ownFile(name: string, script: string): PageFile {
  const bytes = Buffer.from(script);
  return { name, bytes, etag: printOf(bytes), isForever: false };
}
