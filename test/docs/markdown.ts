// Owns reading the project's Markdown: its files, tables, pictures and headings. Judges nothing.
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** Root of the project. */
export const root = join(__dirname, '..', '..');

const notOurs = new Set(['node_modules', 'dist', 'coverage']);

/** Every Markdown file of the project, relative to the root. */
export function markdownFiles(folder = root): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (entry.name.startsWith('.') || notOurs.has(entry.name)) return [];
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return markdownFiles(path);
    return entry.name.endsWith('.md') ? [relative(root, path)] : [];
  });
}

export function readText(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

/** Text of a section: from its heading to the next one of any level. Throws when there is none. */
export function section(file: string, heading: string): string {
  const parts = readText(file).split(/^(#+ .*)$/m);
  const at = parts.findIndex((part) => part.replace(/^#+ /, '') === heading);
  const text = at < 0 ? undefined : parts[at + 1];
  if (text === undefined) throw new Error(`${file} has no heading "${heading}"`);
  return text;
}

/** The text of the code block that follows `<!-- <mark> -->`. Throws when there is none. */
export function markedBlock(file: string, mark: string): string {
  const after = readText(file).split(`<!-- ${mark} -->`)[1];
  const block = after && /^\s*```\w+\n([\s\S]*?)^```$/m.exec(after)?.[1];
  if (!block) throw new Error(`${file} has no code block marked "${mark}"`);
  return block;
}

/** The rows of the tables in a text, head and rule left out; cells are trimmed. */
export function tableRows(text: string): string[][] {
  const lines = text.split('\n').filter((line) => line.startsWith('|'));
  const isRule = (line: string | undefined): boolean => /^\|[-| :]+$/.test(line ?? '');
  return lines
    .filter((line, at) => !isRule(line) && !isRule(lines[at + 1]))
    .map((line) =>
      line
        .split(/(?<!\\)\|/)
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
}

/** Words in back quotes. */
export function codeWords(cell: string | undefined): string[] {
  return [...(cell ?? '').matchAll(/`([^`]+)`/g)].map((match) => match[1] ?? '');
}
