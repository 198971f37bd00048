// Owns what the groups of a run tell of a filter: how many row errors match, and where the others are to be looked for.
import type { Knex } from 'knex';
import { type Holding, holds } from '../../../domain/message-pattern';
import type { RowErrorOperation } from '../../../domain/row-error';
import { blocksWith, type Stretches } from '../../ledger/row-error-blocks';
import type { RowErrorGroup } from '../../ledger/row-error-groups';
import { type ErrorRun, reliableGroups } from './error-run';
import type { RowErrorFilter } from './row-error-filter';

/** Where the row errors of a run that match a filter are. */
export interface GroupMatches {
  /** How many match in `wholeIds` and `countedIds`. */
  readonly known: number;
  /** Groups of which every row matches. */
  readonly wholeIds: readonly number[];
  /** Groups of which it is known how many rows match, and not which. */
  readonly countedIds: readonly number[];
  /** Groups of which any row may match, and the rows of all of them. */
  readonly openIds: readonly number[];
  readonly openRows: number;
  /** Stretches of further groups of which any row may match; no other row of theirs does. */
  readonly stretches: Stretches;
}

/** Null where the groups cannot tell: then the row errors are asked, one by one. */
export async function matchGroups(
  knex: Knex,
  run: ErrorRun,
  filter: RowErrorFilter,
): Promise<GroupMatches | null> {
  // The index by row id is quicker than any group.
  const found = filter.rowId === undefined ? await reliableGroups(knex, run) : null;
  // Of row errors beyond the groups nothing is known.
  if (!found || found.rest > 0) return null;
  let known = 0;
  const [wholeIds, countedIds]: [number[], number[]] = [[], []];
  const open: RowErrorGroup[] = [];
  for (const group of found.groups) {
    const holding = holdingOf(group, filter);
    const rows = operationRows(group, filter.operation);
    if (holding === 'never' || rows === 0) continue;
    if (holding === 'perhaps') {
      open.push(group);
      continue;
    }
    known += rows;
    (rows === group.rows ? wholeIds : countedIds).push(group.id);
  }
  const cut = open.filter(({ blocks }) => blocks === 'there');
  const stretches = await stretchesOf(knex, run.id, cut, filter);
  const looked = open.filter(({ blocks }) => stretches === null || blocks !== 'there');
  return {
    known,
    wholeIds,
    countedIds,
    openIds: looked.map(({ id }) => id),
    openRows: looked.reduce((sum, { rows }) => sum + rows, 0),
    stretches: stretches ?? { groupIds: [], firsts: [], lasts: [] },
  };
}

async function stretchesOf(
  knex: Knex,
  runId: string,
  groups: readonly RowErrorGroup[],
  { text }: RowErrorFilter,
): Promise<Stretches | null> {
  if (groups.length === 0 || text === undefined) return null;
  const rows = groups.reduce((sum, { rows: some }) => sum + some, 0);
  return blocksWith(
    knex,
    runId,
    groups.map(({ id }) => id),
    rows,
    text,
  );
}

function holdingOf(words: RowErrorGroup, { field, code, origin, text, group }: RowErrorFilter): Holding {
  if (field !== undefined && words.field !== field) return 'never';
  if (code !== undefined && words.code !== code) return 'never';
  if (origin !== undefined && words.origin !== origin) return 'never';
  if (group !== undefined && words.hash !== group) return 'never';
  return text === undefined ? 'always' : holds(words.message, text);
}

function operationRows(
  { rows, creates, updates, deletes }: RowErrorGroup,
  operation: RowErrorOperation | undefined,
): number {
  if (operation === undefined) return rows;
  return { create: creates, update: updates, delete: deletes, none: rows - creates - updates - deletes }[
    operation
  ];
}
