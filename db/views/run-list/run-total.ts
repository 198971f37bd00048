// Owns how many runs a list has in all: told by the totals where words narrow it, counted by an index where values do.
import type { Knex } from 'knex';
import { isByWords, narrowByWords, type RunFilter } from './run-filter';

/** Whose runs; `syncId` null: those of all syncs. */
interface Counted {
  readonly workspaceId: string;
  readonly syncId: string | null;
  readonly filter: RunFilter;
}

/** Exact, and as quick for a million runs as for ten; null when the filter has more than words, so that runs must be counted. */
export async function toldTotal(
  knex: Knex,
  { workspaceId, syncId, filter }: Counted,
): Promise<number | null> {
  if (!isByWords(filter)) return null;
  const { hasErrors, ...words } = filter;
  const ofWorkspace = (table: string): Knex.QueryBuilder => {
    const counted = knex(table).where({ workspace_id: workspaceId }).select('runs');
    if (syncId !== null) void counted.where({ sync_id: syncId });
    if (hasErrors !== undefined) void counted.where({ has_errors: hasErrors });
    narrowByWords(counted, words);
    return counted;
  };
  const folded = ofWorkspace('run_totals');
  // Beside those of each sync there are those of all.
  if (syncId === null && !filter.syncIds) void folded.whereNull('sync_id');
  // One statement: what is folded meanwhile is seen either here or there.
  const [row] = await knex
    .from(folded.unionAll(ofWorkspace('run_total_changes')).as('counted'))
    .select<{ total: number }[]>(knex.raw('coalesce(sum(runs), 0)::bigint AS total'));
  return row?.total ?? 0;
}
