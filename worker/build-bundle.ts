// Owns the prebuilt workflow bundle: when it is stale, where it is kept. Does not run workflows.
import { createHash } from 'node:crypto';
import { existsSync, statSync } from 'node:fs';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';

/** A bundle on disk; `built` tells whether it was made just now. */
export interface WorkflowBundle {
  codePath: string;
  built: boolean;
}

// Bundles of other versions stay usable for a worker that still runs; more than a few are only disk space.
const keptBundles = 5;

/**
 * The bundle of `workflows/index.ts`, from the cache folder when workflows, domain and SDK are unchanged (bundling at each
 * start would cost 1.2 s and 150 MB).
 */
export async function ensureWorkflowBundle(cacheFolder: string): Promise<WorkflowBundle> {
  const root = rootFolder(__dirname);
  const codePath = join(cacheFolder, `workflows-${await contentHash(root)}.js`);
  if (existsSync(codePath)) return { codePath, built: false };

  // Loaded only when needed: the bundler is most of the SDK's size.
  const { bundleWorkflowCode, DefaultLogger } = await import('@temporalio/worker');
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', 'index.ts'),
    logger: new DefaultLogger('WARN'),
  });
  await mkdir(cacheFolder, { recursive: true });
  const partial = `${codePath}.${process.pid}`;
  await writeFile(partial, code);
  await rename(partial, codePath);
  await removeOldBundles(cacheFolder);
  return { codePath, built: true };
}

async function contentHash(root: string): Promise<string> {
  const hash = createHash('sha256');
  const { version } = JSON.parse(
    await readFile(require.resolve('@temporalio/worker/package.json'), 'utf8'),
  ) as { version: string };
  hash.update(version);
  for (const folder of ['workflows', 'domain']) {
    const names = (await readdir(join(root, folder), { recursive: true }))
      .filter((name) => name.endsWith('.ts'))
      .toSorted();
    for (const name of names) {
      const file = join(root, folder, name);
      hash.update(`\0${relative(root, file)}\0`).update(await readFile(file));
    }
  }
  return hash.digest('hex').slice(0, 24);
}

async function removeOldBundles(folder: string): Promise<void> {
  const files = (await readdir(folder))
    .filter((name) => /^workflows-[0-9a-f]+\.js$/.test(name))
    .map((name) => join(folder, name));
  const newestFirst = files
    .map((file) => ({ file, madeAt: statSync(file).mtimeMs }))
    .toSorted((a, b) => b.madeAt - a.madeAt);
  await Promise.all(newestFirst.slice(keptBundles).map(({ file }) => rm(file, { force: true })));
}

/** The same folder from the sources and from dist/: workflows are always bundled from their sources. */
function rootFolder(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  if (dirname(folder) === folder) throw new Error('package.json was not found above worker/');
  return rootFolder(dirname(folder));
}
