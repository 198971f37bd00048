// Owns what row errors of a run can be asked for by, and what of it the run's groups can tell without looking at a row.
import { foldCase, holds } from '../../../domain/message-pattern';
import type { RowErrorOperation, RowErrorOrigin } from '../../../domain/row-error';
import { groupIdIn, type RowErrorGroup, type RunGroups } from '../../ledger/row-error-groups';

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

/** What a row error of the run must be, as SQL over row_errors; its parameters are named. */
export interface Conditions {
  readonly sql: string;
  readonly bindings: Readonly<Record<string, string | number>>;
}

/** The run and every filter that is given. */
export function conditionsOf(runId: string, filter: RowErrorFilter): Conditions {
  const { group, rowId, text, ...words } = filter;
  const given = Object.entries(words).filter(([, value]) => value !== undefined) as [string, string][];
  const sql = ['run_id = :runId', ...given.map(([column]) => `${column} = :${column}`)];
  const bindings: Record<string, string | number> = { runId, ...Object.fromEntries(given) };
  if (group !== undefined) {
    sql.push('group_id = :groupId');
    bindings['groupId'] = groupIdIn(runId, group);
  }
  if (rowId !== undefined) {
    // Found by its beginning, which the index has.
    sql.push('left(row_id, 100) COLLATE "C" = left(:rowId, 100)', 'row_id = :rowId');
    bindings['rowId'] = rowId;
  }
  if (text !== undefined) {
    // In this collation the rules are foldCase's in every database, and comparing costs a third.
    sql.push('position(:text IN lower(message COLLATE "C")) > 0');
    bindings['text'] = foldCase(text);
  }
  return { sql: sql.join(' AND '), bindings };
}

/** What a filter means for the groups of a run. */
export interface GroupMatches {
  /** Row errors of groups that match as a whole, or by their counts. */
  readonly known: number;
  /** Groups whose rows match or do not: each has to be looked at. */
  readonly openIds: readonly number[];
  /** Groups with any match. In those of `wholeIds` every row matches, in the others it has to be looked at. */
  readonly wholeIds: readonly number[];
  readonly partlyIds: readonly number[];
}

/** Null where the groups cannot tell: then the row errors are asked, one by one. */
export function matchGroups({ groups, rest }: RunGroups, filter: RowErrorFilter): GroupMatches | null {
  // The index by row id is quicker than any group; and of row errors beyond the groups nothing is known.
  if (filter.rowId !== undefined || rest > 0) return null;
  let known = 0;
  const [openIds, wholeIds, partlyIds]: [number[], number[], number[]] = [[], [], []];
  for (const group of groups) {
    const holding = holdingOf(group, filter);
    const rows = operationRows(group, filter.operation);
    if (holding === 'never' || rows === 0) continue;
    if (holding === 'always') known += rows;
    else openIds.push(group.id);
    if (holding === 'always' && rows === group.rows) wholeIds.push(group.id);
    else partlyIds.push(group.id);
  }
  return { known, openIds, wholeIds, partlyIds };
}

function holdingOf(words: RowErrorGroup, { field, code, origin, text, group }: RowErrorFilter) {
  if (field !== undefined && words.field !== field) return 'never';
  if (code !== undefined && words.code !== code) return 'never';
  if (origin !== undefined && words.origin !== origin) return 'never';
  if (group !== undefined && words.hash !== group) return 'never';
  return text === undefined ? 'always' : holds(words.message, text);
}

function operationRows(group: RowErrorGroup, operation: RowErrorFilter['operation']): number {
  const { rows, creates, updates, deletes } = group;
  switch (operation) {
    case undefined:
      return rows;
    case 'create':
      return creates;
    case 'update':
      return updates;
    case 'delete':
      return deletes;
    case 'none':
      return rows - creates - updates - deletes;
  }
}
