// Owns finding the README's marked code blocks. What is done with them is the tests'.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const readme = join(__dirname, '..', '..', 'README.md');

/** The text of the code block that follows `<!-- <mark> -->`. Throws when there is none. */
export function readmeBlock(mark: string): string {
  const text = readFileSync(readme, 'utf8');
  const after = text.split(`<!-- ${mark} -->`)[1];
  const block = after && /^\s*```\w+\n([\s\S]*?)^```$/m.exec(after)?.[1];
  if (!block) throw new Error(`the README has no code block marked "${mark}"`);
  return block;
}
