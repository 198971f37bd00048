// Owns the name of each operation, made from its method and path: it is what generated clients call it, so it stays.

const acts = { GET: 'get', POST: 'create', PUT: 'put', PATCH: 'update', DELETE: 'delete' } as const;

// Words that end in s and are no plural.
const singulars: ReadonlySet<string> = new Set(['insights']);
// A GET of such a word does something rather than names something.
const gettingVerbs: ReadonlySet<string> = new Set(['export']);

/** `GET /syncs/:sync_id/runs` is `listSyncRuns`, `POST …/:run_id/cancel` is `cancelSyncRun`. */
export function operationId({ method, path }: { method: keyof typeof acts; path: string }): string {
  const segments = path.split('/').filter((segment) => segment !== '');
  const words = segments.filter((segment) => !segment.startsWith(':'));
  const last = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const above = before.map(singular);
  if (segments.at(-1)?.startsWith(':')) return joined(acts[method], ...above, singular(last));
  if (method === 'POST') {
    return isPlural(last) ? joined('create', ...above, singular(last)) : joined(last, ...above);
  }
  if (method !== 'GET') return joined(acts[method], ...above, last);
  if (gettingVerbs.has(last)) return joined(last, ...above.slice(0, -1), ...before.slice(-1));
  return joined(isPlural(last) ? 'list' : 'get', ...above, last);
}

function isPlural(word: string): boolean {
  return word.endsWith('s') && !singulars.has(word);
}

function singular(word: string): string {
  if (!isPlural(word)) return word;
  return word.endsWith('ies') ? `${word.slice(0, -3)}y` : word.slice(0, -1);
}

function joined(...words: readonly string[]): string {
  const parts = words.flatMap((word) => word.split(/[-_]/));
  return parts.map((part, at) => (at === 0 ? part : part.charAt(0).toUpperCase() + part.slice(1))).join('');
}
