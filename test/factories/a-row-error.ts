// Makes row errors of a run for tests.
import type { Knex } from 'knex';
import { storeGroups } from '../../db/ledger/row-error-groups';
import { insertRowErrors, type StoredRowError } from '../../db/ledger/row-error-store';
import type { MadeRun } from './a-run';

export type RowErrorOverrides = Partial<StoredRowError>;

const ofThePage: Omit<StoredRowError, 'rowNo'> = {
  rowId: 'usr_123',
  field: 'Email',
  message: 'Invalid email format',
  rawValue: 'not-an-email',
  code: 'INVALID_EMAIL_ADDRESS',
  origin: 'destination',
  operation: 'update',
};

/** The page's first row error unless told otherwise, at the next free place of the run. */
export async function aRowError(knex: Knex, run: MadeRun, overrides: RowErrorOverrides = {}): Promise<void> {
  const place: { next: number } | undefined = await knex('row_errors')
    .where({ run_id: run.id })
    .first(knex.raw('coalesce(max(row_no), 0) + 1 AS next'));
  await someRowErrors(knex, run, [{ rowNo: place?.next ?? 1, ...overrides }]);
}

/** Row errors as the writer stores them, at places 0, 1 … unless told otherwise. */
export async function someRowErrors(
  knex: Knex,
  run: MadeRun,
  errors: readonly RowErrorOverrides[],
): Promise<void> {
  const fence = { workspaceId: run.workspaceId, syncId: run.syncId, runId: run.id, epoch: 0 };
  await knex.transaction((trx) =>
    insertRowErrors(
      trx,
      fence,
      errors.map((error, rowNo) => ({ ...ofThePage, rowNo, ...error })),
    ),
  );
}

/** What closing a run adds: its groups. */
export async function closeGroups(knex: Knex, run: MadeRun): Promise<void> {
  await knex.transaction((trx) => storeGroups(trx, run.id));
}
