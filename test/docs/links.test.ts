// Owns the proof that links between the project's own words lead somewhere.
import { existsSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { markdownFiles, readText, root } from './markdown';

interface Link {
  readonly file: string;
  readonly target: string;
}

/** Relative links of a file; code blocks hold none. */
function linksOf(file: string): Link[] {
  const prose = withoutCode(readText(file));
  return [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
    .map((match) => ({ file, target: match[1] ?? '' }))
    .filter(({ target }) => !/^[a-z]+:/.test(target));
}

function withoutCode(text: string): string {
  return text.replace(/^```[\s\S]*?^```$/gm, '');
}

/** Why the link leads nowhere; null when it does not. */
function faultOf({ file, target }: Link): string | null {
  const [path = '', anchor] = target.split('#');
  const place = path === '' ? file : relative(root, join(root, dirname(file), path));
  if (place.startsWith('..')) return 'leads out of the project';
  if (!existsSync(join(root, place))) return 'no such file';
  if (anchor === undefined) return null;
  if (statSync(join(root, place)).isDirectory()) return 'a folder has no headings';
  return anchorsOf(place).includes(anchor) ? null : 'no such heading';
}

/** Anchors of a file's headings as GitHub makes them. */
function anchorsOf(file: string): string[] {
  return [...withoutCode(readText(file)).matchAll(/^#+ (.*)$/gm)].map((match) =>
    (match[1] ?? '')
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

test('every relative link in the Markdown files leads to a file or heading that is there', () => {
  const links = markdownFiles().flatMap(linksOf);
  expect(links.length).toBeGreaterThan(20);
  const broken = links.flatMap((link) => {
    const fault = faultOf(link);
    return fault === null ? [] : [`${link.file}: ${link.target}: ${fault}`];
  });
  expect(broken).toEqual([]);
});

test('a link that leads nowhere is noticed', () => {
  const faults = ['nowhere.md', '#no-such-heading', '../outside.md', 'docs/#words'].map((target) =>
    faultOf({ file: 'README.md', target }),
  );
  expect(faults).toEqual([
    'no such file',
    'no such heading',
    'leads out of the project',
    'a folder has no headings',
  ]);
});

test('every page of docs/ is reached from the README, by links or by its path', () => {
  const reached = new Set<string>();
  const follow = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const named = [...readText(file).matchAll(/`(docs\/[\w/-]+\.md)`/g)].map((match) => match[1] ?? '');
    for (const page of named) if (existsSync(join(root, page))) follow(page);
    for (const { target } of linksOf(file)) {
      const place = relative(root, join(root, dirname(file), target.split('#')[0] ?? ''));
      if (place.endsWith('.md')) follow(place);
      else if (existsSync(join(root, place, 'README.md'))) follow(join(place, 'README.md'));
    }
  };
  follow('README.md');
  expect(markdownFiles().filter((file) => file.startsWith('docs/') && !reached.has(file))).toEqual([]);
});
