// Makes row errors of a run for tests.
import type { Knex } from 'knex';
import type { MadeRun } from './a-run';

export interface RowErrorOverrides {
  readonly rowNo?: number;
  readonly rowId?: string | null;
  readonly field?: string | null;
  readonly message?: string;
  readonly rawValue?: string | null;
  readonly code?: string;
}

/** The page's first row error unless told otherwise, at the next free place of the run. */
export async function aRowError(knex: Knex, run: MadeRun, overrides: RowErrorOverrides = {}): Promise<void> {
  const place: { next: number } | undefined = await knex('row_errors')
    .where({ run_id: run.id })
    .first(knex.raw('coalesce(max(row_no), 0) + 1 AS next'));
  await knex('row_errors').insert({
    run_id: run.id,
    workspace_id: run.workspaceId,
    row_no: overrides.rowNo ?? place?.next ?? 1,
    row_id: overrides.rowId === undefined ? 'usr_123' : overrides.rowId,
    field: overrides.field === undefined ? 'Email' : overrides.field,
    message: overrides.message ?? 'Invalid email format',
    raw_value: overrides.rawValue === undefined ? 'not-an-email' : overrides.rawValue,
    code: overrides.code ?? 'INVALID_EMAIL_ADDRESS',
    origin: 'destination',
    operation: 'update',
  });
}
