// Owns reading the row errors of one run, filtered, in the order the rows were read.
import type { Knex } from 'knex';
import type { RowErrorOrigin } from '../../domain/row-error';
import { offsetOf, type Page, type PageRequest } from '../page';

/** Every filter given must hold; `text` is looked for in the message, whatever its case. */
export interface RowErrorFilter {
  readonly field?: string | undefined;
  readonly code?: string | undefined;
  readonly rowId?: string | undefined;
  readonly text?: string | undefined;
}

export interface RowErrorView {
  readonly rowId: string | null;
  readonly field: string | null;
  readonly message: string;
  readonly rawValue: string | null;
  readonly code: string;
  readonly origin: RowErrorOrigin;
  readonly operation: string;
}

interface RowErrorRow {
  row_id: string | null;
  field: string | null;
  message: string;
  raw_value: string | null;
  code: string;
  origin: RowErrorOrigin;
  operation: string;
}

/** Row errors of a run; none when the workspace has no such run. */
export async function rowErrors(
  knex: Knex,
  workspaceId: string,
  runId: string,
  filter: RowErrorFilter,
  page: PageRequest,
): Promise<Page<RowErrorView>> {
  // The workspace is asked of the run, once: asked of every row error, their total would have to read them all.
  const matching = knex('row_errors')
    .where({ run_id: runId })
    .whereExists(knex('runs').where({ workspace_id: workspaceId, id: runId }).select(knex.raw('1')));
  if (filter.field !== undefined) void matching.where({ field: filter.field });
  if (filter.code !== undefined) void matching.where({ code: filter.code });
  if (filter.rowId !== undefined) void matching.where({ row_id: filter.rowId });
  if (filter.text !== undefined) void matching.whereILike('message', `%${escapeLike(filter.text)}%`);
  const [rows, counted] = await Promise.all([
    matching
      .clone()
      .select<RowErrorRow[]>('row_id', 'field', 'message', 'raw_value', 'code', 'origin', 'operation')
      .orderBy('row_no')
      .limit(page.perPage)
      .offset(offsetOf(page)),
    matching.clone().count<{ total: number }[]>({ total: '*' }),
  ]);
  return { rows: rows.map(mapRow), total: counted[0]?.total ?? 0 };
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`);
}

function mapRow(row: RowErrorRow): RowErrorView {
  return {
    rowId: row.row_id,
    field: row.field,
    message: row.message,
    rawValue: row.raw_value,
    code: row.code,
    origin: row.origin,
    operation: row.operation,
  };
}
