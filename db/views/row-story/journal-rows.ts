// Owns finding one row in what is left of the journals of runs: lines that were refused before the destination or not sent.
import type { Knex } from 'knex';
import { isSent, rowOperation } from '../../../domain/row-outcome';
import { openResult, operationWord, type RunRow, wantedKeys } from './ledger-rows';
import type { StoryRun } from './story-runs';

interface FoundLine {
  run_id: string;
  line: number;
  /** Refused by the plan: it has a row error that belongs to no operation. */
  is_refused: boolean;
  /** Null where no batch covers the line. */
  operation: number | null;
}

/** The row among the journal lines of these runs, by run. Of several lines with its key one that was to be sent tells most. */
export async function rowsInJournal(
  knex: Knex,
  runs: readonly StoryRun[],
): Promise<ReadonlyMap<string, RunRow>> {
  const withLines = runs.filter(({ hasLines }) => hasLines);
  if (withLines.length === 0) return new Map();
  // 36 bytes a line, the key's 16 first. Of each stretch the first line with the key is enough, and a hundred of a run.
  const { rows } = await knex.raw<{ rows: FoundLine[] }>(
    `SELECT wanted.run_id, j.line,
       (SELECT true FROM row_errors WHERE run_id = wanted.run_id AND row_no = j.line AND operation = 'none' LIMIT 1)
         IS NOT NULL AS is_refused,
       (SELECT get_byte(operations, (j.line - line_from)::integer) FROM batches
        WHERE run_id = wanted.run_id AND line_from <= j.line AND line_to > j.line ORDER BY batch_no LIMIT 1) AS operation
     FROM unnest(:runIds::text[], :keys::bytea[]) AS wanted (run_id, key)
     CROSS JOIN LATERAL (
       SELECT first_line + found.byte / 36 AS line
       FROM journals p JOIN journal_batches b ON b.run_id = p.run_id AND b.attempt = p.attempt
       CROSS JOIN LATERAL (SELECT position(wanted.key IN b.row_index) - 1 AS byte OFFSET 0) found
       WHERE p.run_id = wanted.run_id AND p.published_at IS NOT NULL AND found.byte >= 0 AND found.byte % 36 = 0
       ORDER BY first_line LIMIT 100) j`,
    wantedKeys(withLines),
  );
  const found = new Map<string, FoundLine>();
  for (const line of rows) {
    const before = found.get(line.run_id);
    if (!before || rank(line) < rank(before)) found.set(line.run_id, line);
  }
  return new Map(
    withLines.flatMap((run) => {
      const line = found.get(run.id);
      return line ? [[run.id, toRunRow(run, line)] as const] : [];
    }),
  );
}

function rank({ operation, is_refused }: FoundLine): number {
  if (operation !== null && isSent(operation)) return 0;
  return is_refused ? 1 : 2;
}

function toRunRow(run: StoryRun, { line, operation, is_refused }: FoundLine): RunRow {
  const isSkipped = operation === rowOperation.skipCopy || operation === rowOperation.skipOutOfScope;
  return {
    runId: run.id,
    operation: operationWord(operation),
    result: is_refused ? 'failed' : isSkipped ? 'skipped' : openResult('planned', run),
    isUnsure: false,
    rowNo: is_refused ? line : null,
    attempts: null,
    sentAt: null,
    answeredAt: null,
  };
}
