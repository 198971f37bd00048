// Owns the story of one row of a sync: what each run sent of it, what came back, and what the snapshot knows of it now.
import type { Knex } from 'knex';
import { rowErrorColumns, type RowErrorView } from '../row-errors/row-errors-view';
import { rowsInJournal } from './journal-rows';
import { type RunRow, rowsInLedger } from './ledger-rows';
import { type SnapshotState, snapshotStateOf } from './snapshot-row';
import { runsToLookAt, type StoryRun } from './story-runs';

/** One run that had the row. */
export interface RowStoryEntry extends Omit<RunRow, 'runId' | 'rowNo'> {
  readonly run: StoryRun;
  /** Null unless it was refused, and where row errors have been removed for their age. */
  readonly error: RowErrorView | null;
}

export interface RowStory {
  readonly snapshot: SnapshotState;
  /** Newest first. */
  readonly entries: readonly RowStoryEntry[];
  readonly runsLookedAt: number;
  /** Where an earlier part goes on; null when every run that is kept was looked at. */
  readonly next: number | null;
}

export interface RowStoryQuestion {
  readonly workspaceId: string;
  readonly syncId: string;
  readonly rowId: string;
  /** Looks at runs before this place in the sync's queue; null: from the newest on. */
  readonly before: number | null;
  readonly mostEntries: number;
}

/**
 * The latest part of the story, or an earlier one. All of it is read as of one moment. A run in which the row was unchanged
 * has nothing of it, nor has one whose model did not.
 */
export async function rowStory(knex: Knex, question: RowStoryQuestion): Promise<RowStory> {
  return knex.transaction(
    async (trx) => {
      const { rowId, before, mostEntries } = question;
      const snapshot = await snapshotStateOf(trx, question.syncId, rowId);
      const { runs, hasMore } = await runsToLookAt(trx, question, rowId, before);
      const found = await rowsOf(trx, runs);
      const told = found.slice(0, mostEntries);
      const errors = await errorsOf(trx, told);
      // Where there are more rows than are told, the last one is where the next part begins.
      const last = found.length > mostEntries ? told.at(-1)?.run : runs.at(-1);
      return {
        snapshot,
        entries: told.map(({ run, row }) => entryOf(run, row, errors)),
        runsLookedAt: last ? runs.indexOf(last) + 1 : 0,
        next: last && (hasMore || last !== runs.at(-1)) ? last.queueNo : null,
      };
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  );
}

interface RunWithRow {
  readonly run: StoryRun;
  readonly row: RunRow;
}

async function rowsOf(trx: Knex.Transaction, runs: readonly StoryRun[]): Promise<RunWithRow[]> {
  const sent = await rowsInLedger(trx, runs);
  const unsent = await rowsInJournal(
    trx,
    runs.filter(({ id }) => !sent.has(id)),
  );
  return runs.flatMap((run) => {
    const row = sent.get(run.id) ?? unsent.get(run.id);
    return row ? [{ run, row }] : [];
  });
}

/** The row errors of refused rows, by run. */
async function errorsOf(
  trx: Knex.Transaction,
  rows: readonly RunWithRow[],
): Promise<ReadonlyMap<string, RowErrorView>> {
  const refused = rows.flatMap(({ run, row: { result, rowNo } }) =>
    result === 'failed' && rowNo !== null ? [{ runId: run.id, rowNo }] : [],
  );
  if (refused.length === 0) return new Map();
  const { rows: errors } = await trx.raw<{ rows: (RowErrorView & { runId: string })[] }>(
    `SELECT wanted.run_id AS "runId", e.* FROM unnest(?::text[], ?::bigint[]) AS wanted (run_id, row_no)
     CROSS JOIN LATERAL (
       SELECT ${rowErrorColumns(false)} FROM row_errors
       WHERE run_id = wanted.run_id AND row_no = wanted.row_no LIMIT 1) e`,
    [refused.map(({ runId }) => runId), refused.map(({ rowNo }) => rowNo)],
  );
  return new Map(errors.map((error) => [error.runId, error]));
}

function entryOf(
  run: StoryRun,
  { runId: _runId, rowNo: _rowNo, ...row }: RunRow,
  errors: ReadonlyMap<string, RowErrorView>,
): RowStoryEntry {
  return { ...row, run, error: errors.get(run.id) ?? null };
}
