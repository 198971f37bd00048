// Owns row errors as stored: one per refused row, at the row's position in the run.
import type { Knex } from 'knex';
import type { RowError, RowErrorOperation } from '../../domain/row-error';
import type { Fence } from '../runs/lease';
import { GroupTeller } from './row-error-groups';

/** A row error with its place: `rowNo` is the journal line, or past all lines for deletes. */
export interface StoredRowError extends RowError {
  readonly rowNo: number;
  readonly operation: RowErrorOperation;
  /** The row is to be tried once more, as another one was in its way. Told only until the answer is acknowledged. */
  readonly isTaken?: boolean;
}

// A message of some hundred kB. A list for each column, as a value of its own for each of ten thousand takes the driver and
// the server three times as long.
const page = 1_000;

/** Inserts row errors; a repeated attempt finds them there and leaves them. */
export async function insertRowErrors(
  trx: Knex.Transaction,
  fence: Fence,
  errors: readonly StoredRowError[],
): Promise<void> {
  const teller = new GroupTeller(fence.runId);
  for (let from = 0; from < errors.length; from += page) {
    await insertPage(trx, fence, errors.slice(from, from + page).map(storable), teller);
  }
}

async function insertPage(
  trx: Knex.Transaction,
  fence: Fence,
  errors: readonly StoredRowError[],
  teller: GroupTeller,
): Promise<void> {
  const of = <Value>(value: (error: StoredRowError) => Value): Value[] => errors.map(value);
  await trx.raw(
    `INSERT INTO row_errors (run_id, workspace_id, row_no, row_id, field, message, raw_value, code, origin, operation, group_id)
     SELECT :runId, :workspaceId, e.* FROM unnest(:rowNos::bigint[], :rowIds::text[], :fields::text[], :messages::text[],
       :rawValues::text[], :codes::text[], :origins::text[], :operations::text[], :groupIds::bigint[]) e
     ON CONFLICT (run_id, row_no) DO NOTHING`,
    {
      runId: fence.runId,
      workspaceId: fence.workspaceId,
      rowNos: of(({ rowNo }) => rowNo),
      rowIds: of(({ rowId }) => rowId),
      fields: of(({ field }) => field),
      messages: of(({ message }) => message),
      rawValues: of(({ rawValue }) => rawValue),
      codes: of(({ code }) => code),
      origins: of(({ origin }) => origin),
      operations: of(({ operation }) => operation),
      groupIds: of((error) => teller.groupIdOf(error)),
    },
  );
}

function storable(error: StoredRowError): StoredRowError {
  return {
    ...error,
    rowId: withoutNul(error.rowId),
    field: withoutNul(error.field),
    message: withoutNul(error.message),
    rawValue: withoutNul(error.rawValue),
  };
}

// A destination's text may hold NUL, which Postgres' text cannot.
function withoutNul<Text extends string | null>(text: Text): Text {
  return (text === null ? null : text.replaceAll('\0', '\uFFFD')) as Text;
}
