// Owns walking a list of the API by cursor, as a user would. Measures nothing.
import type { BenchPlace } from '../bench-place';

const perPage = 100;
// As deep as many pages lead: different places are different pages of the tables.
const places = 50;

/** Cursors that lead on from about `depth` rows down the list at `path`, each a page after the one before. */
export async function cursorsAt({ api }: BenchPlace, path: string, depth: number): Promise<string[]> {
  const cursors: string[] = [];
  let cursor: string | null = '*';
  for (let page = 0; page < depth / perPage; page += 1) {
    const answer = await fetch(`${api.url}${path}?per_page=${perPage}&cursor=${encodeURIComponent(cursor)}`, {
      headers: { Authorization: `Bearer ${api.token}` },
    });
    const { pagination } = (await answer.json()) as { pagination: { next_cursor: string | null } };
    cursor = pagination.next_cursor;
    if (cursor === null) throw new Error(`${path} has no ${depth} rows`);
    cursors.push(cursor);
  }
  return cursors.slice(-places);
}
