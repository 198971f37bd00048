// Owns row errors as stored: one per refused row, at the row's position in the run.
import type { Knex } from 'knex';
import type { RowError } from '../../domain/row-error';
import type { Fence } from '../runs/lease';

/** A row error with its place: `rowNo` is the journal line, or past all lines for deletes. */
export interface StoredRowError extends RowError {
  readonly rowNo: number;
  readonly operation: 'create' | 'update' | 'delete' | 'none';
}

// 1,000 rows x 10 values stay far below Postgres' 65,535 parameters.
const page = 1_000;

/** Inserts row errors; a repeated attempt finds them there and leaves them. */
export async function insertRowErrors(
  trx: Knex.Transaction,
  fence: Fence,
  errors: readonly StoredRowError[],
): Promise<void> {
  for (let from = 0; from < errors.length; from += page) {
    await trx('row_errors')
      .insert(errors.slice(from, from + page).map((error) => toRow(fence, error)))
      .onConflict(['run_id', 'row_no'])
      .ignore();
  }
}

function toRow(fence: Fence, error: StoredRowError): Record<string, unknown> {
  return {
    run_id: fence.runId,
    row_no: error.rowNo,
    workspace_id: fence.workspaceId,
    row_id: withoutNul(error.rowId),
    field: withoutNul(error.field),
    message: withoutNul(error.message),
    raw_value: withoutNul(error.rawValue),
    code: error.code,
    origin: error.origin,
    operation: error.operation,
  };
}

// A destination's text may hold NUL, which Postgres' text cannot.
function withoutNul<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll('\0', '\uFFFD')) as Text;
}
