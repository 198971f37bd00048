// Owns finding one row in the batches of runs: what was sent of it, what was answered, and why it was refused.
import type { Knex } from 'knex';
import { isSent, rowOperation, rowOutcome } from '../../../domain/row-outcome';
import { deletedRowNo, writtenRowNo } from '../../../domain/row-no';
import type { StoryRun } from './story-runs';

export type RowOperationWord = 'create' | 'update' | 'delete';

/** What a run has of the row. */
export interface RunRow {
  readonly runId: string;
  /** Null where the run ended before it was known, or the row was refused before. */
  readonly operation: RowOperationWord | null;
  readonly result: RowResult;
  /** The destination may hold something else than the result says. */
  readonly isUnsure: boolean;
  /** Which row of the run it is, for its row error; null for a row that cannot have one. */
  readonly rowNo: number | null;
  /** How often it was handed to the destination; null when it never was. */
  readonly attempts: number | null;
  readonly sentAt: Date | null;
  readonly answeredAt: Date | null;
}

/**
 * An answer; `unknown`: sent, no answer; `not_attempted`: the run ended before it was sent. Of a run that goes on: `planned`
 * and `sent`; of a dry run `planned`.
 */
export const rowResults = [
  'created',
  'updated',
  'deleted',
  'skipped',
  'failed',
  'unknown',
  'not_attempted',
  'planned',
  'sent',
] as const;
export type RowResult = (typeof rowResults)[number];

interface FoundRow {
  run_id: string;
  batch_no: number;
  kind: 'write' | 'delete';
  state: 'planned' | 'sent' | 'acked';
  attempts: number;
  sent_at: Date | null;
  acked_at: Date | null;
  line_from: number | null;
  operations: Buffer;
  place: number;
  operation: number | null;
  outcome: number | null;
}

/** The row in the batches of these runs, by run; a key is in one batch of a run at most. */
export async function rowsInLedger(
  knex: Knex,
  runs: readonly StoryRun[],
): Promise<ReadonlyMap<string, RunRow>> {
  // An entry is 24 bytes and begins with the key's 16, which no other place has by chance. OFFSET holds the planner to one
  // search for each batch, and to batches by run.
  const { rows } = await knex.raw<{ rows: FoundRow[] }>(
    `SELECT b.run_id, b.batch_no, b.kind, b.state, b.attempts, b.sent_at, b.acked_at, b.line_from, b.operations, at.place,
       get_byte(b.sent_operations, at.place) AS operation,
       CASE WHEN b.state = 'acked' THEN get_byte(b.outcomes, at.place) END AS outcome
     FROM unnest(:runIds::text[], :keys::bytea[]) AS wanted (run_id, key)
     CROSS JOIN LATERAL (
       SELECT *, position(wanted.key IN entries) - 1 AS byte FROM batches
       WHERE run_id = wanted.run_id AND entries IS NOT NULL OFFSET 0) b
     CROSS JOIN LATERAL (SELECT b.byte / 24 AS place) at
     WHERE b.byte >= 0 AND b.byte % 24 = 0`,
    wantedKeys(runs),
  );
  const runOf = new Map(runs.map((run) => [run.id, run]));
  return new Map(
    rows.flatMap((row) => {
      const run = runOf.get(row.run_id);
      return run ? [[run.id, toRunRow(row, run)] as const] : [];
    }),
  );
}

/** Each key of each run, as two lists side by side. */
export function wantedKeys(runs: readonly StoryRun[]): { runIds: string[]; keys: Buffer[] } {
  const pairs = runs.flatMap((run) => run.keys.map((key) => ({ runId: run.id, key })));
  return { runIds: pairs.map(({ runId }) => runId), keys: pairs.map(({ key }) => key) };
}

function toRunRow(row: FoundRow, run: StoryRun): RunRow {
  // One that was taken back after a call without any effect was as good as never sent.
  const wasSent = row.state !== 'planned';
  // A batch of deletes has its rows from the start, and its operations once it is sent.
  const operation = row.operation ?? (row.kind === 'delete' ? rowOperation.delete : null);
  return {
    runId: row.run_id,
    operation: operationWord(operation),
    result: row.outcome === null ? openResult(row.state, run) : answeredResult(row.outcome),
    isUnsure: row.outcome === null ? row.state === 'sent' : row.outcome === rowOutcome.failedUnsure,
    rowNo:
      row.line_from === null
        ? deletedRowNo(row.batch_no, row.place)
        : writtenRowNo(row.line_from, row.operations, row.place),
    attempts: wasSent ? row.attempts : null,
    sentAt: wasSent ? row.sent_at : null,
    answeredAt: row.acked_at,
  };
}

export function operationWord(operation: number | null): RowOperationWord | null {
  if (operation === null || !isSent(operation)) return null;
  if (operation === rowOperation.create) return 'create';
  return operation === rowOperation.delete ? 'delete' : 'update';
}

/** What is to be said of a row whose batch was not answered. A dry run plans, and is not meant to do more. */
export function openResult(state: 'planned' | 'sent' | 'acked', run: StoryRun): RowResult {
  const goesOn = run.completedAt === null;
  if (state === 'sent') return goesOn ? 'sent' : 'unknown';
  return goesOn || run.kind === 'dry_run' ? 'planned' : 'not_attempted';
}

const answers: Readonly<Record<number, RowResult>> = {
  [rowOutcome.unknown]: 'unknown',
  [rowOutcome.created]: 'created',
  [rowOutcome.updated]: 'updated',
  [rowOutcome.deleted]: 'deleted',
  [rowOutcome.skipped]: 'skipped',
  [rowOutcome.failed]: 'failed',
  [rowOutcome.failedUnsure]: 'failed',
};

function answeredResult(outcome: number): RowResult {
  const result = answers[outcome];
  if (!result) throw new Error(`row outcome ${outcome} has no meaning`);
  return result;
}
