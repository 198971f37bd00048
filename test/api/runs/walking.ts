// Walks through lists of runs over HTTP, by cursor and by Link header.
import type { ApiAnswer, RunningApi } from '../running-api';

export const idsOf = ({ body }: ApiAnswer): string[] => body.data.map((run: { id: string }) => run.id);

/** A path with more parameters. */
export function withQuery(path: string, parameters: Record<string, string | number>): string {
  const pairs = Object.entries(parameters).map(([name, value]): [string, string] => [name, String(value)]);
  return `${path}${path.includes('?') ? '&' : '?'}${new URLSearchParams(pairs).toString()}`;
}

/** The addresses in a Link header, by relation. */
export function linksOf({ headers }: ApiAnswer): Record<string, string> {
  const found = (headers.get('link') ?? '').matchAll(/<([^>]*)>; rel="(\w+)"/g);
  return Object.fromEntries([...found].map(([, address, relation]) => [relation, address]));
}

/** Ids of all runs of a list, in the order the answers have them; `between` is done beside each call. */
export async function walkThrough(
  api: RunningApi,
  path: string,
  perPage: number,
  between: () => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | null = '*';
  while (cursor !== null) {
    const [answer]: [ApiAnswer, unknown] = await Promise.all([
      api.get(withQuery(path, { per_page: perPage, cursor })),
      between(),
    ]);
    expect(answer.status).toBe(200);
    seen.push(...idsOf(answer));
    cursor = answer.body.pagination.next_cursor;
  }
  return seen;
}
