// Owns removing what is marked to go: in chunks, each a transaction, each whole. Which runs go is decided beside it.
import type { Knex } from 'knex';
import type { Removal } from './begin-removals';

/** What one chunk removed. */
export interface RemovedChunk {
  /** Runs, or the row errors of runs, that are gone for good now. */
  readonly ended: Readonly<Record<Removal, number>>;
  /** Rows of all tables. */
  readonly rows: number;
}

/** Most rows of one table in a chunk: some ten milliseconds, so that whoever waits for one waits no longer. */
export const chunkRows = 5_000;
// A row with megabytes beside it, in hundreds of pieces.
const wideRows = 200;
// Runs of a chunk: a small one has ten rows or so in all tables.
const runs = 200;

// What refers to others goes before them. The wide ones hold bytes for every row of a run.
const parts = [
  { table: 'row_errors', most: chunkRows, goesWith: 'row_errors' },
  { table: 'row_error_blocks', most: chunkRows, goesWith: 'row_errors' },
  { table: 'row_error_groups', most: chunkRows, goesWith: 'row_errors' },
  { table: 'batches', most: wideRows, goesWith: 'run' },
  { table: 'change_plans', most: chunkRows, goesWith: 'run' },
  { table: 'journal_batches', most: wideRows, goesWith: 'run' },
  { table: 'journals', most: chunkRows, goesWith: 'run' },
  { table: 'run_phases', most: chunkRows, goesWith: 'run' },
  { table: 'run_pulses', most: chunkRows, goesWith: 'run' },
  { table: 'run_events', most: chunkRows, goesWith: 'run' },
  // Short: what is due is judged within a second, unless nobody judges.
  { table: 'judgements_due', most: chunkRows, goesWith: 'run' },
] as const;

/**
 * Removes one chunk of what is marked; null when nothing is, or others are at all of it. Any number of workers may: each
 * takes runs that no other one has in hand. Stopped in the middle, the chunk is undone and somebody else's next.
 */
export async function continueRemovals(knex: Knex, most = chunkRows): Promise<RemovedChunk | null> {
  return knex.transaction(async (trx) => {
    const { rows: claimed } = await trx.raw<{ rows: { run_id: string; what: Removal }[] }>(
      `SELECT run_id, what FROM run_removals WHERE what <> 'raw_values' ORDER BY began_at, run_id LIMIT ${runs} FOR UPDATE SKIP LOCKED`,
    );
    if (claimed.length === 0) return null;
    const of = (what: Removal): string[] =>
      claimed.filter((removal) => removal.what === what).map((removal) => removal.run_id);
    const all = claimed.map((removal) => removal.run_id);
    let removed = 0;
    for (const part of parts) {
      const limit = Math.min(part.most, most);
      const count = await removeRows(
        trx,
        part.table,
        part.goesWith === 'row_errors' ? all : of('run'),
        limit,
      );
      removed += count;
      // There may be more of them, and what they refer to has to wait.
      if (count === limit) return { ended: { run: 0, row_errors: 0 }, rows: removed };
    }
    await trx.raw(`DELETE FROM run_removals WHERE run_id = ANY (?)`, [all]);
    await trx.raw(`DELETE FROM runs WHERE id = ANY (?)`, [of('run')]);
    const ended = { run: of('run').length, row_errors: of('row_errors').length };
    return { ended, rows: removed + ended.run };
  });
}

async function removeRows(
  trx: Knex.Transaction,
  table: (typeof parts)[number]['table'],
  runIds: readonly string[],
  most: number,
): Promise<number> {
  if (runIds.length === 0) return 0;
  // Run by run, each by its index: asked for any of them at once, the planner takes the limit for a reason to read the
  // table from its beginning.
  const { rows } = await trx.raw<{ rows: { removed: number }[] }>(
    `WITH gone AS (
       DELETE FROM ${table} WHERE ctid = ANY (ARRAY(
         SELECT one.ctid FROM unnest(?::text[]) AS run (id)
         CROSS JOIN LATERAL (SELECT ctid FROM ${table} WHERE run_id = run.id LIMIT ${most}) one LIMIT ${most}))
       RETURNING 1)
     SELECT count(*) AS removed FROM gone`,
    [[...runIds]],
  );
  return rows[0]?.removed ?? 0;
}
