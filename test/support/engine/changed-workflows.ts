// Bundles the workflows with a deliberate change in them, from a copy: what a careless edit would deploy.
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

const root = join(__dirname, '..', '..', '..');

/** A text that stands once in a file of `workflows/`, and what is put in its place. */
export interface CodeChange {
  readonly file: string;
  readonly text: string;
  readonly by: string;
}

/** Runs `use` with the path of a bundle of the changed code. Throws when a text is not there: it proves nothing then. */
export async function withChangedWorkflows<Result>(
  changes: readonly CodeChange[],
  use: (codePath: string) => Promise<Result>,
): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), 'workflows-'));
  try {
    // Activities too: workflows name their types.
    for (const part of ['workflows', 'domain', 'activities'])
      await cp(join(root, part), join(folder, part), { recursive: true });
    await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, text, by } of changes) {
      const path = join(folder, 'workflows', file);
      const code = await readFile(path, 'utf8');
      if (code.split(text).length !== 2)
        throw new Error(`"${text}" does not stand once in workflows/${file}`);
      await writeFile(
        path,
        code.replace(text, () => by),
      );
    }
    const { code } = await bundleWorkflowCode({
      workflowsPath: join(folder, 'workflows', 'index.ts'),
      logger: new DefaultLogger('ERROR'),
    });
    const codePath = join(folder, 'bundle.js');
    await writeFile(codePath, code);
    return await use(codePath);
  } finally {
    await rm(folder, { recursive: true });
  }
}
