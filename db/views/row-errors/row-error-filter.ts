// Owns what row errors of a run can be asked for by, and how that is asked of each row.
import { foldCase } from '../../../domain/message-pattern';
import type { RowErrorOperation, RowErrorOrigin } from '../../../domain/row-error';
import { groupIdIn } from '../../ledger/row-error-groups';
import { shownRowId } from './shown-row-id';

/** Every filter given must hold. */
export interface RowErrorFilter {
  readonly field?: string | undefined;
  readonly code?: string | undefined;
  readonly origin?: RowErrorOrigin | undefined;
  readonly operation?: RowErrorOperation | undefined;
  readonly rowId?: string | undefined;
  /** Looked for in the message, whatever the case of the letters a to z. */
  readonly text?: string | undefined;
  /** A group's hash. */
  readonly group?: number | undefined;
}

/** What a row error must be, as SQL over row_errors; its parameters are named. */
export interface Conditions {
  readonly sql: string;
  readonly bindings: Readonly<Record<string, string | number>>;
}

/** Every filter that is given; the run itself is not among them. */
export function conditionsOf(runId: string, filter: RowErrorFilter): Conditions {
  const { group, rowId, text, ...words } = filter;
  const given = Object.entries(words).filter(([, value]) => value !== undefined) as [string, string][];
  const sql = ['true', ...given.map(([column]) => `${column} = :${column}`)];
  const bindings: Record<string, string | number> = Object.fromEntries(given);
  if (group !== undefined) {
    sql.push('group_id = :groupId');
    bindings['groupId'] = groupIdIn(runId, group);
  }
  if (rowId !== undefined) {
    // Found by its beginning, which the index has; a long one also as it is shown.
    sql.push('left(row_id, 100) COLLATE "C" = left(:rowId, 100)', `:rowId IN (row_id, ${shownRowId})`);
    bindings['rowId'] = rowId;
  }
  if (text !== undefined) {
    // In this collation the rules are foldCase's in every database, and comparing costs a third.
    sql.push('position(:text IN lower(message COLLATE "C")) > 0');
    bindings['text'] = foldCase(text);
  }
  return { sql: sql.join(' AND '), bindings };
}
